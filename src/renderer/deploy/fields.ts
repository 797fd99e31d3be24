import { RestartPolicy, stopSignals } from '../../../helper/api/definition.ts'

/** How a field is filled in: `lines` holds one item a line, `number` may hold a word too (`unlimited`). */
export type FieldKind = 'text' | 'number' | 'lines' | 'choice' | 'flag'

/** One field of the form: a key of the Keelanfile, whose words for durations, sizes and the like it takes. */
export interface Field {
  /** As a Keelanfile says it: `backoff.initial`. */
  readonly key: string
  readonly kind: FieldKind
  readonly label: string
  readonly hint?: string
  /** What holds when nothing is filled in, as a Keelanfile writes it; empty: it is not set. */
  readonly fallback: string
  readonly choices?: readonly (readonly [value: string, label: string])[]
  /** A path, which the form takes in full only: it has no folder of its own that others could start from. */
  readonly path?: true
}

const restartLabels: Record<(typeof RestartPolicy.options)[number], string> = {
  always: 'Always, however it ends',
  'on-failure': 'Only after a failure',
  no: 'Never',
}

/** What everyone may want to say. */
export const mainFields: readonly Field[] = [
  {
    key: 'restart',
    kind: 'choice',
    label: 'Start again when it ends',
    fallback: 'on-failure',
    choices: RestartPolicy.options.map((policy) => [policy, restartLabels[policy]]),
  },
  {
    key: 'stop_timeout',
    kind: 'text',
    label: 'Time to end when stopped',
    hint: 'After that it is killed. Such as 500ms, 10s or 2m.',
    fallback: '10s',
  },
  {
    key: 'autostart',
    kind: 'flag',
    label: 'Start after the machine was restarted',
    hint: 'Unless it had been stopped.',
    fallback: 'true',
  },
  {
    key: 'log.split',
    kind: 'flag',
    label: 'Keep stderr in a file of its own',
    hint: 'In one file, lines of stdout and stderr keep their exact order.',
    fallback: 'false',
  },
]

/** What few need, by what it is about. */
export const advancedFields: readonly { readonly title: string; readonly fields: readonly Field[] }[] = [
  {
    title: 'Environment',
    fields: [
      {
        key: 'env_file',
        kind: 'lines',
        label: 'Files of variables',
        hint: 'One a line, each of NAME=VALUE lines; read at every start.',
        fallback: '',
        path: true,
      },
      {
        key: 'inherit_env',
        kind: 'flag',
        label: 'Take the whole environment of the helper',
        hint: 'Not only PATH, HOME and the like.',
        fallback: 'false',
      },
    ],
  },
  {
    title: 'Starting again and stopping',
    fields: [
      { key: 'max_restarts', kind: 'number', label: 'Most crashes', hint: 'A number, or unlimited.', fallback: '10' },
      { key: 'window', kind: 'text', label: '… within', hint: 'More than that, and it has failed.', fallback: '5m' },
      {
        key: 'backoff.initial',
        kind: 'text',
        label: 'First wait',
        hint: 'The first restart is at once.',
        fallback: '500ms',
      },
      { key: 'backoff.factor', kind: 'number', label: 'Each wait is longer by', fallback: '2' },
      { key: 'backoff.max', kind: 'text', label: 'Longest wait', fallback: '30s' },
      { key: 'backoff.jitter', kind: 'number', label: 'Share added by chance', hint: 'From 0 to 1.', fallback: '0.1' },
      {
        key: 'backoff.reset_after',
        kind: 'text',
        label: 'Counts as well after',
        hint: 'A run this long starts the waits afresh.',
        fallback: '10s',
      },
      {
        key: 'stop_signal',
        kind: 'choice',
        label: 'Signal that asks it to end',
        fallback: 'SIGTERM',
        choices: stopSignals.map((signal) => [signal, signal]),
      },
    ],
  },
  {
    title: 'Limits',
    fields: [
      { key: 'limits.open_files', kind: 'number', label: 'Open files', fallback: '' },
      {
        key: 'limits.address_space',
        kind: 'text',
        label: 'Memory it may map',
        hint: 'Such as 512MB or 2GiB.',
        fallback: '',
      },
      {
        key: 'limits.cpu_time',
        kind: 'text',
        label: 'Processor time',
        hint: 'Such as 60s or 1h; then it is ended.',
        fallback: '',
      },
      { key: 'limits.core_size', kind: 'text', label: 'Largest core dump', hint: 'Such as 0 or 64MB.', fallback: '' },
      { key: 'nice', kind: 'number', label: 'Nice value', hint: 'From -20 (first) to 19 (last).', fallback: '' },
    ],
  },
  {
    title: 'User and folder (the helper must be root)',
    fields: [
      { key: 'user', kind: 'text', label: 'User', fallback: '' },
      { key: 'group', kind: 'text', label: 'Group', fallback: '' },
      { key: 'root', kind: 'text', label: 'Confined to the folder', hint: 'With chroot.', fallback: '', path: true },
    ],
  },
]

/** Every field but name, command, folder and variables, which have controls of their own. */
export const allFields: readonly Field[] = [...mainFields, ...advancedFields.flatMap(({ fields }) => fields)]
