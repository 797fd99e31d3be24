/** Less than 0 if version `a` is older than `b`, more if it is newer; 0 also if one of them cannot be read as a version. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parts(a), parts(b)]
  if (!left || !right) return 0
  for (const [n, number] of left.numbers.entries()) {
    const difference = number - (right.numbers[n] ?? 0)
    if (difference !== 0) return difference
  }
  if (left.preview === right.preview) return 0
  // A preview comes before what it is a preview of.
  if (left.preview === '' || right.preview === '') return left.preview === '' ? 1 : -1
  return left.preview.localeCompare(right.preview, 'en', { numeric: true })
}

function parts(version: string): { numbers: number[]; preview: string } | null {
  const [, numbers, preview = ''] = /^(\d+\.\d+\.\d+)(?:-([\w.-]+))?(?:\+.*)?$/.exec(version) ?? []
  return numbers === undefined ? null : { numbers: numbers.split('.').map(Number), preview }
}
