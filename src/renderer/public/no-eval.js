// zod tries whether it may compile code, which the content security policy forbids and reports. It is told before it is
// loaded; a module of the bundle would come too late.
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } })
