import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** How the desktop app is started: it writes this itself, at each of its starts. */
const DesktopApp = z.object({
  command: z.tuple([z.string().min(1)], z.string()),
  /** What of the desktop's environment it needs, and the helper may not have: `DISPLAY`, `WAYLAND_DISPLAY`. */
  env: z.record(z.string(), z.string()).optional(),
})
type DesktopApp = z.infer<typeof DesktopApp>

/** The command of the app; null: there is none on this desktop. `file`: `run/desktop-app.json` in the base directory. */
export function desktopApp(file: string): DesktopApp | null {
  try {
    return DesktopApp.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/**
 * Starts the app at a place, such as `/ships/web/log`; one that runs goes there. It is nobody's child then. Throws an Error if
 * there is no app, or its program cannot be started.
 */
export async function startApp(file: string, place: string): Promise<void> {
  const app = desktopApp(file)
  if (!app) throw new Error(`${file} does not say how the app is started`)
  const [program, ...words] = app.command
  // What makes a helper of the app's binary, or a part of Keelan of a process, is not for the app.
  const { ELECTRON_RUN_AS_NODE: _node, KEELAN_PART: _part, ...env } = process.env
  const child = spawn(program, [...words, '--go', place], {
    detached: true,
    cwd: '/',
    stdio: 'ignore',
    env: { ...env, ...app.env },
  })
  await once(child, 'spawn')
  child.unref()
}
