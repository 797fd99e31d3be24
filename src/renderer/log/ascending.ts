/** Index of the first number that is not below `least`, among the first `length`. */
export function firstAtOrAfter(ascending: readonly number[], least: number, length = ascending.length): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ascending[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}
