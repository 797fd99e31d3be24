import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Environment, ShipDefinition, ShipName } from '../api/definition.ts'
import type { ShipRecord } from '../api/records.ts'
import { makeFolder } from '../make-folder.ts'

/** What lies beside a journal, so that a ship is found again without the database. */
const StoredDefinition = z.object({
  definition: ShipDefinition,
  shellEnvironment: Environment,
  revision: z.number().int(),
})
export type StoredDefinition = z.infer<typeof StoredDefinition>

/** A new name for a shim: its folder's. Names sort by age. */
export function newShimId(now = Date.now()): string {
  return `${now.toString(36).padStart(9, '0')}-${randomBytes(4).toString('hex')}`
}

/** `run/ships/NAME/SHIM-ID`: what helper and shim tell each other (`helper/shim/PROTOCOL.md`). */
export class RunFolder {
  readonly path: string
  readonly journal: string
  readonly shimId: string

  constructor(shipRuns: string, ship: string, shimId: string) {
    this.shimId = shimId
    this.path = join(shipRuns, ship, shimId)
    this.journal = join(this.path, 'journal')
  }

  /** Makes the folder with all that a shim needs. Nothing runs by that. */
  create(ship: ShipRecord, spec: Buffer): void {
    makeFolder(this.path)
    const stored: StoredDefinition = {
      definition: ship.definition,
      shellEnvironment: ship.shellEnvironment,
      revision: ship.revision,
    }
    writeFileSync(join(this.path, 'definition.json'), JSON.stringify(stored), { mode: 0o600 })
    writeFileSync(join(this.path, 'spec'), spec, { mode: 0o600 })
  }

  /**
   * Starts the shim, which needs the helper no longer. Its environment holds nothing of ours, and its arguments not the
   * ship's name. A second shim in the same folder sees that it is one too many and leaves.
   */
  spawnShim(shim: string): ChildProcess {
    const child = spawn(shim, [this.shimId], {
      argv0: 'keelan-shim',
      cwd: this.path,
      detached: true,
      stdio: 'ignore',
      env: { KEELAN_PART: 'shim', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' },
    })
    child.unref()
    return child
  }

  /**
   * Writes the wish `down`; whole at once, since the shim may look at any moment. `graceMs` replaces the ship's
   * `stop_timeout`. False if the folder is gone.
   */
  wishDown(graceMs: number | undefined): boolean {
    const draft = join(this.path, 'down.new')
    try {
      writeFileSync(draft, graceMs === undefined ? '' : String(graceMs), { mode: 0o600 })
      renameSync(draft, join(this.path, 'down'))
      return true
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
      throw error
    }
  }

  get isWishedDown(): boolean {
    return exists(join(this.path, 'down'))
  }

  get hasJournal(): boolean {
    return exists(this.journal)
  }

  /** What the shim was started with, or null if it cannot be read. */
  readDefinition(): StoredDefinition | null {
    try {
      return StoredDefinition.parse(JSON.parse(readFileSync(join(this.path, 'definition.json'), 'utf8')))
    } catch {
      return null
    }
  }

  delete(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** The run folders there are, oldest first for each ship. Whatever else lies there is passed over. */
export function listRunFolders(shipRuns: string): { ship: string; shimIds: string[] }[] {
  return entries(shipRuns)
    .filter((name) => ShipName.safeParse(name).success)
    .map((ship) => ({
      ship,
      shimIds: entries(join(shipRuns, ship))
        .filter((id) => /^[a-z0-9]+-[0-9a-f]{8}$/.test(id))
        .sort(),
    }))
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
  } catch {
    return []
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}

/** Deletes the run folders of a ship but `keep`; without it all of them, and the lock that its shims shared. */
export function deleteRunFolders(shipRuns: string, ship: string, keep?: string): void {
  const folder = join(shipRuns, ship)
  if (keep === undefined) rmSync(folder, { recursive: true, force: true })
  else
    for (const shimId of entries(folder))
      if (shimId !== keep) rmSync(join(folder, shimId), { recursive: true, force: true })
}
