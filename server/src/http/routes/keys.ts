import * as Bytes from '@laurel/core/Bytes'
import { z } from 'zod'
import * as ApiKey from '../../access/ApiKey.ts'
import type { Principal } from '../../access/Principal.ts'
import * as Problem from '../Problem.ts'
import { type Api, define, json, known, type Route } from '../Route.ts'
import * as schemas from '../schemas.ts'
import * as Views from '../Views.ts'

const tag = 'Keys'

export const keys: readonly Route[] = [
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
    recent: true,
    body: schemas.NewKey,
    answers: { 201: { says: 'The key with its secret', schema: schemas.MadeKey, headers: ['Location'] } },
    problems: ['SCOPE_REQUIRED', 'SIGN_IN_AGAIN'],
    approval: {
      rule: 'keys',
      // The key is told to whoever asks, and is none before it is stored: nobody else ever has it.
      prepare: async ({ body, principal }, { clock, randomness }) => {
        const { text, key } = make(body, known(principal), { clock, randomness })
        const { name, scopes, expiresAt } = Views.key(key)
        return {
          subject: key.id,
          asked: { shown: { name, scopes, expiresAt }, kept: { digest: Bytes.toHex(key.digest) } },
          told: { secret: text },
        }
      },
      carryOut: async ({ subject, asked, proposer, createdAt }, principal, { keys }) => {
        const { name, scopes, expiresAt } = asked.shown as { name: string; scopes: string[]; expiresAt: string | null }
        const key: ApiKey.Stored = {
          ...{ id: subject as string, name, createdAt, revokedAt: null, madeBy: proposer.member },
          digest: Bytes.fromHex(asked.kept.digest as Bytes.Hex),
          scopes: ApiKey.toScopes(scopes),
          expiresAt: expiresAt === null ? null : Date.parse(expiresAt),
        }
        demandScopes(principal, key.scopes)
        if ((await keys.key(key.id)) === undefined) await keys.addKey(key)
      },
    },
    handle: async ({ body, principal }, { keys, clock, randomness }) => {
      const { text, key } = make(body, known(principal), { clock, randomness })
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

/** @throws {Problem.RefusedError} SCOPE_REQUIRED */
function make(
  { name, scopes, expiresAt }: z.output<typeof schemas.NewKey>,
  principal: Principal,
  { clock, randomness }: Pick<Api, 'clock' | 'randomness'>,
) {
  demandScopes(principal, scopes)
  return ApiKey.create(randomness.bytes(36), {
    name,
    scopes: [...new Set(scopes)],
    createdAt: clock.now(),
    expiresAt: expiresAt === undefined ? null : Date.parse(expiresAt),
    madeBy: principal.member,
  })
}

/** Nobody hands out what they have not: keys:admin alone would be everything otherwise. */
function demandScopes(principal: Principal, scopes: readonly ApiKey.Scope[]): void {
  const beyond = scopes.find((scope) => !principal.scopes.includes(scope))
  if (beyond !== undefined)
    throw new Problem.RefusedError('SCOPE_REQUIRED', `You have not the scope ${beyond} to give.`)
}
