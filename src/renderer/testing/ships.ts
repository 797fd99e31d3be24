import type { Ship } from '../../../helper/api/ship.ts'

const base = {
  wish: 'up',
  health: null,
  stoppedAt: null,
  exitCode: null,
  signal: null,
  restarts: 0,
  uptimeSeconds: null,
  definitionChanged: false,
  command: 'sleep 1000',
  nextStartAt: null,
} as const

type Running = Extract<Ship, { status: 'running' }>
type Stopped = Extract<Ship, { status: 'stopped' }>

/** A ship that runs, for tests. */
export function runningShip(name: string, changes: Partial<Running> = {}): Running {
  return {
    ...base,
    name,
    status: 'running',
    pid: 4711,
    startedAt: '2026-11-22T10:00:00.000Z',
    reason: null,
    ...changes,
  }
}

/** A ship that was stopped, for tests. */
export function stoppedShip(name: string, changes: Partial<Stopped> = {}): Stopped {
  return { ...base, name, wish: 'down', status: 'stopped', pid: null, startedAt: null, reason: null, ...changes }
}
