import { readdirSync, readFileSync } from 'node:fs'
import { platform } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { shimMark } from './environment.ts'
import { isAlive, type ProcessIdentity, processStat, type ProcessStat, signalProcess } from './process-identity.ts'

/**
 * What is left of a ship whose shim is gone. Only then does the helper signal processes of a ship itself; otherwise the
 * shim does, which as their parent cannot mistake them.
 */

/** How often the processes are looked at while they are being ended, in ms. */
const lookMs = 20

/**
 * Every living process of a ship that had the shim `shimId`: `main`, its descendants and session, and whatever carries
 * the shim's mark. Linux only; elsewhere `main` alone is known. A process that changed its user as well as its session and
 * cleared its environment cannot be found.
 */
export function processesOf(shimId: string, main: ProcessIdentity | null): ProcessIdentity[] {
  if (platform() !== 'linux') return main && isAlive(main) ? [main] : []
  const all = readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((entry) => processStat(Number(entry)))
    .filter((stat): stat is ProcessStat => stat !== null && !'ZX'.includes(stat.state))
  const isMain = main !== null && all.some((stat) => stat.pid === main.pid && stat.startTime === main.startTime)
  const found = new Set<number>()
  for (const { pid, session } of all)
    if (carriesMark(pid, shimId) || (isMain && (pid === main.pid || session === main.pid))) found.add(pid)
  // Parents may come after their children in the list: repeat until nothing is added.
  for (let before = -1; before !== found.size;) {
    before = found.size
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid)
  }
  return all.filter(({ pid }) => found.has(pid) && pid !== process.pid)
}

function carriesMark(pid: number, shimId: string): boolean {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`.includes(`\0${shimMark}=${shimId}\0`)
  } catch {
    return false // gone, or another user's
  }
}

/**
 * Ends all of them: `signal`, then after `graceMs` SIGKILL, again and again until nothing is left. Each is signalled only
 * if its start time still fits. Returns those that could not be ended (another user's) within 10 s of killing.
 */
export async function endProcesses(
  shimId: string,
  main: ProcessIdentity | null,
  signal: NodeJS.Signals,
  graceMs: number,
): Promise<ProcessIdentity[]> {
  let left = processesOf(shimId, main)
  if (graceMs > 0) {
    for (const one of left) {
      trySignal(one, signal)
      trySignal(one, 'SIGCONT')
    }
    for (const until = performance.now() + graceMs; left.length > 0 && performance.now() < until;) {
      await sleep(lookMs)
      left = processesOf(shimId, main)
    }
  }
  for (const until = performance.now() + 10_000; left.length > 0 && performance.now() < until;) {
    for (const one of left) await kill(one)
    await sleep(lookMs)
    left = processesOf(shimId, main)
  }
  return left
}

async function kill(one: ProcessIdentity): Promise<void> {
  if (platform() === 'linux') trySignal(one, 'SIGKILL')
  else if (isAlive(one)) {
    // The tree below a process: read with `ps` on macOS, ended by `taskkill` on Windows.
    const { default: treeKill } = await import('tree-kill')
    await new Promise<void>((resolve) => treeKill(one.pid, 'SIGKILL', () => resolve()))
  }
}

function trySignal(one: ProcessIdentity, signal: NodeJS.Signals): void {
  try {
    signalProcess(one, signal)
  } catch {
    // EPERM: another user's by now. It stays in the list, and so in the answer.
  }
}
