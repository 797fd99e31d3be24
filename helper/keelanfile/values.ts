import { RestartPolicy, stopSignals } from '../api/definition.ts'

/** A scalar as a person writes it. */
export type Written = string | number | boolean

/** How one value is written in a Keelanfile or after an option, and what it is in a definition. Ranges are the contract's matter. */
export interface Value<T> {
  /** Stands for the value in help: `<duration>`. */
  readonly placeholder: string
  /** Completes "must be …". */
  readonly expected: string
  /** The only values there are, for completion. */
  readonly choices?: readonly string[]
  /** Numbers and true/false are taken as the text they are written with. */
  readonly asText?: true
  /** undefined: it cannot be read. */
  read(written: Written): T | undefined
  write(value: T): Written
}

const millisecondsIn = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const bytesIn = {
  b: 1,
  kb: 1_000,
  mb: 1_000 ** 2,
  gb: 1_000 ** 3,
  tb: 1_000 ** 4,
  kib: 1_024,
  mib: 1_024 ** 2,
  gib: 1_024 ** 3,
  tib: 1_024 ** 4,
} as const
const byteUnits = ['TiB', 'GiB', 'MiB', 'KiB', 'TB', 'GB', 'MB', 'kB'] as const

/** A number with a unit, as whole multiples of the smallest unit; undefined if it is none. */
function quantity(written: Written, units: Readonly<Record<string, number>>, bareUnit: string): number | undefined {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?) ?([a-z]*)$/i.exec(String(written)) ?? []
  const factor = units[unit.toLowerCase() || bareUnit]
  if (digits === undefined || factor === undefined || typeof written === 'boolean') return undefined
  return Math.round(Number(digits) * factor)
}

/** Milliseconds, written `500ms`, `5s`, `2m`, `1h`, `1d`; a bare number is seconds. */
export const duration: Value<number> = {
  placeholder: 'duration',
  expected: 'a duration such as 500ms, 5s, 2m, 1h or 1d (a bare number is seconds)',
  read: (written) => quantity(written, millisecondsIn, 's'),
  write: (ms) => {
    const unit = (['d', 'h', 'm', 's'] as const).find((name) => ms > 0 && ms % millisecondsIn[name] === 0)
    return unit ? `${ms / millisecondsIn[unit]}${unit}` : ms === 0 ? '0s' : `${ms}ms`
  },
}

/** Whole seconds, written as a duration. */
export const wholeSeconds: Value<number> = {
  placeholder: 'duration',
  expected: 'a duration in whole seconds such as 60s or 5m',
  read: (written) => {
    const ms = duration.read(written)
    return ms !== undefined && ms % 1_000 === 0 ? ms / 1_000 : undefined
  },
  write: (seconds) => duration.write(seconds * 1_000),
}

/** Bytes, written `10MB` (powers of 1,000) or `64KiB` (powers of 1,024); a bare number is bytes. */
export const size: Value<number> = {
  placeholder: 'size',
  expected: 'a size such as 10MB or 64KiB (a bare number is bytes)',
  read: (written) => quantity(written, bytesIn, 'b'),
  write: (bytes) => {
    const unit = byteUnits.find((name) => bytes > 0 && bytes % unitBytes(name) === 0)
    return unit ? `${bytes / unitBytes(unit)}${unit}` : bytes
  },
}

const unitBytes = (unit: (typeof byteUnits)[number]): number => bytesIn[unit.toLowerCase() as keyof typeof bytesIn]

export const number: Value<number> = {
  placeholder: 'number',
  expected: 'a number',
  read: (written) => (typeof written === 'number' && Number.isFinite(written) ? written : undefined),
  write: (value) => value,
}

export const integer: Value<number> = {
  placeholder: 'number',
  expected: 'a whole number',
  read: (written) => (Number.isSafeInteger(written) ? Number(written) : undefined),
  write: (value) => value,
}

export const integerOrUnlimited: Value<number | 'unlimited'> = {
  placeholder: 'number',
  expected: 'a whole number, or unlimited',
  read: (written) => (written === 'unlimited' ? written : integer.read(written)),
  write: (value) => value,
}

export const flag: Value<boolean> = {
  placeholder: 'true|false',
  expected: 'true or false',
  read: (written) => (typeof written === 'boolean' ? written : undefined),
  write: (value) => value,
}

/** Text of any length. */
export const text: Value<string> = {
  placeholder: 'text',
  expected: 'text, a number or true/false (nothing at all is written "")',
  asText: true,
  read: String,
  write: (value) => value,
}

const filledText = (placeholder: string, expected: string): Value<string> => ({
  placeholder,
  expected,
  asText: true,
  read: (written) => (written === '' ? undefined : String(written)),
  write: (value) => value,
})

export const line = filledText('line', 'one line for sh -c, or a list of the program and its arguments')
export const file = filledText('file', 'the path of a file')
export const folder = filledText('folder', 'the path of a folder')
export const user = filledText('user', 'the name or number of a user')
export const group = filledText('group', 'the name or number of a group')

const oneOf = <T extends string>(
  placeholder: string,
  choices: readonly T[],
  spellings: (written: string) => string = (written) => written,
): Value<T> => ({
  placeholder,
  expected: `${choices.slice(0, -1).join(', ')} or ${choices.at(-1)}`,
  choices,
  read: (written) => choices.find((choice) => choice === spellings(String(written))),
  write: (value) => value,
})

export const restartPolicy = oneOf('when', RestartPolicy.options)

/** With or without SIG, in any case. */
export const stopSignal = oneOf('signal', stopSignals, (written) => `SIG${written.toUpperCase().replace(/^SIG/, '')}`)
