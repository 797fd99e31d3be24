import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { KeelanError } from '../api/errors.ts'
import { findShips } from './find-ships.ts'

function project(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'keelan-find-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  return folder
}

const refusal = async (path: string): Promise<KeelanError> => {
  const error = await findShips(path).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(KeelanError)
  return error as KeelanError
}

test.each(['Keelanfile.yml', 'Keelanfile.yaml'])(
  'a folder with a %s gives its text as it is, faults and all',
  async (name) => {
    const folder = project({ [name]: 'ships: [', 'other.txt': '' })
    const found = { folder, keelanfile: { path: join(folder, name), text: 'ships: [' }, suggestions: [] }
    expect(await findShips(folder)).toEqual(found)
    expect(await findShips(join(folder, name))).toEqual(found)
  },
)

test('a file is a Keelanfile by its name: *.keelan too', async () => {
  const folder = project({ 'shop.keelan': 'ships: {}', 'shop.yml': 'ships: {}' })
  expect(await findShips(join(folder, 'shop.keelan'))).toMatchObject({ keelanfile: { text: 'ships: {}' } })
  expect(await findShips(join(folder, 'shop.yml'))).toEqual({ folder, keelanfile: null, suggestions: [] })
})

test('a folder without one gives what could be run in it; nothing is executed', async () => {
  const folder = project({
    Procfile: 'web: node x.js',
    'run.sh': '#!/bin/sh\ntouch "$(dirname "$0")/was-run"\n',
    data: '#!/bin/sh\n',
  })
  chmodSync(join(folder, 'run.sh'), 0o755)
  mkdirSync(join(folder, 'main.py'))
  symlinkSync('/nowhere', join(folder, 'app.py.link'))
  const found = await findShips(folder)
  expect(found.keelanfile).toBeNull()
  expect(found.suggestions).toMatchObject([
    { name: 'web', command: 'node x.js', cwd: folder },
    { name: 'run', command: ['./run.sh'], cwd: folder },
  ])
  expect(await findShips(folder)).toEqual(found)
})

test('a single program is suggested', async () => {
  const folder = project({ 'main.py': '' })
  expect(await findShips(join(folder, 'main.py'))).toMatchObject({
    folder,
    suggestions: [{ command: ['python3', 'main.py'] }],
  })
})

test('what is missing, too long, or neither folder nor file is refused by name', async () => {
  const folder = project({ 'Keelanfile.yml': 'x'.repeat(1_048_577) })
  execFileSync('mkfifo', [join(folder, 'pipe.keelan')])
  for (const [path, why] of [
    [join(folder, 'missing'), 'does not exist'],
    [join(folder, 'Keelanfile.yml', 'inside'), 'does not exist'],
    [folder, 'is longer than 1 MiB'],
    [join(folder, 'pipe.keelan'), 'is neither a folder nor a file'],
  ] as const) {
    const { code, message } = await refusal(path)
    expect(code).toBe('INVALID_REQUEST')
    expect(message).toContain(path)
    expect(message).toContain(why)
  }
})

test.skipIf(process.getuid?.() === 0)('what may not be read is refused by name', async () => {
  const folder = project({ 'Keelanfile.yml': 'ships: {}' })
  chmodSync(folder, 0)
  expect((await refusal(folder)).message).toBe(`${folder} cannot be read (EACCES)`)
})

test('a pipe called like a file that is read does not make it wait', async () => {
  const folder = project({})
  for (const name of ['package.json', 'Procfile', 'Keelanfile.yaml']) execFileSync('mkfifo', [join(folder, name)])
  expect((await refusal(folder)).message).toContain('Keelanfile.yaml is not a file')
})

test('a mark of the byte order at the beginning of a file, as some editors leave one, hides nothing', async () => {
  const folder = project({
    'package.json': '\ufeff{"name": "shop", "scripts": {"start": "x"}}',
    Procfile: '\ufeffweb: y',
  })
  expect((await findShips(folder)).suggestions).toMatchObject([{ name: 'shop' }, { name: 'web' }])
})
