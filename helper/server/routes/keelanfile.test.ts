import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { testDefinition } from '../test-services.ts'
import { testServer } from '../test-server.ts'

const post = (body: object) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

test('a Keelanfile is read into complete definitions, from the folder it is said to lie in', async () => {
  const { send } = await testServer()
  const text = 'ships: {shop: {command: [node, shop.js], cwd: app, env_file: ~/shop.env}}'
  const { status, json } = await send('/v1/keelanfile/read', post({ text, folder: '/srv' }))
  expect(status).toBe(200)
  expect(json).toMatchObject({
    ships: [{ name: 'shop', command: ['node', 'shop.js'], cwd: '/srv/app', envFile: [join(homedir(), 'shop.env')] }],
    faults: [],
  })
})

test('whatever is wrong with the text is in the reply, with its place, and is no error', async () => {
  const { send, services } = await testServer()
  const before = services.seq
  const faulty = 'ships:\n  web:\n    comand: x\n    restart: often\n'
  const { status, json } = await send('/v1/keelanfile/read', post({ text: faulty, folder: '/srv' }))
  expect(status).toBe(200)
  expect(json).toMatchObject({
    ships: [],
    faults: [
      { line: 3, column: 5, key: 'ships.web.comand' },
      { line: 4, column: 14, key: 'ships.web.restart' },
    ],
  })
  for (const text of ['', '\0', 'ships: [', '- '.repeat(50_000)]) {
    const reply = await send('/v1/keelanfile/read', post({ text, folder: '/srv' }))
    expect(reply.status, text.slice(0, 10)).toBe(200)
    expect(reply.json.faults.length).toBeGreaterThan(0)
  }
  expect(services.seq).toBe(before)
})

test('a ship is given as a Keelanfile, with *** for the values of variables unless they are asked for', async () => {
  const { send, services } = await testServer()
  services.definitions.set('shop', testDefinition('shop', { command: ['serve'], env: { TOKEN: 'swordfish' } }))
  const masked = await send('/v1/ships/shop/keelanfile')
  expect(masked.json.text).toContain('TOKEN: "***"')
  expect(masked.text).not.toContain('swordfish')
  const { json } = await send('/v1/ships/shop/keelanfile?env=true')
  const read = await send('/v1/keelanfile/read', post({ text: json.text, folder: '/elsewhere' }))
  expect(read.json).toEqual({ ships: [services.definitions.get('shop')], faults: [] })
  expect((await send('/v1/ships/none/keelanfile')).json).toMatchObject({ code: 'SHIP_NOT_FOUND' })
})

test('what a folder holds is found by its path; a path that leads nowhere is refused by name', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-find-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'Procfile'), 'web: node x.js\n')
  const { send } = await testServer()
  expect((await send('/v1/keelanfile/find', post({ path: folder }))).json).toMatchObject({
    folder,
    keelanfile: null,
    suggestions: [{ name: 'web', command: 'node x.js', cwd: folder }],
  })
  const refused = await send('/v1/keelanfile/find', post({ path: '/no/where' }))
  expect(refused).toMatchObject({ status: 400, json: { code: 'INVALID_REQUEST', message: '/no/where does not exist' } })
})
