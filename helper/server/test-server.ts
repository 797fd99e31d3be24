import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createServer, type Server, type ServerOptions } from './server.ts'
import { testDefinition, TestServices } from './test-services.ts'

export interface TestServer {
  services: TestServices
  server: Server
  socketPath: string
  /** What the server wrote to the helper's log. */
  logged: string[]
  send: (path: string, options?: SendOptions) => Promise<Reply>
  /** Sends bytes as they are, and leaves the connection open. */
  raw: (text: string) => Socket
}

interface SendOptions {
  method?: string
  headers?: Record<string, string>
  body?: string | Buffer
}

interface Reply {
  status: number
  headers: IncomingHttpHeaders
  text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever came, for a test to look into
  json: any
}

/** For tests: the true server on a socket of its own, with the ships `web` and `worker`; gone when the test ends. */
export async function testServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-server-'))
  const services = new TestServices(folder)
  const ships = ['web', 'worker'].map((name) => testDefinition(name))
  await services.ships.apply({ ships, shellEnvironment: {}, replace: false, start: true, dryRun: false })
  const logged: string[] = []
  const log = { debug: () => {}, warn: (line: string) => logged.push(line), error: (line: string) => logged.push(line) }
  const server = createServer(services, { version: '1.2.3', log, onStopped: () => {}, checkReplies: true, ...options })
  const socketPath = join(folder, 'keelan.sock')
  await server.listen(socketPath)
  onTestFinished(async () => {
    await server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return {
    services,
    server,
    socketPath,
    logged,
    send: (path, sent) => send(socketPath, path, sent),
    raw: (text) => {
      const socket = connect(socketPath)
      socket.on('error', () => {})
      socket.write(text)
      return socket
    },
  }
}

function send(
  socketPath: string,
  path: string,
  { method = 'GET', headers, body = '' }: SendOptions = {},
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    // Without a length, node would send the body of a GET unframed.
    const framed = { 'content-length': String(Buffer.byteLength(body)), ...headers }
    const request = httpRequest({ socketPath, path, method, headers: framed, agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        let json: unknown
        try {
          json = JSON.parse(text)
        } catch {}
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json })
      })
    })
    request.on('error', reject)
    request.end(body)
  })
}

/** Everything a connection gives until it is closed. */
export async function allOf(socket: Socket): Promise<string> {
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  if (!socket.closed) await new Promise((resolve) => socket.on('close', resolve))
  return text
}

/** Something to wait for. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}
