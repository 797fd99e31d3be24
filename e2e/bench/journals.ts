import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Process {
  readonly pid: number
  readonly startTime: string
}

/** The shims that were started under a folder of ships' runs, with the last ship of each, as their journals name them. */
export function journalsIn(shipRuns: string): { shim: Process; ship: Process | null }[] {
  return readdirSync(shipRuns, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/journal'))
    .flatMap((path) => {
      const journal = readFileSync(join(shipRuns, path), 'latin1')
      const shim = / shim 1 \S+ (\d+) (\d+) \.$/m.exec(journal)
      const ship = [...journal.matchAll(/ start (\d+) (\d+) \d+ \.$/gm)].at(-1)
      return shim ? [{ shim: processOf(shim), ship: ship ? processOf(ship) : null }] : []
    })
}

const processOf = ([, pid, startTime = '']: RegExpExecArray): Process => ({ pid: Number(pid), startTime })
