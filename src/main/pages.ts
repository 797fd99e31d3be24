import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { contentSecurityPolicy, inertPolicy, safetyHeaders } from './policy.ts'
import type { DevServer } from './policy.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
}

/** Stands in the page where a fresh nonce goes. */
const noncePlaceholder = 'KEELAN_NONCE'

/** Where pages are read from. */
export interface PageSource {
  readonly folder: string
  readonly devServer?: DevServer | undefined
}

/** Answers a request for a page or what belongs to it. Every place of the app that is no file is its one page. */
export async function servePage({ method, url }: Request, source: PageSource): Promise<Response> {
  if (method !== 'GET') return plainReply(405, 'only GET')
  const { pathname, search } = new URL(url)
  const path = filePath(pathname)
  if (path === null) return plainReply(400, 'no such path')
  const found = source.devServer
    ? await fetchFrom(source.devServer + pathname + search)
    : await read(source.folder, path)
  if (!found) return plainReply(404, 'there is no such file')
  const isPage = found.type.startsWith('text/html')
  if (!isPage)
    return reply(found.content, found.type, source.devServer ? {} : { 'content-security-policy': inertPolicy })
  const nonce = randomBytes(16).toString('base64')
  return reply(found.content.toString().replaceAll(noncePlaceholder, nonce), found.type, {
    'content-security-policy': contentSecurityPolicy(nonce, source.devServer),
  })
}

/** The file that a path means, relative to the folder of the pages; null if it means none inside. */
export function filePath(pathname: string): string | null {
  let decoded: string
  try {
    decoded = decodeURIComponent(pathname)
  } catch {
    return null
  }
  if (/[\0\\]/.test(decoded) || decoded.split('/').includes('..')) return null
  const path = normalize(decoded)
  return extname(path) === '' ? `${sep}index.html` : path
}

interface Found {
  readonly content: Buffer
  readonly type: string
}

async function read(folder: string, path: string): Promise<Found | null> {
  const type = contentTypes[extname(path)]
  if (type === undefined) return null
  try {
    return { content: await readFile(join(folder, path)), type }
  } catch {
    return null
  }
}

async function fetchFrom(address: string): Promise<Found | null> {
  const response = await fetch(address, { headers: { accept: '*/*' } })
  const type = response.headers.get('content-type')
  return response.ok && type ? { content: Buffer.from(await response.arrayBuffer()), type } : null
}

function reply(content: Buffer | string, type: string, headers: Record<string, string>): Response {
  return new Response(content, { headers: { ...safetyHeaders, 'content-type': type, ...headers } })
}

function plainReply(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { ...safetyHeaders, 'content-type': 'text/plain; charset=utf-8', 'content-security-policy': inertPolicy },
  })
}
