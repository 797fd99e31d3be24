import { cpus, release } from 'node:os'
import { parseArgs } from 'node:util'
import { measureApp } from './app.ts'
import { measureAppLog } from './app-log.ts'
import type { AppCommand } from './app-place.ts'
import { cleanUp } from './cleanup.ts'
import { measureCommands } from './commands.ts'
import { measureEvents } from './events.ts'
import { asJson, asTable, type Figure } from './figure.ts'
import { measureIdle } from './idle.ts'
import { measureLogs } from './logs.ts'
import { measureMemory } from './memory.ts'
import { loadAverage } from './processes.ts'
import { compilePrograms, type Programs } from './programs.ts'
import { measureRestart } from './restart.ts'
import { runitIsThere } from './rivals.ts'
import { quick, type Settings, thorough } from './settings.ts'
import { measureUp } from './up.ts'

type Measure = (programs: Programs, settings: Settings) => Promise<Figure[]>

/** Those of the app need a runtime, which may have to be fetched: only if one of them is wanted. */
const ofTheApp: Record<string, (command: AppCommand) => Measure> = { app: measureApp, 'app-log': measureAppLog }

const measures: Record<string, Measure> = {
  restart: measureRestart,
  events: measureEvents,
  up: measureUp,
  memory: measureMemory,
  idle: measureIdle,
  logs: measureLogs,
  commands: measureCommands,
}

const names = [...Object.keys(measures), ...Object.keys(ofTheApp)]

const help = `npm run bench [-- OPTIONS]

  --quick      fewer and shorter measurements: a first idea, not figures to quote
  --only LIST  only these, by comma: ${names.join(', ')}
  --json       as JSON
`

/** Runs the benchmark; returns the exit status. A missed aim is no failure. `appCommand` gives the words that start the app. */
export async function bench(args: readonly string[], appCommand: () => Promise<AppCommand>): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return say(process.stdout, help, 0)
  const wanted = values.only?.split(',') ?? names
  const unknown = wanted.find((name) => !names.includes(name))
  if (unknown !== undefined) return say(process.stderr, `bench: there is no ${unknown}\n\n${help}`, 2)
  if (process.platform !== 'linux') return say(process.stderr, 'bench: it reads /proc, which only Linux has\n', 1)

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void cleanUp().then(() => process.exit(1)))
  const loadBefore = loadAverage()
  const figures: Figure[] = []
  try {
    const programs = compilePrograms()
    for (const name of wanted) {
      process.stderr.write(`measuring ${name} …\n`)
      const measure = measures[name] ?? ofTheApp[name]?.(await appCommand())
      figures.push(...((await measure?.(programs, values.quick ? quick : thorough)) ?? []))
    }
  } finally {
    await cleanUp()
  }
  if (values.json)
    return say(
      process.stdout,
      `${JSON.stringify({ ...surroundings(loadBefore), figures: asJson(figures) }, null, 2)}\n`,
      0,
    )
  say(process.stdout, `\n${asTable(figures)}\n\n`, 0)
  if (wanted.includes('restart') && !runitIsThere())
    say(
      process.stdout,
      'runit is not installed, so there is nothing to compare restarts with: apt-get install runit\n',
      0,
    )
  const { node, cores, processor, kernel } = surroundings(loadBefore)
  const load = loadBefore > 0.5 ? ', which is not quiet: figures of time are worse for it' : ''
  return say(
    process.stdout,
    `Node ${node}, ${cores} × ${processor}, Linux ${kernel}; load before ${loadBefore}${load}\n`,
    0,
  )
}

function say(stream: NodeJS.WriteStream, text: string, status: number): number {
  stream.write(text)
  return status
}

function surroundings(loadBefore: number) {
  const processors = cpus()
  const processor = processors[0]?.model ?? 'unknown processor'
  return { node: process.versions.node, cores: processors.length, processor, kernel: release(), loadBefore }
}
