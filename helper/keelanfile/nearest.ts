/** The known word that was most likely meant, or undefined if none is close: at most a third of its letters may differ. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const [best] = known
    // What is much longer or shorter cannot be near, however long it takes to find that out.
    .filter((candidate) => Math.abs(candidate.length - word.length) <= candidate.length / 3)
    .map((candidate) => ({ candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, distance }) => distance <= candidate.length / 3)
    .sort((a, b) => a.distance - b.distance)
  return best?.candidate
}

/** ` (did you mean "…"?)`, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const meant = nearest(word, known)
  return meant === undefined ? '' : `; did you mean "${meant}"?`
}

/** Letters to insert, remove, replace or swap with a neighbour (optimal string alignment). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const replace = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      const swap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : Infinity
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, replace, swap))
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}
