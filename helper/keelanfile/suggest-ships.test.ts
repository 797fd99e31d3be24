import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { ShipName } from '../api/definition.ts'
import { shipNameFrom, suggestShips } from './suggest-ships.ts'

const json = (value: unknown): string => JSON.stringify(value)
const script = Buffer.from('#!/b')
const binary = Buffer.from('\x7fELF', 'latin1')

test('suggests the scripts of a package.json that go on running, under the name of the package', () => {
  const text = json({ name: '@owner/Shop Front', scripts: { build: 'x', serve: 'y', start: 'z', prestart: 'p' } })
  expect(suggestShips('/srv/shop', [{ name: 'package.json', text }])).toEqual([
    {
      name: 'shop-front',
      command: ['npm', 'run', 'start'],
      cwd: '/srv/shop',
      source: 'script "start" in package.json',
    },
    {
      name: 'shop-front-serve',
      command: ['npm', 'run', 'serve'],
      cwd: '/srv/shop',
      source: 'script "serve" in package.json',
    },
  ])
})

test.each(['', 'not JSON', '[]', '7', 'null', '{"scripts": "start"}', '{"scripts": null}', '{"scripts": {}}'])(
  'suggests nothing for a package.json without scripts: %s',
  (text) => expect(suggestShips('/srv', [{ name: 'package.json', text }])).toEqual([]),
)

test('suggests each line of a Procfile as it is written there', () => {
  const text =
    '# comment\nweb: node server.js --port $PORT\r\n\nurgent_Worker:\tbundle exec jobs\nno command:\nnothing\n'
  expect(suggestShips('/srv', [{ name: 'Procfile', text }])).toMatchObject([
    { name: 'web', command: 'node server.js --port $PORT', source: '"web" in Procfile' },
    { name: 'urgent_worker', command: 'bundle exec jobs', source: '"urgent_Worker" in Procfile' },
  ])
})

test('suggests programs in Python by the names they usually have, once also if they may be executed', () => {
  const files = [{ name: 'app.py', head: script }, { name: 'manage.py' }, { name: 'models.py' }]
  expect(suggestShips('/srv/blog', files)).toMatchObject([
    { name: 'blog-app', command: ['python3', 'app.py'] },
    { name: 'blog-manage', command: ['python3', 'manage.py', 'runserver'] },
  ])
})

test('suggests executable scripts and binaries, at most 20, but no libraries', () => {
  const files = [
    { name: 'run.sh', head: script },
    { name: 'server', head: binary },
    { name: 'libx.so', head: binary },
    { name: 'libx.so.1', head: binary },
    { name: 'photo.jpg', head: Buffer.from('\xff\xd8\xff\xe0', 'latin1') },
    { name: 'plain' },
  ]
  expect(suggestShips('/srv', files)).toMatchObject([
    { name: 'run', command: ['./run.sh'], source: 'program run.sh' },
    { name: 'server', command: ['./server'], source: 'program server' },
  ])
  const many = Array.from({ length: 30 }, (_, n) => ({ name: `p${n}`, head: binary }))
  expect(suggestShips('/srv', many)).toHaveLength(20)
})

test('a name is given once', () => {
  const files = [
    { name: 'Procfile', text: 'web: a\nWeb: b\nweb: c' },
    { name: 'web', head: binary },
  ]
  expect(suggestShips('/srv', files).map(({ name }) => name)).toEqual(['web', 'web-2', 'web-3', 'web-4'])
})

test.each([
  ['Hello World', 'hello-world'],
  ['  .hidden', 'hidden'],
  ['ümlaut', 'mlaut'],
  ['日本', 'ship'],
  ['', 'ship'],
  ['a'.repeat(80), 'a'.repeat(63)],
])('the ship name for %j is %s', (text, name) => expect(shipNameFrom(text)).toBe(name))

test('whatever files are called, names of ships are valid and differ', () => {
  const file = fc.record({ name: fc.string(), head: fc.constant(script) })
  fc.assert(
    fc.property(fc.string(), fc.array(file), (folder, files) => {
      const names = suggestShips(`/${folder}`, files).map(({ name }) => name)
      for (const name of names) expect(ShipName.safeParse(name).success, name).toBe(true)
      expect(new Set(names).size).toBe(names.length)
    }),
  )
})
