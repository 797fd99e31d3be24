import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { isAlive, isLinux, strays } from './machine.ts'
import { cleanUp, startShim, temporaryFolder, until, type Shim } from './shim-harness.ts'

afterEach(cleanUp)

// Not reproducible to the microsecond, but the same moments are aimed at in every run.
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648
}

/** The moment is in the first ms of a start: shorter than a timer can be trusted with. */
function spin(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end;) continue
}

function start(): Shim {
  return startShim({ args: ['sleep', '1000'] }, { base: temporaryFolder() })
}

function killShip(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // it has ended
  }
}

test('a wish down is obeyed at whatever moment of a start it comes, and nothing is left', async () => {
  const random = randomNumbers(1)
  for (let round = 0; round < 240; round++) {
    const shim = start()
    if (round % 3 > 0) killShip(await shim.running()) // the moment is one of a restart
    if (round % 3 > 1) killShip(await shim.running(2))
    spin(random() * 6)
    expect(await shim.down()).toBe('end down')
    expect(shim.lines().filter(({ kind, words }) => kind === 'start' && isAlive(Number(words[0])))).toEqual([])
    if (round % 20 === 19) expect(strays(shim.base)).toEqual([])
    await cleanUp()
  }
})

test('a wish down while the ship is killed at the same moment is obeyed', async () => {
  const random = randomNumbers(2)
  for (let round = 0; round < 80; round++) {
    const shim = start()
    const pid = await shim.running()
    writeFileSync(join(shim.folder, 'down'), '')
    if (round % 2 > 0) shim.signal('SIGUSR1')
    spin(random() * 0.3)
    killShip(pid)
    expect(await shim.down()).toBe('end down')
    expect(shim.events('start')).toHaveLength(1)
    await cleanUp()
  }
})

test.skipIf(!isLinux)(
  'when the shim is killed at whatever moment, no process starts that its journal does not name',
  async () => {
    const random = randomNumbers(3)
    for (let round = 0; round < 120; round++) {
      const shim = start()
      if (round % 2 > 0) killShip(await shim.running())
      spin(random() * 6)
      writeFileSync(join(shim.folder, 'down'), '') // what the helper does: the wish first,
      shim.signal('SIGKILL')
      await shim.exited
      const started = shim.lines().filter(({ kind }) => kind === 'start').map(({ words }) => Number(words[0])) // prettier-ignore
      const last = started.at(-1)
      if (last !== undefined && isAlive(last)) killShip(last) // then the last one that the journal names
      await until('everything to be gone', () => strays(shim.base).length === 0)
      await cleanUp()
    }
  },
)
