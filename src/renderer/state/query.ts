import { QueryClient, useQuery } from '@tanstack/react-query'
import type { KeelanEvent } from '../../../helper/api/events.ts'
import type { Incident } from '../../../helper/api/incidents.ts'
import type { Settings } from '../../../helper/api/settings.ts'
import { call } from '../api/client.ts'
import { onEvent, useConnection } from './fleet.ts'

/** Answers of the helper to single requests. What events tell of is asked for anew by itself. */
export const queries = new QueryClient({
  defaultOptions: {
    // The helper is on this machine: whether there is a network does not matter.
    queries: { networkMode: 'always', retry: false, staleTime: 30_000, refetchOnWindowFocus: false },
    mutations: { networkMode: 'always' },
  },
})

export const helperKey = ['helper'] as const
export const settingsKey = ['settings'] as const
export const incidentsKey = ['incidents'] as const
/** `what`: runs, definition, keelanfile, … Every event of the ship makes these be asked for anew. */
export const shipKey = (name: string, ...what: string[]) => ['ship', name, ...what] as const

/** ms between two rounds of asking anew, so that a storm of events makes no storm of requests. */
const roundMs = 500

/** The helper itself; undefined until it answered. */
export function useHelperInfo() {
  return useQuery({ queryKey: helperKey, queryFn: ({ signal }) => call('getHelper', {}, signal), enabled: useThere() })
}

/** What the person has chosen. */
export function useSettings() {
  return useQuery({
    queryKey: settingsKey,
    queryFn: ({ signal }): Promise<Settings> => call('getSettings', {}, signal),
    enabled: useThere(),
  })
}

/** Incidents that last, by ship. */
export function useOpenIncidents(): ReadonlyMap<string, Incident> {
  const { data } = useQuery({
    queryKey: [...incidentsKey, 'open'],
    queryFn: ({ signal }) => call('listIncidents', { query: { open: 'true', limit: 1_000 } }, signal),
    select: byShip,
    enabled: useThere(),
  })
  return data ?? noIncidents
}

/** Makes what events tell of be asked for anew. */
export function invalidateOnEvents(): void {
  const stale = new Map<string, readonly string[]>()
  let timer: ReturnType<typeof setTimeout> | undefined
  onEvent((event) => {
    for (const key of staleAfter(event)) stale.set(key.join(' '), key)
    timer ??= setTimeout(() => {
      timer = undefined
      const keys = [...stale.values()]
      stale.clear()
      for (const queryKey of keys) void queries.invalidateQueries({ queryKey })
    }, roundMs)
  })
}

/** What an event makes worthless of the answers that are known. */
export function staleAfter({ type, name }: Pick<KeelanEvent, 'type' | 'name'>): (readonly string[])[] {
  if (type === 'settings.changed') return [settingsKey, helperKey]
  if (type === 'helper.started') return [helperKey, settingsKey, incidentsKey]
  const ofShip = name === null ? [] : [shipKey(name)]
  return type.startsWith('incident.') ? [incidentsKey, ...ofShip] : ofShip
}

const noIncidents: ReadonlyMap<string, Incident> = new Map()

function byShip({ incidents }: { incidents: Incident[] }): ReadonlyMap<string, Incident> {
  return new Map(incidents.map((incident) => [incident.ship, incident]))
}

/** Nothing is asked while the helper is away; what was known stays. */
function useThere(): boolean {
  return useConnection() === 'connected'
}
