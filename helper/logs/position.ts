/** A place in a log: `offset` bytes into its `generation`, which counts how often the file was begun afresh. */
export interface Position {
  generation: number
  offset: number
}

/** Prints a position as `GENERATION:OFFSET`. */
export function formatPosition({ generation, offset }: Position): string {
  return `${generation}:${offset}`
}

/** Reads back what `formatPosition` printed; `undefined` for anything else, other spellings of a number included. */
export function parsePosition(text: string): Position | undefined {
  const match = /^([1-9]\d{0,9}):(0|[1-9]\d{0,15})$/.exec(text)
  if (!match) return undefined
  const position = { generation: Number(match[1]), offset: Number(match[2]) }
  return position.generation <= 0xffff_ffff && Number.isSafeInteger(position.offset) ? position : undefined
}
