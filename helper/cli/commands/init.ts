import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { keelanfileTemplate } from '../../keelanfile/template.ts'
import type { Context } from '../context.ts'
import { Refusal } from '../failure.ts'
import { tell } from '../terminal.ts'

interface Options {
  file?: string
  force?: boolean
}

export function configure(command: Command, context: Context): void {
  command
    .option('-f, --file <file>', 'write this file instead of Keelanfile.yml')
    .option('--force', 'replace a file that is there')
    .action((options: Options) => init(context, options))
}

function init({ stdout, folder }: Context, { file, force }: Options): void {
  const path = file === undefined ? join(folder, 'Keelanfile.yml') : resolve(folder, file)
  try {
    writeFileSync(path, keelanfileTemplate(), { flag: force ? 'w' : 'wx' })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') throw new Refusal(`${path} is there already; --force replaces it`)
    throw new Refusal(`${path} cannot be written: ${message}`)
  }
  tell(stdout, `wrote ${path}; edit it, then \`keelan up\``)
}
