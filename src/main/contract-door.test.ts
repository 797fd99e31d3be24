import { expect, test } from 'vitest'
import { routes } from '../../helper/api/routes.ts'
import { passedOn } from './contract-door.ts'

const pass = (method: string, path: string) => passedOn(method, new URL(path, 'app://keelan'))
/** As it would come from somebody who does not write it as a browser does. */
const passRaw = (method: string, pathname: string) => passedOn(method, { pathname, search: '' } as URL)

test('every route of the contract goes on', () => {
  for (const { method, path } of Object.values(routes)) {
    const address = path.replace(':name', 'web-1.x').replace(':id', '17')
    expect(pass(method, address), address).toEqual({ method, path: address })
  }
})

test('the description of the API goes on, as a GET only', () => {
  expect(pass('GET', '/v1/openapi.json')).toEqual({ method: 'GET', path: '/v1/openapi.json' })
  expect(pass('POST', '/v1/openapi.json')).toBeNull()
})

test('the query goes on as it is: the helper checks it', () => {
  expect(pass('GET', '/v1/ships/web/log?from=0%3A12&grep=a%20b')?.path).toBe('/v1/ships/web/log?from=0%3A12&grep=a%20b')
})

test.each(['HEAD', 'OPTIONS', 'PATCH', 'TRACE', 'POST'])('the method %s does not get a list of ships', (method) => {
  expect(pass(method, '/v1/ships')).toBeNull()
})

test.each([
  '/v1/',
  '/v1/ships/',
  '/v1/nothing',
  '/v2/ships',
  '/v1/ships/WEB',
  '/v1/ships/web/log/more',
  '/v1/ships/we b',
  '/v1/ships/web%00',
])('GET %s does not go on', (path) => {
  expect(pass('GET', path)).toBeNull()
})

test.each([
  '/v1/ships/%2e%2e/helper',
  '/v1/ships/..%2fhelper',
  '/v1/ships/web%2flog',
  '/v1/ships/web%5clog',
  '/v1//ships',
  '//v1/ships',
  '/v1/ships/web//log',
  '/v1\\ships',
  '/v1/ships/%252e%252e',
  '/v1/ships/..',
  '/v1/ships/%ff',
  '/v1/./ships',
])('the path %s, which two readers could take for two, does not go on', (pathname) => {
  expect(passRaw('GET', pathname)).toBeNull()
})

test('what goes on is written anew from the values in it', () => {
  expect(passRaw('POST', '/v1/notifications/a:b/told')?.path).toBe('/v1/notifications/a%3Ab/told')
  expect(passRaw('GET', '/v1/ships/%77eb')?.path).toBe('/v1/ships/web')
})
