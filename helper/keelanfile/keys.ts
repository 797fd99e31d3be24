import * as values from './values.ts'
import type { Value } from './values.ts'

/**
 * `command`: one text, or a list of texts, which mean different things. `list`: one text is a list of one. `map`: names to values.
 */
export type Shape = 'one' | 'command' | 'list' | 'map'

/** One thing that can be said about a ship, in a Keelanfile and as an option of `keelan deploy`. */
export interface Key {
  /** In a Keelanfile: `stop_timeout`, or `backoff.initial` for a key of a group. */
  readonly name: string
  /** Of `keelan deploy`, without dashes; a boolean that is true unless said begins with `no-`. */
  readonly option: string
  /** Where it is in a ShipDefinition. */
  readonly field: readonly string[]
  readonly shape: Shape
  readonly value: Value<unknown>
  readonly help: string
  /** What holds when it is not given; undefined: nothing does, it is simply not set. */
  readonly fallback: unknown
  /** As the commented Keelanfile shows it, for keys whose default says too little. */
  readonly example: unknown
}

type Given = Pick<Key, 'name' | 'help'> & { value: Value<unknown>; field: string } & Partial<Key>

const key = ({
  name,
  field,
  fallback,
  example = fallback,
  shape = 'one',
  ...rest
}: Omit<Given, 'field'> & { field: string }): Key => ({
  name,
  option: (fallback === true ? 'no-' : '') + name.replace(/[._]/g, '-'),
  field: field.split('.'),
  shape,
  fallback,
  example,
  ...rest,
})

/** The one table of a ship's keys. A key that is not here is not known anywhere. */
export const keys: readonly Key[] = [
  key({
    name: 'command',
    field: 'command',
    shape: 'command',
    value: values.line,
    help: 'the program and its arguments as a list, or one line for sh -c',
    example: ['python3', '-m', 'http.server', '8000'],
  }),
  key({
    name: 'cwd',
    field: 'cwd',
    value: values.folder,
    help: 'folder it runs in (with root: a folder inside root, / unless said)',
    example: '.',
  }),
  key({
    name: 'env',
    field: 'env',
    shape: 'map',
    value: values.text,
    help: 'environment variables, on top of those of the shell that deploys it',
    fallback: {},
    example: { PORT: '8000' },
  }),
  key({
    name: 'env_file',
    field: 'envFile',
    shape: 'list',
    value: values.file,
    help: 'file of NAME=VALUE lines, read at every start; env comes on top',
    fallback: [],
    example: ['.env'],
  }),
  key({
    name: 'inherit_env',
    field: 'inheritEnv',
    value: values.flag,
    help: 'take all of the environment of the shell that deploys it, not only PATH, HOME and the like',
    // What happens to be set in one terminal should not decide how a program runs for weeks.
    fallback: false,
  }),
  key({
    name: 'user',
    field: 'user',
    value: values.user,
    help: 'run as this user (the helper must be root)',
    example: 'www-data',
  }),
  key({
    name: 'group',
    field: 'group',
    value: values.group,
    help: 'run as this group (the helper must be root)',
    example: 'www-data',
  }),
  key({
    name: 'root',
    field: 'root',
    value: values.folder,
    help: 'confine it to this folder with chroot (the helper must be root)',
    example: '/srv/jail',
  }),
  key({
    name: 'restart',
    field: 'restart',
    value: values.restartPolicy,
    help: 'start it again when it ends: always, only after a failure, or never',
    // A program that ends with code 0 says that it has done its work.
    fallback: 'on-failure',
  }),
  key({
    name: 'backoff.initial',
    field: 'backoff.initialMs',
    value: values.duration,
    help: 'wait before the second restart in a row; the first is at once',
    // Long enough that a crash loop takes no processor time to speak of.
    fallback: 500,
  }),
  key({
    name: 'backoff.factor',
    field: 'backoff.factor',
    value: values.number,
    help: 'each further wait is longer by this',
    fallback: 2,
  }),
  key({
    name: 'backoff.max',
    field: 'backoff.maxMs',
    value: values.duration,
    help: 'longest wait',
    // A database that is back should not be waited for much longer than a person would.
    fallback: 30_000,
  }),
  key({
    name: 'backoff.jitter',
    field: 'backoff.jitter',
    value: values.number,
    help: 'lengthen every wait by up to this share of it, by chance',
    fallback: 0.1,
  }),
  key({
    name: 'backoff.reset_after',
    field: 'backoff.resetAfterMs',
    value: values.duration,
    help: 'a run at least this long starts the waits afresh',
    fallback: 10_000,
  }),
  key({
    name: 'max_restarts',
    field: 'maxRestarts',
    value: values.integerOrUnlimited,
    help: 'more crashes than this within the window, and it has failed',
    // With the back-off above, a program that dies at once is given up after about two minutes.
    fallback: 10,
  }),
  key({
    name: 'window',
    field: 'windowMs',
    value: values.duration,
    help: 'sliding window for max_restarts',
    fallback: 300_000,
  }),
  key({
    name: 'stop_signal',
    field: 'stopSignal',
    value: values.stopSignal,
    help: 'signal that asks it to end',
    fallback: 'SIGTERM',
  }),
  key({
    name: 'stop_timeout',
    field: 'stopTimeoutMs',
    value: values.duration,
    help: 'time between the stop signal and SIGKILL',
    // What docker and systemd's users are used to: enough for open requests, short enough for a shutdown.
    fallback: 10_000,
  }),
  key({
    name: 'limits.open_files',
    field: 'limits.openFiles',
    value: values.integer,
    help: 'most files it may have open',
    example: 4096,
  }),
  key({
    name: 'limits.address_space',
    field: 'limits.addressSpaceBytes',
    value: values.size,
    help: 'most memory it may map',
    example: 2 * 1024 ** 3,
  }),
  key({
    name: 'limits.cpu_time',
    field: 'limits.cpuSeconds',
    value: values.wholeSeconds,
    help: 'processor time after which the system ends it',
    example: 3_600,
  }),
  key({
    name: 'limits.core_size',
    field: 'limits.coreSizeBytes',
    value: values.size,
    help: 'largest core dump',
    example: 0,
  }),
  key({
    name: 'nice',
    field: 'nice',
    value: values.integer,
    help: 'from -20 (first) to 19 (last); below 0 needs root',
    example: 10,
  }),
  key({
    name: 'autostart',
    field: 'autostart',
    value: values.flag,
    help: 'after the machine was restarted, start it again unless it had been stopped',
    fallback: true,
  }),
  key({
    name: 'log.split',
    option: 'split-log',
    field: 'log.split',
    value: values.flag,
    help: 'keep stderr in a file of its own',
    // In one file, lines of stdout and stderr keep their exact order.
    fallback: false,
  }),
]

/** Names of keys with keys below them: `backoff`, `limits`, `log`. */
export const groupNames: readonly string[] = [...new Set(keys.flatMap(({ name }) => name.split('.').slice(0, -1)))]

/** Keys of later versions. They are refused by name, so that nobody believes that they do something. */
export const plannedKeys: readonly string[] = [
  'health',
  'depends_on',
  'schedule',
  'timezone',
  'missed',
  'watch',
  'ignore',
  'instances',
  'groups',
  'notifications',
  'log.max_size',
  'log.keep',
  'limits.memory',
  'limits.cpu',
]

export const notYetAvailable = 'is not yet available in this version; leave it out'
