import type { Argument, Command, Option } from 'commander'
import { ensureLoaded } from './lazy-command.ts'

/** Candidates, or what the shell knows better. */
export type Completion = { value: string; description: string } | ':files' | ':folders' | ':commands'

/** What may stand at the last of these words, which may be empty. `ships` gives the names of the ships there are. */
export async function completionsFor(
  program: Command,
  words: readonly string[],
  ships: () => Promise<string[]>,
): Promise<Completion[]> {
  const { command, before, current } = await reached(program, words)
  const asked = valueAsked(command, before, current)
  if (asked) {
    const found = starting(asked.typed, await valuesOf(asked.option, placeholderOf(asked.option), ships))
    return found.map((each) => (typeof each === 'string' ? each : { ...each, value: asked.prefix + each.value }))
  }
  const operands = operandsIn(command, before)
  if (current.startsWith('-') && !before.includes('--')) return starting(current, optionsOf(command))
  if (operands.length === 0 && command.commands.length > 0) return starting(current, commandsOf(command))
  const position = Math.min(operands.length, command.registeredArguments.length - 1)
  const argument = command.registeredArguments[position]
  if (!argument || (operands.length > position && !argument.variadic)) return []
  const found = await valuesOf(argument, argument.name(), ships, operands.length - position)
  return starting(
    current,
    found.filter((each) => typeof each === 'string' || !operands.includes(each.value)),
  )
}

/** The command that the words lead to, the words after its name, and the one being typed. */
async function reached(
  program: Command,
  words: readonly string[],
): Promise<{ command: Command; before: string[]; current: string }> {
  let command = program
  let rest = words.slice(0, -1)
  for (;;) {
    const next = command.commands.find((candidate) => candidate.name() === rest[0])
    if (!next) return { command, before: rest, current: words.at(-1) ?? '' }
    await ensureLoaded(next)
    command = next
    rest = rest.slice(1)
  }
}

interface ValueAsked {
  readonly option: Option
  /** The value so far, and what stands before it in the same word. */
  readonly typed: string
  readonly prefix: string
}

/** The option whose value is being typed: `--file x`, `--file=x`, or the three words that bash makes of the latter. */
function valueAsked(command: Command, before: readonly string[], current: string): ValueAsked | undefined {
  if (before.includes('--')) return undefined
  const [last = '', lastButOne = ''] = before.toReversed()
  const [prefix = '', inWord, rest = ''] = /^(--[^=]+)=(.*)$/s.exec(current) ?? []
  const [flag, typed] =
    inWord !== undefined ? [inWord, rest] : current === '=' ? [last, ''] : [last === '=' ? lastButOne : last, current]
  const option = optionNamed(command, flag)
  if (!option || !takesValue(option)) return undefined
  return { option, typed, prefix: prefix.slice(0, prefix.length - rest.length) }
}

const optionNamed = (command: Command, flag: string): Option | undefined =>
  command.options.find(({ long, short }) => flag !== '' && (flag === long || flag === short))

const takesValue = ({ required }: Option): boolean => required

const placeholderOf = ({ flags }: Option): string => /<(.+)>/.exec(flags)?.[1] ?? ''

/** The words that are neither options nor their values. */
function operandsIn(command: Command, words: readonly string[]): string[] {
  const operands: string[] = []
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (word === '--') return [...operands, ...words.slice(index + 1)]
    const option = optionNamed(command, word)
    if (option && takesValue(option)) index += 1
    else if (!word.startsWith('-')) operands.push(word)
  }
  return operands
}

/** What can stand for an argument or value, by its placeholder in the help. `index` counts the words of a variadic one. */
async function valuesOf(
  { argChoices }: Argument | Option,
  placeholder: string,
  ships: () => Promise<string[]>,
  index = 0,
): Promise<Completion[]> {
  if (argChoices) return argChoices.map((value) => ({ value, description: '' }))
  switch (placeholder) {
    case 'file':
      return [':files']
    case 'folder':
      return [':folders']
    case 'command':
      return index === 0 ? [':commands'] : [':files']
    case 'ship':
      return (await ships()).map((value) => ({ value, description: 'ship' }))
    default:
      return []
  }
}

const optionsOf = (command: Command): Completion[] =>
  [...command.options.filter(({ hidden }) => !hidden), ...helpOption(command)].map(({ long, short, description }) => ({
    value: long ?? short ?? '',
    description,
  }))

const helpOption = (command: Command): readonly Option[] =>
  command
    .createHelp()
    .visibleOptions(command)
    .filter(({ long }) => long === '--help')

const commandsOf = (command: Command): Completion[] =>
  command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), description: each.description() }))

const starting = (typed: string, found: readonly Completion[]): Completion[] =>
  found.filter((each) => typeof each === 'string' || each.value.startsWith(typed))
