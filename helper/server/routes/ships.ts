import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

type ShipRoute = 'listShips' | 'applyShips' | 'getShip' | 'removeShip' | 'startShip' | 'stopShip' | 'restartShip'

/** Ships: what there is, and every command to them. */
export function shipRoutes({ ships }: Services): Pick<Handlers, ShipRoute> {
  return {
    listShips: () => ships.snapshot(),
    applyShips: async ({ body }) => ({ ships: await ships.apply(body) }),
    getShip: ({ params, query }) => ships.detail(params.name, { showEnv: query.env }),
    removeShip: async ({ params, query }) => ({
      name: params.name,
      keptLogFiles: await ships.remove(params.name, { deleteLog: query.deleteLog }),
    }),
    startShip: ({ params }) => ships.start(params.name),
    stopShip: ({ params, body }) => ships.stop(params.name, body.graceMs),
    restartShip: ({ params, body }) => ships.restart(params.name, body.graceMs),
  }
}
