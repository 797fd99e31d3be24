import { homedir } from 'node:os'
import { fullSpeed } from '../full-speed.ts'
import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

type KeelanfileRoute = 'readKeelanfile' | 'findShips' | 'getKeelanfile'

/** Keelanfiles, for who deploys with forms. Libraries for YAML are loaded when they are first needed: most helpers never do. */
export function keelanfileRoutes({ ships }: Pick<Services, 'ships'>): Pick<Handlers, KeelanfileRoute> {
  return {
    readKeelanfile: async ({ body: { text, folder } }) => {
      const { parseKeelanfileApart } = await import('../../keelanfile/parse-apart.ts')
      const slowDown = fullSpeed()
      const result = await parseKeelanfileApart(text, { folder, home: homedir() }).finally(slowDown)
      return result.ok ? { ships: result.definitions, faults: [] } : { ships: [], faults: result.faults }
    },
    findShips: async ({ body }) => {
      const { findShips } = await import('../../keelanfile/find-ships.ts')
      return findShips(body.path)
    },
    getKeelanfile: async ({ params, query }) => {
      const { definition } = await ships.detail(params.name, { showEnv: query.env })
      const { printKeelanfile } = await import('../../keelanfile/print.ts')
      return { text: printKeelanfile([definition]) }
    },
  }
}
