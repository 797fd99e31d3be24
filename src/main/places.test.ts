import { expect, test } from 'vitest'
import { placeOfFile, placeOfGo, placeOfLink } from './places.ts'

test.each([
  ['keelan://ship/web', '/ships/web'],
  ['keelan://ship/web/', '/ships/web'],
  ['keelan://ship/web/log', '/ships/web/log'],
  ['keelan://deploy', '/deploy'],
  ['keelan://deploy/', '/deploy'],
  ['keelan://deploy?name=web&command=npm%20start&cwd=/srv/web', '/deploy?name=web&command=npm+start&cwd=%2Fsrv%2Fweb'],
  ['keelan://deploy?command=curl%20x%3Fa%3D1%23b', '/deploy?command=curl+x%3Fa%3D1%23b'],
])('the link %s shows %s', (link, place) => {
  expect(placeOfLink(link)).toBe(place)
})

test.each([
  'https://ship/web',
  'keelan://ship',
  'keelan://ship/..',
  'keelan://ship/web/remove',
  'keelan://ship/web/log/more',
  'keelan://ship/WEB',
  'keelan://ship/web?start=true',
  'keelan://ship/%2e%2e%2fhelper',
  'keelan://user@ship/web',
  'keelan://ship:80/web',
  'keelan://ship/web#/settings',
  'keelan://deploy/now?name=web',
  'keelan://deploy?name=web&start=true',
  'keelan://deploy?name=web&name=api',
  'keelan://deploy?name=We%20b',
  'keelan://deploy?cwd=srv',
  'keelan://deploy?command=ls%0Arm',
  'keelan://deploy?command=ls%E2%80%AEmr',
  'keelan://stop',
  'keelan:',
  '',
])('the link %s is refused', (link) => {
  expect(placeOfLink(link)).toBeNull()
})

test('a link that is longer than any that is needed is refused', () => {
  expect(placeOfLink(`keelan://deploy?command=${'x'.repeat(4_000)}&name=${'x'.repeat(20_000)}`)).toBeNull()
})

test.each(['/ships', '/ships/web', '/ships/web/log', '/helper', '/settings', '/deploy'])(
  'the place %s can be gone to',
  (place) => {
    expect(placeOfGo(place)).toBe(place)
  },
)

test.each(['', 'ships', '/', '/v1/ships', '/ships/../helper', '/ships/web/log?x', '//evil.example', '/settings/more'])(
  'the place %s is refused',
  (place) => {
    expect(placeOfGo(place)).toBeNull()
  },
)

test('a Keelanfile given as an argument fills in the form, whatever folder it was named from', () => {
  expect(placeOfFile('Keelanfile.yml', '/srv/web')).toBe('/deploy?path=%2Fsrv%2Fweb%2FKeelanfile.yml')
  expect(placeOfFile('/srv/shop.keelan', '/')).toBe('/deploy?path=%2Fsrv%2Fshop.keelan')
})

test('other files given as an argument are left alone', () => {
  for (const path of ['notes.txt', 'NotKeelanfile.yml', '--no-sandbox', '/srv', 'a\n.keelan'])
    expect(placeOfFile(path, '/srv')).toBeNull()
})
