import type { Command } from 'commander'
import type { Context } from './context.ts'

/** What a command's file gives: its arguments, options, help and action. */
export interface CommandModule {
  configure(command: Command, context: Context): void
}

/** A command as the list of commands shows it. Its file is loaded once it is asked for, so that each starts fast. */
export interface LazyCommand {
  readonly name: string
  readonly summary: string
  readonly load: () => Promise<CommandModule>
  readonly hidden?: true
}

const loaders = new WeakMap<Command, () => Promise<void>>()

/** Adds commands by name and summary alone; commander's dispatch loads the one that is meant. */
export function addLazyCommands(parent: Command, list: readonly LazyCommand[], context: Context): void {
  for (const { name, summary, load, hidden = false } of list) {
    const command = parent.command(name, { hidden }).description(summary)
    loaders.set(command, async () => (await load()).configure(command, context))
  }
  parent.hook('preSubcommand', (_, command) => ensureLoaded(command))
}

/** Gives a command its arguments and options, if it has not got them yet. */
export async function ensureLoaded(command: Command): Promise<void> {
  const load = loaders.get(command)
  loaders.delete(command)
  await load?.()
}
