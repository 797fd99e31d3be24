/** When old runs and events are forgotten: at night, and not on the hour, when everything else runs. */
const retentionTime = '17 3 * * *'
/**
 * How long after the helper's start the nights begin to count, in ms. To find the next one node-cron formats dates, for which
 * Intl's data comes into memory (9 MB): a helper that is soon replaced by another needs none of it.
 */
const beginAfterMs = 3_600_000

/** Calls `forget` every night until `stop`. */
export function beginRetention(forget: () => Promise<void>): { stop: () => Promise<void> } {
  let task: { stop: () => unknown } | null = null
  let isStopped = false
  const timer = setTimeout(() => {
    void import('node-cron').then(({ schedule }) => {
      if (!isStopped) task = schedule(retentionTime, forget, { name: 'retention' })
    })
  }, beginAfterMs)
  return {
    stop: async () => {
      isStopped = true
      clearTimeout(timer)
      await task?.stop()
    },
  }
}
