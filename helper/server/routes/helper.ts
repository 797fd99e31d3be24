import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

/** The helper itself. `onStopped` is called once the reply to `stopHelper` was sent, or nobody is there any more to read it. */
export function helperRoutes({ helper }: Services, onStopped: () => void): Pick<Handlers, 'getHelper' | 'stopHelper'> {
  return {
    getHelper: () => helper.info(),
    stopHelper: async ({ body }, response) => {
      const stoppedShips = await helper.stop(body)
      if (response.destroyed) onStopped()
      else response.once('close', onStopped)
      return { stoppedShips }
    },
  }
}
