export interface Comparison {
  readonly name: string
  readonly samples: readonly number[]
}

/** One line of the result: what was measured, what was hoped for, and what the same run measured to compare it with. */
export interface Figure {
  readonly name: string
  readonly unit: 'ms' | 's' | 'MB'
  readonly samples: readonly number[]
  /** The median should stay below this. A miss is printed, and fails nothing: it is a benchmark, not a test. */
  readonly aim?: number
  readonly against?: readonly Comparison[]
}

/** The value that this share of the samples does not exceed, between 0 and 1; between two samples, in proportion. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)] ?? NaN
  const above = sorted[Math.ceil(at)] ?? NaN
  return below + (above - below) * (at % 1)
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5)

/** Figures as programs read them. */
export function asJson(figures: readonly Figure[]): object[] {
  return figures.map(({ name, unit, samples, aim = null, against = [] }) => ({
    name,
    unit,
    median: median(samples),
    p5: quantile(samples, 0.05),
    p95: quantile(samples, 0.95),
    n: samples.length,
    aim,
    met: aim === null ? null : median(samples) < aim,
    ratios: Object.fromEntries(against.map((other) => [other.name, ratio(samples, other.samples)])),
    samples,
  }))
}

/** Figures as people read them. The spread is from the 5th to the 95th percentile. */
export function asTable(figures: readonly Figure[]): string {
  const heads = ['figure', 'median', 'p5 to p95', 'n', 'aim', 'ratio, in this run']
  const rows = [heads, ...figures.map(cells)]
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column === 0 || column > 3 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
  return [line(heads), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.slice(1).map(line)].join('\n')
}

function cells({ name, unit, samples, aim, against = [] }: Figure): string[] {
  const spread = samples.length > 1 ? `${short(quantile(samples, 0.05))} to ${short(quantile(samples, 0.95))}` : ''
  const verdict = aim === undefined ? '' : `< ${aim} ${unit}: ${median(samples) < aim ? 'met' : 'missed'}`
  const ratios = against.map((other) => `${ratio(samples, other.samples).toFixed(2)}x ${other.name}`)
  return [name, `${short(median(samples))} ${unit}`, spread, String(samples.length), verdict, ratios.join(', ')]
}

const ratio = (samples: readonly number[], others: readonly number[]): number => median(samples) / median(others)

/** Three digits that count. */
function short(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0)
  if (Math.abs(value) >= 10) return value.toFixed(1)
  return Math.abs(value) >= 1 ? value.toFixed(2) : value.toFixed(3)
}
