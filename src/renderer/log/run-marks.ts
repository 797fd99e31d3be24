import type { Run } from '../../../helper/api/ship.ts'
import { type LogLine, parsePosition } from './log-line.ts'

/** A run that began in this log. */
export interface RunMark {
  readonly run: Run
  /** The one before it. */
  readonly before: Run | undefined
  readonly offset: number
}

/** Where runs began in a log of this generation, in the order of the log. `runs` are newest first. */
export function runMarks(runs: readonly Run[], generation: number): RunMark[] {
  return runs
    .flatMap((run, index) => {
      const position = parsePosition(run.logPosition)
      if (position?.generation !== generation) return []
      return [{ run, before: runs[index + 1], offset: position.offset }]
    })
    .reverse()
}

/** The marks above each line, by its offset: a run that began in the middle of a line is above the next one. */
export function marksOfLines(marks: readonly RunMark[], lines: readonly LogLine[]): Map<number, RunMark[]> {
  const found = new Map<number, RunMark[]>()
  const first = lines[0]?.offset ?? 0
  let index = 0
  for (const mark of marks) {
    if (mark.offset < first) continue
    while (index < lines.length && lines[index]!.offset < mark.offset) index++
    const line = lines[index]
    if (!line) break
    found.set(line.offset, [...(found.get(line.offset) ?? []), mark])
  }
  return found
}
