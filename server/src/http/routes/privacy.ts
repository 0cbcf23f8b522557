import { z } from 'zod'
import type { Principal } from '../../access/Principal.ts'
import { disclose } from '../../privacy/disclose.ts'
import type { Erasure } from '../../privacy/Erasure.ts'
import { erase, finish, heldOf } from '../../privacy/erase.ts'
import * as Person from '../../privacy/Person.ts'
import { outdated } from '../../privacy/retain.ts'
import * as Uuid from '../../Uuid.ts'
import * as Problem from '../Problem.ts'
import { type Api, define, json, known, type Reply, type Route } from '../Route.ts'
import * as schemas from '../schemas/privacy.ts'
import { credentialId, uuid } from '../schemas.ts'

const tag = 'Privacy'
const erased = {
  200: {
    says: 'It is erased; what is left is said in the receipt',
    schema: schemas.Erasure,
    headers: ['Location'],
  },
} as const

export const privacy: readonly Route[] = [
  define({
    method: 'post',
    path: '/v1/credentials/{id}/erase',
    operation: 'eraseCredential',
    summary: 'Erases for good what is kept of the recipient of a credential; repeating it changes nothing',
    tag,
    scope: 'privacy:admin',
    recent: true,
    params: z.strictObject({ id: credentialId }),
    body: schemas.EraseCredential,
    answers: erased,
    problems: ['CREDENTIAL_UNKNOWN', 'ERASURE_TOO_EARLY', 'STATUS_NOT_OFFERED', 'SIGN_IN_AGAIN'],
    handle: async ({ params, body: { revoke = false } }, api) => {
      const id = `urn:uuid:${params.id}`
      const before = await api.privacy.erasureOf(id)
      if (before !== undefined) return answer(await finish(before, api), true)
      const held = await heldOf(id, api)
      if (held === undefined)
        throw new Problem.RefusedError('CREDENTIAL_UNKNOWN', 'There is no credential with this id here.')
      return answer(await erase([held], { id: freshId(api), revoke }, api), false)
    },
  }),
  define({
    method: 'post',
    path: '/v1/learners/erase',
    operation: 'eraseLearner',
    summary: 'Erases for good all that is kept of whoever has an e-mail address',
    tag,
    scope: 'privacy:admin',
    recent: true,
    body: schemas.EraseLearner,
    answers: erased,
    problems: ['ERASURE_TOO_EARLY', 'PERSON_UNKNOWN', 'STATUS_NOT_OFFERED', 'SIGN_IN_AGAIN'],
    handle: async ({ body: { email, revoke = false } }, api) =>
      answer(await erase((await find(email, api)).held, { id: freshId(api), revoke, address: email }, api), false),
  }),
  define({
    method: 'get',
    path: '/v1/erasures/{id}',
    operation: 'getErasure',
    summary: 'Shows an erasure with its receipt',
    tag,
    scope: 'privacy:admin',
    params: z.strictObject({ id: uuid }),
    answers: { 200: { says: 'The erasure', schema: schemas.Erasure } },
    problems: ['ERASURE_UNKNOWN'],
    handle: async ({ params }, { privacy }) => {
      const erasure = await privacy.erasure(params.id)
      if (erasure === undefined) throw new Problem.RefusedError('ERASURE_UNKNOWN', 'There is no erasure with this id.')
      return json(200, view(erasure, false))
    },
  }),
  define({
    method: 'get',
    path: '/v1/privacy/retention',
    operation: 'getRetention',
    summary: 'Says for how long what is known of people is kept, and what is older than that',
    tag,
    scope: 'privacy:admin',
    answers: { 200: { says: 'How long, and what is older', schema: schemas.Retention } },
    handle: async ({ principal }, api) => json(200, await retained(known(principal), api)),
  }),
  define({
    method: 'put',
    path: '/v1/privacy/retention',
    operation: 'putRetention',
    summary: 'Says for how long what is known of people is to be kept; what is older is erased for good within an hour',
    tag,
    scope: 'privacy:admin',
    recent: true,
    body: schemas.NewRetention,
    answers: { 200: { says: 'How long, and what is older', schema: schemas.Retention } },
    problems: ['SIGN_IN_AGAIN'],
    handle: async ({ body, principal }, api) => {
      await api.privacy.setRetention(known(principal).organisation, body, api.clock.now())
      return json(200, await retained(known(principal), api))
    },
  }),
  define({
    method: 'post',
    path: '/v1/learners/export',
    operation: 'discloseLearner',
    summary: 'Gives what is kept of whoever has an e-mail address (GDPR, articles 15 and 20)',
    tag,
    scope: 'privacy:admin',
    recent: true,
    body: schemas.DiscloseLearner,
    answers: { 200: { says: 'All of it', schema: schemas.Disclosure } },
    problems: ['PERSON_UNKNOWN', 'SIGN_IN_AGAIN'],
    handle: async ({ body: { email } }, api) =>
      json(200, await disclose(await find(email, api), api.clock.now(), api), { 'Cache-Control': 'private, no-store' }),
  }),
]

/** @throws {Problem.RefusedError} PERSON_UNKNOWN */
async function find(email: string, { privacy }: Api): Promise<Person.Person> {
  const person = await Person.find(email, privacy)
  if (person === undefined) throw new Problem.RefusedError('PERSON_UNKNOWN', 'Nothing is kept of this address.')
  return person
}

async function retained({ organisation }: Principal, api: Api): Promise<z.output<typeof schemas.Retention>> {
  const { rosters, reasons } = await api.privacy.retention(organisation)
  return { rosters, reasons, outdated: await outdated(organisation, api) }
}

function freshId({ randomness }: Api): string {
  return Uuid.name(Uuid.urn(randomness.bytes(16)))
}

function answer(erasure: Erasure, repeated: boolean): Reply {
  return json(200, view(erasure, repeated), { Location: `/v1/erasures/${erasure.id}` })
}

function view(erasure: Erasure, repeated: boolean): z.output<typeof schemas.Erasure> {
  const { id, credentials, others, receipt } = erasure
  return {
    id,
    state: receipt === null ? 'erasing' : 'erased',
    repeated,
    credentials: credentials.map(({ id, revoked }) => ({ id, revoked })),
    others,
    token: credentials.some(({ redeemable }) => redeemable) ? token : null,
    receipt: receipt === null ? null : { ...receipt },
  }
}

const token =
  'The learner was given a ticket. Where a token was redeemed for it, its wallet and its achievement stand on the chain: ' +
  'its holder can burn it, and the issuer revoke it (laurel token revoke); what the chain had before stays in its history.'
