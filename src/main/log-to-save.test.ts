import { expect, test } from 'vitest'
import { logToSave } from './log-to-save.ts'

test('the log of a ship is saved under its name', () => {
  expect(logToSave('app://keelan/v1/ships/web/log')).toBe('web.log')
  expect(logToSave('app://keelan/v1/ships/web.api/log?stream=stderr')).toBe('web.api.err.log')
})

test.each([
  'app://keelan/v1/ships/web',
  'app://keelan/v1/ships/web/log/search?text=a',
  'app://keelan/v1/ships/WEB/log',
  'app://keelan/v1/helper/log',
  'app://keelan/index.html',
  'app://elsewhere/v1/ships/web/log',
  'app://a:b@keelan/v1/ships/web/log',
  'https://keelan/v1/ships/web/log',
  'blob:app://keelan/0c6c',
  'data:text/plain,x',
  '',
])('nothing else is: %s', (address) => {
  expect(logToSave(address)).toBeNull()
})
