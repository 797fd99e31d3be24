import type { FastifyInstance } from 'fastify'

/** The description of the API. It is not in the contract, which it describes; made when first asked for, as few ever do. */
export function openapiRoute(app: FastifyInstance, version: string): void {
  let page: Promise<string> | undefined
  app.get('/v1/openapi.json', async (_, reply) => {
    page ??= import('../openapi.ts').then(({ openapi }) => `${JSON.stringify(openapi(version), null, 2)}\n`)
    return reply.type('application/json').send(await page)
  })
}
