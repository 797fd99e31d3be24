import { expect, test } from 'vitest'
import type { ShipDefinition } from '../api/definition.ts'
import { shellEnvironment } from './shell-environment.ts'

const shell = { PATH: '/bin', LC_TIME: 'C', XDG_RUNTIME_DIR: '/run', SECRET: 'x', PATHOLOGICAL: 'y', GONE: undefined }

test('a ship takes what it needs of the shell, or all of it', () => {
  expect(shellEnvironment([{ inheritEnv: false } as ShipDefinition], shell)).toEqual({
    PATH: '/bin',
    LC_TIME: 'C',
    XDG_RUNTIME_DIR: '/run',
  })
  expect(shellEnvironment([{ inheritEnv: true }, { inheritEnv: false }] as ShipDefinition[], shell)).toMatchObject({
    SECRET: 'x',
    PATHOLOGICAL: 'y',
  })
})
