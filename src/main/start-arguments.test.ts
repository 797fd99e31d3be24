import { expect, test } from 'vitest'
import { startArguments } from './start-arguments.ts'

const read = (...words: string[]) => startArguments(words, '/srv')

test('without arguments the window opens where it opens by itself', () => {
  expect(read()).toEqual({ hidden: false, place: null, ignored: [] })
})

test('a start at login opens no window', () => {
  expect(read('--no-sandbox', '--hidden')).toEqual({ hidden: true, place: null, ignored: [] })
})

test('a place is given with --go, in one word or two', () => {
  expect(read('--go', '/ships/web/log').place).toBe('/ships/web/log')
  expect(read('--go=/ships/web/log').place).toBe('/ships/web/log')
})

test('a link and a Keelanfile are places too, and the last one counts', () => {
  expect(read('keelan://ship/web').place).toBe('/ships/web')
  expect(read('keelan://ship/web', 'shop.keelan').place).toBe('/deploy?path=%2Fsrv%2Fshop.keelan')
})

test('what is no place is left alone and said', () => {
  expect(read('--go', '/v1/ships', 'keelan://stop', 'notes.txt', '--go')).toEqual({
    hidden: false,
    place: null,
    ignored: ['--go /v1/ships', 'keelan://stop', 'notes.txt', '--go '],
  })
})
