import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { filePath, servePage } from './pages.ts'

let root: string
let folder: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'keelan-pages-'))
  folder = join(root, 'pages')
  mkdirSync(join(folder, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'index.html'), '<meta property="csp-nonce" nonce="KEELAN_NONCE"><p>Keelan</p>')
  writeFileSync(join(folder, 'assets/index-a1.js'), 'x')
  writeFileSync(join(folder, 'assets/secret.key'), 'x')
  writeFileSync(join(root, 'outside.js'), 'x')
  return () => rmSync(root, { recursive: true })
})

const get = (path: string, method = 'GET') => servePage(new Request(`http://keelan${path}`, { method }), { folder })

test('the page comes with a policy that allows nothing but the app itself, and a fresh nonce for its styles', async () => {
  const [one, two] = [await get('/'), await get('/')]
  expect(one.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(one.headers.get('x-content-type-options')).toBe('nosniff')
  const [, nonce] = /nonce="([^"]{20,})"/.exec(await one.text()) ?? []
  expect(one.headers.get('content-security-policy')).toBe(
    `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; font-src 'self'; ` +
      "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; " +
      "require-trusted-types-for 'script'; trusted-types 'none'",
  )
  expect(await two.text()).not.toContain(nonce)
})

test('every place that is no file is the page', async () => {
  expect(await (await get('/ships/web/log')).text()).toContain('<p>Keelan</p>')
})

test('a script comes as one, and does nothing when it is opened as a page', async () => {
  const response = await get('/assets/index-a1.js')
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(response.headers.get('content-security-policy')).toContain('sandbox')
})

test.each(['/assets/gone.js', '/assets/secret.key', '/outside.js'])('there is no %s', async (path) => {
  expect((await get(path)).status).toBe(404)
})

test('pages are read, and nothing else', async () => {
  expect((await get('/', 'POST')).status).toBe(405)
})

test.each(['/../outside.js', '/assets/../../outside.js', '/..\\outside.js', '/a\0.js', '/%2e%2e/outside.js', '/%zz'])(
  'the path %s leads nowhere',
  (path) => {
    expect(filePath(path)).toBeNull()
  },
)

test('while pages are being worked on, they come from the server that builds them, and may talk to it', async () => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', request.url === '/' ? 'text/html' : 'text/javascript')
    response.end(request.url === '/' ? '<script nonce="KEELAN_NONCE">' : request.url)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const devServer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const from = (path: string) => servePage(new Request(`http://keelan${path}`), { folder, devServer })
  expect(await (await from('/@vite/client?t=1')).text()).toBe('/@vite/client?t=1')
  const page = await from('/')
  const policy = page.headers.get('content-security-policy')!
  const [, nonce] = /nonce="([^"]{20,})"/.exec(await page.text()) ?? []
  expect(policy).toContain(`script-src 'self' 'nonce-${nonce}'`)
  expect(policy).toContain(`connect-src 'self' ${devServer} ${devServer.replace('http', 'ws')}`)
})
