import type { Ship } from '../../../helper/api/ship.ts'
import type { HelperState } from '../../preload/desktop.ts'
import type { Standing } from './standing.ts'
import type { Clock } from './throttle.ts'

export const helperRuns: HelperState = { state: 'running', version: '1.0.0', newer: false }

/** A ship that stands so. */
export function aShip(name: string, standing: Standing): Ship {
  const base = {
    name,
    wish: 'up',
    health: standing === 'unhealthy' ? 'unhealthy' : null,
    stoppedAt: null,
    exitCode: null,
    signal: null,
    restarts: 0,
    uptimeSeconds: null,
    definitionChanged: false,
    command: 'true',
    pid: null,
    startedAt: null,
    nextStartAt: null,
    reason: null,
  } as const
  const at = '2026-11-22T10:00:00.000Z'
  switch (standing) {
    case 'running':
    case 'unhealthy':
      return { ...base, status: 'running', pid: 4711, startedAt: at }
    case 'backoff':
      return { ...base, status: standing, nextStartAt: at, reason: 'exited with code 7' }
    case 'failed':
      return { ...base, status: standing, reason: 'exited with code 7' }
    case 'starting':
    case 'stopping':
    case 'stopped':
      return { ...base, status: standing }
  }
}

/** Ships that all stand so. */
export const ships = (standing: Standing, ...names: string[]): Ship[] => names.map((name) => aShip(name, standing))

/** Time that passes when a test says so, in ms. */
export function testClock(): Clock & { pass(ms: number): void } {
  let nowMs = 0
  let timers: { atMs: number; call: () => void }[] = []
  return {
    now: () => nowMs,
    after: (delayMs, call) => {
      const timer = { atMs: nowMs + delayMs, call }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    pass: (ms) => {
      const endMs = nowMs + ms
      for (;;) {
        const [next] = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)
        if (!next) break
        timers = timers.filter((timer) => timer !== next)
        nowMs = next.atMs
        next.call()
      }
      nowMs = endMs
    },
  }
}
