import { z } from 'zod'

/** Text that can be handed to a process: no NUL byte. */
const Text = z.string().refine((text) => !text.includes('\0'), 'must not hold a NUL byte')

/** An absolute path that a process can be given. 4,096 is PATH_MAX of Linux. */
export const AbsolutePath = Text.max(4096).refine((path) => path.startsWith('/'), 'must be an absolute path')

export const ShipName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9._-]{0,62}$/,
    'must be 1 to 63 of a-z, 0-9, ".", "_" and "-", and begin with a letter or digit',
  )

const VariableName = Text.min(1).refine((name) => !name.includes('='), 'must not hold "="')

export const Environment = z.record(VariableName, Text)
export type Environment = z.infer<typeof Environment>

const Milliseconds = z
  .number()
  .int()
  .min(0)
  .max(365 * 24 * 3_600_000)

/** Signals a ship may be stopped with: those that end a program unless it handles them. Not KILL, which `stop_timeout: 0` is for. */
export const stopSignals = [
  'SIGTERM',
  'SIGINT',
  'SIGQUIT',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGALRM',
  'SIGABRT',
] as const

export const RestartPolicy = z.enum(['always', 'on-failure', 'no'])

export const Backoff = z.strictObject({
  /** Delay before the second restart in a row; the first is at once. */
  initialMs: Milliseconds,
  factor: z.number().min(1).max(100),
  maxMs: Milliseconds,
  /** Every delay is lengthened by up to this share of itself, by chance, so that many ships do not start in step. */
  jitter: z.number().min(0).max(1),
  /** A run at least this long starts the delays afresh. */
  resetAfterMs: Milliseconds,
})
export type Backoff = z.infer<typeof Backoff>

export const Limits = z.strictObject({
  openFiles: z.number().int().min(8).max(1_048_576).optional(),
  addressSpaceBytes: z.number().int().min(1).optional(),
  cpuSeconds: z.number().int().min(1).optional(),
  coreSizeBytes: z.number().int().min(0).optional(),
})
export type Limits = z.infer<typeof Limits>

const UserName = Text.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*\$?$/, 'must be a name or a number')

/** What is to run and how, complete: every default is filled in. The Keelanfile's words for these are in `keelanfile/keys.ts`. */
export const ShipDefinition = z.strictObject({
  name: ShipName,
  /** The program and its arguments, or one line for `sh -c`. */
  command: z.union([Text.min(1), z.tuple([Text.min(1)], Text)]),
  cwd: AbsolutePath,
  env: Environment,
  envFile: z.array(AbsolutePath),
  /** Take all of the deploying shell's environment, not only the variables in `inheritedVariables`. */
  inheritEnv: z.boolean(),
  user: UserName.optional(),
  group: UserName.optional(),
  /** Folder the program is confined to with chroot; `cwd` is inside it. */
  root: AbsolutePath.optional(),
  restart: RestartPolicy,
  backoff: Backoff,
  maxRestarts: z.union([z.number().int().min(0).max(1_000), z.literal('unlimited')]),
  windowMs: Milliseconds,
  stopSignal: z.enum(stopSignals),
  stopTimeoutMs: Milliseconds,
  limits: Limits,
  nice: z.number().int().min(-20).max(19).optional(),
  autostart: z.boolean(),
  log: z.strictObject({ split: z.boolean() }),
})
export type ShipDefinition = z.infer<typeof ShipDefinition>

/**
 * Variables a ship takes from the shell that deployed it, so that the node or python meant there is the one that runs.
 * A name ending in `*` stands for all that begin so.
 */
export const inheritedVariables = [
  'PATH',
  'HOME',
  'USER',
  'SHELL',
  'LANG',
  'LC_*',
  'TZ',
  'XDG_*',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'SSH_AUTH_SOCK',
  'BASE_DIRECTORY',
] as const

/** Whether a ship takes this variable from the shell that deploys it. */
export function isInherited(name: string): boolean {
  return inheritedVariables.some((known) =>
    known.endsWith('*') ? name.startsWith(known.slice(0, -1)) : name === known,
  )
}
