import { Exit, exitCodes } from './failure.ts'

/** Follows something until it ends or Ctrl-C is pressed, which ends the command with 130. */
export async function untilInterrupted(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController()
  const interrupt = () => controller.abort()
  process.once('SIGINT', interrupt)
  try {
    await task(controller.signal)
  } catch (error) {
    if (!controller.signal.aborted) throw error
  } finally {
    process.off('SIGINT', interrupt)
  }
  if (controller.signal.aborted) throw new Exit(exitCodes.interrupted)
}
