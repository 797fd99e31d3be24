import { expect, test } from 'vitest'
import { routes } from '../api/routes.ts'
import { testServer } from './test-server.ts'

test('describes every route and method of the contract, and nothing else', async () => {
  const { send } = await testServer()
  const { json, headers } = await send('/v1/openapi.json')
  expect(headers['content-type']).toMatch('application/json')
  expect(json).toMatchObject({ openapi: '3.1.1', info: { title: 'Keelan', version: '1.2.3' } })
  const described = Object.entries<Record<string, { operationId: string }>>(json.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => [operationId, method.toUpperCase(), path]),
  )
  const contract = Object.entries(routes).map(([name, { method, path }]) => [
    name,
    method,
    path.replaceAll(/:(\w+)/g, '{$1}'),
  ])
  expect(new Set(described)).toEqual(new Set(contract))
})

test('every operation has its parameters, its body, a reply and the error reply', async () => {
  const { send } = await testServer()
  const { json } = await send('/v1/openapi.json')
  const needed = ['/v1/ships/:name/log/search?text']
  for (const { method, path, params, query, body } of Object.values(routes)) {
    const operation = json.paths[path.replaceAll(/:(\w+)/g, '{$1}')][method.toLowerCase()]
    const names = operation.parameters.map(
      (parameter: { in: string; name: string }) => `${parameter.in} ${parameter.name}`,
    )
    expect(names).toEqual([
      ...Object.keys(params.shape).map((key) => `path ${key}`),
      ...Object.keys(query.shape).map((key) => `query ${key}`),
    ])
    for (const parameter of operation.parameters) {
      expect(parameter.required).toBe(parameter.in === 'path' || needed.includes(`${path}?${parameter.name}`))
      expect(parameter.schema.type).toMatch(/string|integer|boolean/)
    }
    expect('requestBody' in operation).toBe(Object.keys(body.shape).length > 0)
    expect(operation.responses[200].description).toMatch(/./)
    expect(operation.responses.default).toEqual({ $ref: '#/components/responses/Error' })
    expect(operation.tags).toEqual([path.split('/')[2]])
  }
})

test('all its references lead somewhere, within the document', async () => {
  const { send } = await testServer()
  const { json, text } = await send('/v1/openapi.json')
  const references = [...text.matchAll(/"\$ref": "([^"]+)"/g)].map(([, reference]) => reference!)
  expect(references.length).toBeGreaterThan(20)
  for (const reference of new Set(references)) {
    expect(reference).toMatch(/^#\/components\//)
    const found = reference
      .slice(2)
      .split('/')
      .reduce((at, key) => at?.[key], json)
    expect(found, reference).toBeTypeOf('object')
  }
  // These would begin a document of their own, which references could not leave.
  expect(text).not.toMatch(/"\$(id|schema|defs)"/)
})

test('tells what may be left out of a body, and what is always in a reply', async () => {
  const { send } = await testServer()
  const { json } = await send('/v1/openapi.json')
  const { applyShipsBody, listShipsReply } = json.components.schemas
  expect(applyShipsBody).toMatchObject({
    required: ['ships'],
    additionalProperties: false,
    properties: { start: { default: true } },
  })
  expect(listShipsReply.required).toEqual(['stream', 'seq', 'ships'])
  expect(json.paths['/v1/ships'].put.requestBody.required).toBe(true)
  expect(json.paths['/v1/ships/{name}/stop'].post.requestBody.required).toBe(false)
})
