import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { dirname } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Ship } from '../../api/ship.ts'
import { baseDirectory } from '../../base-directory.ts'
import type { Context } from '../context.ts'

export type Handler = (body: unknown, request: IncomingMessage, response: ServerResponse) => unknown

/** Answers on the helper's socket, by `METHOD /path` (without the query). What a handler returns is the reply; undefined: it has replied itself. */
export async function fakeHelper(
  { env }: Context,
  handlers: Record<string, Handler>,
): Promise<{ asked: string[]; close(): Promise<void> }> {
  const { socket } = baseDirectory(env)
  mkdirSync(dirname(socket), { recursive: true })
  const asked: string[] = []
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    asked.push(`${request.method} ${request.url}`)
    const handler = handlers[`${request.method} ${request.url?.split('?')[0]}`]
    const reply = handler
      ? handler(text === '' ? null : JSON.parse(text), request, response)
      : failure('NOT_FOUND', 'no such path')
    if (reply === undefined) return
    response.statusCode = isFailure(reply) ? 400 : 200
    response.end(JSON.stringify(reply))
  }
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  onTestFinished(close)
  return { asked, close }
}

export const failure = (code: string, message: string) => ({ code, message, details: null })

const isFailure = (reply: unknown): boolean => typeof (reply as { code?: unknown }).code === 'string'

/** A ship that runs, or as told. */
export function someShip(name: string, more: Partial<Record<keyof Ship, unknown>> = {}): Ship {
  const ship = {
    name,
    wish: 'up',
    health: 'unknown',
    status: 'running',
    pid: 4711,
    startedAt: '2026-11-22T10:00:00.000Z',
    stoppedAt: null,
    nextStartAt: null,
    reason: null,
    exitCode: null,
    signal: null,
    restarts: 0,
    uptimeSeconds: 61,
    definitionChanged: false,
    command: 'sleep 1000',
    ...more,
  }
  return ship as unknown as Ship
}

export const stopped = {
  status: 'stopped',
  pid: null,
  startedAt: null,
  uptimeSeconds: null,
  health: null,
}
