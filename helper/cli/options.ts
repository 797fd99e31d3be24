import { InvalidArgumentError, Option } from 'commander'
import { duration } from '../keelanfile/values.ts'
import type { Value } from '../keelanfile/values.ts'

/** Reads one value of an option as a Keelanfile would: digits are a number, `true` and `false` are what they say. */
export function readOption<T>(option: Value<T>, typed: string): T {
  const written = option.asText ? typed : typed === 'true' || typed === 'false' ? typed === 'true' : numberIn(typed)
  const value = option.read(written)
  if (value === undefined) throw new InvalidArgumentError(`It must be ${option.expected}.`)
  return value
}

const numberIn = (typed: string): string | number => (/^-?\d+(\.\d+)?$/.test(typed) ? Number(typed) : typed)

/** A whole number of at least `least`. */
export function count(least: number): (typed: string) => number {
  return (typed) => {
    const value = /^\d{1,7}$/.test(typed) ? Number(typed) : -1
    if (value < least) throw new InvalidArgumentError(`It must be a whole number, ${least} or more.`)
    return value
  }
}

export const jsonOption = (help = 'as JSON, for programs'): Option => new Option('--json', help)

export const allOption = (): Option => new Option('--all', 'all ships')

export const timeoutOption = (): Option =>
  new Option(
    '--timeout <duration>',
    'time between the stop signal and SIGKILL, instead of its own stop_timeout',
  ).argParser((typed) => readOption(duration, typed))

/** The body of a request to stop or restart. */
export const graceOf = ({ timeout }: { timeout?: number }): { graceMs?: number } =>
  timeout === undefined ? {} : { graceMs: timeout }
