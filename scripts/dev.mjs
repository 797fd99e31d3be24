// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { watch } from 'node:fs'
import { createServer as createNetServer } from 'node:net'
import { join } from 'node:path'
import { build as bundle, createServer } from 'vite'
import { build } from './build.mjs'
import { screenFlags } from './display.mjs'
import { electronPath } from './electron.mjs'
import { fail, root, run } from './run.mjs'
import { sandboxFlags } from './start-app.mjs'

// `npm run dev`: the app with pages that reload themselves, started again whenever its main part or its preload changes.
// The helper is restarted when it changes; its ships go on. All of it uses a base directory of its own, `.dev/`.

/** A build writes many files; the app is restarted once all are there, this long after the last one, in ms. */
const settleMs = 300

const flags = (await screenFlags()) ?? fail('there is no display here; the app needs one')
const runtime = await electronPath().catch((error) => fail(error.message))
if (!build()) console.error('The build failed, see above; it is tried again when a file changes.')

const port = await freePort()
const pages = await createServer({
  configFile: join(root, 'src/renderer/vite.config.ts'),
  // The page comes from app://keelan/, so its scripts have to be told where to hear of changes.
  server: { host: '127.0.0.1', port, strictPort: true, hmr: { protocol: 'ws', host: '127.0.0.1', clientPort: port } },
  html: { cspNonce: 'KEELAN_NONCE' },
})
await pages.listen()

/** @type {NodeJS.ProcessEnv} */
const environment = {
  BASE_DIRECTORY: join(root, '.dev'),
  KEELAN_NODE: process.execPath,
  KEELAN_DEV_SERVER: `http://127.0.0.1:${port}`,
}
const compiler = spawn(
  process.execPath,
  [join(root, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput'],
  // A group of its own, to be ended as a whole: tsc is a program that another one starts.
  { cwd: root, stdio: 'inherit', detached: true },
)
const preload = await bundle({
  configFile: join(root, 'src/preload/vite.config.ts'),
  logLevel: 'warn',
  build: { watch: {}, emptyOutDir: false },
})

/** @type {import('node:child_process').ChildProcess | null} */
let app = null
/** @type {NodeJS.Timeout | undefined} */
let waiting
/** One restart after the other: two apps at once would be one, as the second brings up the first one's window. */
let restarts = Promise.resolve()
let helperChanged = false
let ending = false

function startApp() {
  const started = spawn(runtime, [...flags, ...sandboxFlags(), root], {
    env: { ...process.env, ...environment },
    stdio: 'inherit',
  })
  app = started
  started.once('exit', (code) => {
    if (app !== started) return
    // It was quit by hand, or cannot start: then only a change can help.
    app = null
    if (code === 0) void end()
    else console.error(`The app ended (${code}); it is started again when a file changes.`)
  })
}

async function restart() {
  const old = app
  app = null
  if (old) {
    old.kill()
    await once(old, 'exit')
  }
  if (helperChanged) run(process.execPath, ['dist/helper/cli/main.js', 'daemon', 'restart'], environment)
  helperChanged = false
  if (!ending) startApp()
}

function restartSoon() {
  clearTimeout(waiting)
  waiting = setTimeout(() => {
    restarts = restarts.then(restart)
  }, settleMs)
}

const watchers = ['src/main', 'src/preload', 'helper'].map((folder) =>
  watch(join(root, 'dist', folder), { recursive: true }, (_, name) => {
    if (!name || !/\.c?js$/.test(name)) return
    helperChanged ||= folder === 'helper'
    restartSoon()
  }),
)

async function freePort() {
  const server = createNetServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}

async function end() {
  if (ending) return
  ending = true
  clearTimeout(waiting)
  for (const watcher of watchers) watcher.close()
  if (compiler.exitCode === null && compiler.pid) process.kill(-compiler.pid)
  app?.kill()
  if ('close' in preload) await preload.close()
  await pages.close()
  console.log('The helper and ships in .dev go on: `BASE_DIRECTORY=.dev npx keelan daemon stop --ships` ends them.')
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => void end())

startApp()
