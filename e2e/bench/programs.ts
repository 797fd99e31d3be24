import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atEnd } from './cleanup.ts'

export interface Programs {
  readonly stamp: string
  readonly respawn: string
  readonly writeLines: string
}

/** The sources, seen from where the build puts this file. */
const sources = fileURLToPath(new URL('../../../../e2e/bench/', import.meta.url))

/** Compiles the C programs that are measured with. They are linked statically where that is possible: what a dynamic linker takes is nobody's merit. */
export function compilePrograms(): Programs {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-bench-programs-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  const compile = (name: string): string => {
    const output = join(folder, name)
    const args = ['-O2', '-o', output, join(sources, `${name}.c`)]
    try {
      execFileSync('cc', ['-static', ...args], { stdio: 'ignore' })
    } catch {
      execFileSync('cc', args)
    }
    return output
  }
  return { stamp: compile('stamp'), respawn: compile('respawn'), writeLines: compile('write-lines') }
}
