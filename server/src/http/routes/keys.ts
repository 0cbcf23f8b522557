import { z } from 'zod'
import * as ApiKey from '../../access/ApiKey.ts'
import * as Principal from '../../access/Principal.ts'
import * as Problem from '../Problem.ts'
import { define, json, type Route } from '../Route.ts'
import * as schemas from '../schemas.ts'
import * as Views from '../Views.ts'

const tag = 'Keys'

export const keys: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/me',
    operation: 'whoAmI',
    summary: 'Says what the key at hand may do, and for whom',
    tag,
    scope: 'any',
    answers: { 200: { says: 'The key, its organisation, and the issuer that it works for', schema: schemas.Me } },
    handle: async ({ principal }, { keys, terms }) => {
      const key = principal && (await keys.key(principal.id))
      if (key === undefined) throw new TypeError('A route with a scope is asked with a key')
      const { id, name, scopes, expiresAt } = Views.key(key)
      const { organisation } = principal as Principal.Principal
      const issuer = organisation === Principal.home ? terms.issuer.id : null
      return json(200, { key: { id, name, scopes, expiresAt }, organisation, issuer })
    },
  }),
  define({
    method: 'get',
    path: '/v1/api-keys',
    operation: 'listApiKeys',
    summary: 'Lists every key there ever was, without their secrets',
    tag,
    scope: 'keys:admin',
    answers: { 200: { says: 'The keys, the oldest first', schema: schemas.Keys } },
    handle: async (_, { keys }) => json(200, { items: (await keys.keys()).map(Views.key) }),
  }),
  define({
    method: 'post',
    path: '/v1/api-keys',
    operation: 'createApiKey',
    summary: 'Makes a key. Its secret is told this once; when the answer is lost, revoke the key and make another',
    tag,
    scope: 'keys:admin',
    body: schemas.NewKey,
    answers: { 201: { says: 'The key with its secret', schema: schemas.MadeKey, headers: ['Location'] } },
    problems: ['SCOPE_REQUIRED'],
    handle: async ({ body, principal }, { keys, clock, randomness }) => {
      // Nobody hands out what they have not: keys:admin alone would be everything otherwise.
      const beyond = body.scopes.find((scope) => !principal?.scopes.includes(scope))
      if (beyond !== undefined)
        throw new Problem.RefusedError('SCOPE_REQUIRED', `The key at hand has not the scope ${beyond} to give.`)
      const { text, key } = ApiKey.create(randomness.bytes(36), {
        name: body.name,
        scopes: [...new Set(body.scopes)],
        createdAt: clock.now(),
        expiresAt: body.expiresAt === undefined ? null : Date.parse(body.expiresAt),
      })
      await keys.addKey(key)
      return json(201, { ...Views.key(key), secret: text }, { Location: `/v1/api-keys/${key.id}` })
    },
  }),
  define({
    method: 'post',
    path: '/v1/api-keys/{id}/revoke',
    operation: 'revokeApiKey',
    summary: 'Ends a key for good, for every process at once; repeating it changes nothing',
    tag,
    scope: 'keys:admin',
    params: z.strictObject({ id: schemas.keyId }),
    answers: { 200: { says: 'The key', schema: schemas.Key } },
    problems: ['API_KEY_UNKNOWN'],
    handle: async ({ params }, { keys, clock }) => {
      const key = await keys.revokeKey(params.id, clock.now())
      if (key === undefined) throw new Problem.RefusedError('API_KEY_UNKNOWN', 'There is no key with this id.')
      return json(200, Views.key(key))
    },
  }),
]
