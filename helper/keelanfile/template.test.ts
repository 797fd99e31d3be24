import { expect, test } from 'vitest'
import { keys } from './keys.ts'
import { parseKeelanfile } from './parse.ts'
import { keelanfileTemplate } from './template.ts'

const folders = { folder: '/srv/app', home: '/home/ada' }

test('the Keelanfile that init writes is one, and has one ship that does no harm', () => {
  const result = parseKeelanfile(keelanfileTemplate(), folders)
  expect(result).toMatchObject({ ok: true, definitions: [{ name: 'hello' }] })
})

test('its examples are right, and there is one for every key', () => {
  const uncommented = keelanfileTemplate().replace(/^( *)#(?! )/gm, '$1')
  const result = parseKeelanfile(uncommented, folders)
  if (!result.ok) throw new Error(JSON.stringify(result.faults))
  const [hello, allKeys] = result.definitions
  expect(hello).toMatchObject({ restart: 'always' })
  expect(allKeys).toMatchObject({ name: 'all-keys', nice: 10, root: '/srv/jail', limits: { cpuSeconds: 3_600 } })
  for (const { name } of keys) expect(uncommented).toContain(`${name.split('.').at(-1)}: `)
})
