interface Hours {
  readonly from: string
  readonly to: string
}

/** What quiet hours mean, in words, said plainly when they go over midnight. */
export function quietWords({ from, to }: Hours): string {
  const next = to < from ? ' of the next day' : ''
  return `Nothing is shown from ${from} to ${to}${next}; what failed meanwhile is told at ${to}, in one notification.`
}

/** What is wrong with quiet hours as they were typed; null: nothing. A time that was not typed in full is empty. */
export function quietFault({ from, to }: Hours): string | null {
  if (from === '' || to === '') return 'Both times are needed, such as 22:00 and 07:00.'
  return from === to ? 'They begin and end at the same time; choose two that differ.' : null
}
