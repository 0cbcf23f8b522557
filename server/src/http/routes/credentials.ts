import * as BakedPng from '@laurel/core/BakedPng'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Json from '@laurel/core/Json'
import { z } from 'zod'
import * as Approval from '../../access/Approval.ts'
import type { Principal } from '../../access/Principal.ts'
import * as Batch from '../../Batch.ts'
import * as Document from '../../Document.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import { rosterOptions } from '../../pipeline/1-intake.ts'
import { type Found, NoStatusError } from '../../ports/BatchStore.ts'
import type { Order } from '../../ports/OrderStore.ts'
import type * as Receipt from '../../ports/Receipt.ts'
import * as Recipients from '../../roster/Recipients.ts'
import * as Refusal from '../../roster/Refusal.ts'
import * as Roster from '../../roster/Roster.ts'
import * as Status from '../../Status.ts'
import { decide, decideAll } from '../../status/decide.ts'
import * as Uuid from '../../Uuid.ts'
import * as Idempotency from '../Idempotency.ts'
import * as Noting from '../Noting.ts'
import * as Problem from '../Problem.ts'
import { type Api, type Approving, type Asked, define, json, known, type Reply, type Route } from '../Route.ts'
import * as Speaking from '../Speaking.ts'
import * as schemas from '../schemas.ts'
import * as Views from '../Views.ts'
import * as Achievements from './achievements.ts'

const tag = 'Credentials'
const byId = z.strictObject({ id: schemas.credentialId })
const unready = ['CREDENTIAL_UNKNOWN', 'CREDENTIAL_ERASED', 'CREDENTIAL_NOT_READY']

/** How many credentials may be revoked by one request. */
const mostRevoked = 1_000

export const credentials: readonly Route[] = [
  define({
    method: 'post',
    path: '/v1/credentials/revoke',
    operation: 'revokeCredentials',
    summary:
      'Revokes many credentials for good, all of them or, where one cannot be, none; repeating it changes nothing',
    tag,
    scope: 'credentials:status',
    reach: 'any',
    recent: true,
    body: z
      .strictObject({
        credentials: z.array(schemas.credentialId).min(1).max(mostRevoked, 'These are more than a request may name'),
        reason: schemas.Reason.shape.reason,
      })
      .meta({ id: 'NewRevocations' }),
    answers: { 200: { says: 'It is decided, and their status lists say so', schema: schemas.DecidedAll } },
    problems: ['CREDENTIAL_UNKNOWN', 'STATUS_NOT_OFFERED', 'SIGN_IN_AGAIN'],
    approval: {
      rule: 'revocations',
      prepare: async ({ body, principal }, api, rules) => {
        const { credentials, reason = null } = body
        const fresh = await notRevoked(credentials, api)
        if (await mayRevoke(fresh, known(principal), api, rules)) return undefined
        return { subject: null, asked: { shown: { credentials: fresh, reason }, kept: {} } }
      },
      carryOut: async ({ asked }, _, api) => {
        const { credentials, reason } = asked.shown as { credentials: string[]; reason: string | null }
        await decideAll('revoke', credentials.map(toUrn), reason, api)
      },
    },
    handle: async ({ body }, api) => {
      const { credentials, reason = null } = body
      await notRevoked(credentials, api)
      const decided = await decideAll('revoke', [...new Set(credentials)].map(toUrn), reason, api)
      return json(200, { revoked: decided.size, repeated: new Set(credentials).size - decided.size })
    },
  }),
  define({
    method: 'post',
    path: '/v1/credentials',
    operation: 'orderCredential',
    audit: 'own',
    summary: 'Orders one credential, which is issued in a batch with others',
    tag,
    scope: 'batches:write',
    body: schemas.NewOrder,
    heeds: ['Idempotency-Key'],
    answers: {
      202: {
        says: 'The order is stored for good, and will be in exactly one batch',
        schema: schemas.Order,
        headers: ['Location', 'Idempotent-Replayed'],
      },
    },
    problems: [
      'ACHIEVEMENT_UNKNOWN',
      'APPROVAL_REQUIRED',
      'COLLECTION_MISSING',
      'IDEMPOTENCY_KEY_INVALID',
      'IDEMPOTENCY_KEY_REUSED',
      'ISSUER_MISSING',
      'KEY_REPORTED',
      'QUOTA_EXCEEDED',
      'QUOTA_TOO_SMALL',
      'ROW_INVALID',
    ],
    handle: order,
  }),
  define({
    method: 'get',
    path: '/v1/orders/{id}',
    operation: 'getOrder',
    summary: 'Shows what has become of an order',
    tag,
    scope: 'batches:read',
    params: z.strictObject({ id: schemas.uuid }),
    answers: { 200: { says: 'The order', schema: schemas.Order } },
    problems: ['ORDER_UNKNOWN'],
    handle: async ({ params }, api) => {
      const found = await api.orders.ordered(params.id)
      if (found === undefined) throw new Problem.RefusedError('ORDER_UNKNOWN', 'There is no order with this id.')
      return json(200, await viewOrder(found, api))
    },
  }),
  define({
    method: 'get',
    path: '/v1/credentials/{id}',
    operation: 'getCredential',
    summary: 'Shows where a credential stands',
    tag,
    scope: 'batches:read',
    reach: 'any',
    params: byId,
    answers: { 200: { says: 'Its batch and its status', schema: schemas.Credential } },
    problems: ['CREDENTIAL_UNKNOWN'],
    handle: async ({ params }, api) => {
      const { batch, recipient } = await find(api, params.id)
      const id = `urn:uuid:${params.id}`
      // A clock that is behind the one by which it was decided takes nothing back.
      const mail = (await api.mails.about([id])).get(id)
      const { state: status, decision } = Status.at(await api.store.decisions(id), Infinity)
      return json(200, {
        id,
        batch: batch.id,
        row: recipient.row,
        state: Batch.told(batch),
        status,
        decided: decision === undefined ? null : { at: Views.time(decision.at), reason: decision.reason },
        mail: mail === undefined ? null : { id: mail.id, state: mail.state, reason: mail.reason },
      })
    },
  }),
  define({
    method: 'get',
    path: '/v1/credentials/{id}/document',
    operation: 'getCredentialDocument',
    summary: 'Gives the credential itself, once its anchor is final: the same bytes each time',
    tag,
    scope: 'credentials:read',
    reach: 'any',
    params: byId,
    answers: { 200: { says: 'The credential', type: 'application/vc', schema: schemas.Document } },
    problems: unready,
    handle: async ({ params }, api) => confidential('application/vc', await text(api, params.id)),
  }),
  define({
    method: 'get',
    path: '/v1/credentials/{id}/image',
    operation: 'getCredentialImage',
    summary: 'Gives the credential baked into a picture',
    tag,
    scope: 'credentials:read',
    reach: 'any',
    params: byId,
    answers: { 200: { says: 'A PNG', type: 'image/png' } },
    problems: unready,
    handle: async ({ params }, api) => confidential('image/png', BakedPng.bake(api.badge, await text(api, params.id))),
  }),
  define({
    method: 'get',
    path: '/v1/credentials/{id}/proof',
    operation: 'getCredentialProof',
    summary: 'Gives the proof of the anchor alone',
    tag,
    scope: 'credentials:read',
    reach: 'any',
    params: byId,
    answers: { 200: { says: 'The proof', schema: schemas.Proof } },
    problems: unready,
    handle: async ({ params }, api) => {
      const { proof } = Json.parseObject(await text(api, params.id))
      return confidential('application/json', JSON.stringify((proof as readonly Json.Value[]).at(-1)))
    },
  }),
  define({
    method: 'get',
    path: '/v1/credentials/{id}/ticket',
    operation: 'getCredentialTicket',
    summary: 'Gives the ticket for which its learner, and whoever has it, may redeem a token',
    tag,
    scope: 'credentials:read',
    reach: 'any',
    params: byId,
    answers: { 200: { says: 'The ticket (docs/format.md §10): private to the learner', schema: schemas.Ticket } },
    problems: [...unready, 'TICKETS_NOT_OFFERED'],
    handle: async ({ params }, api) => {
      const { batch, recipient } = await ready(api, params.id)
      const index = await api.store.ticketIndex(batch.id, recipient.row)
      if (index === undefined)
        throw new Problem.RefusedError('TICKETS_NOT_OFFERED', 'The learners of this batch are given no tickets.')
      return confidential('application/json', await api.press.ticket(batch, Document.asSigned(recipient), index))
    },
  }),
  decision('revoke', 'revokeCredential', 'Revokes a credential for good; repeating it changes nothing', []),
  decision('suspend', 'suspendCredential', 'Suspends a credential for the time being; repeating it changes nothing', [
    'CREDENTIAL_REVOKED',
  ]),
  decision('reinstate', 'reinstateCredential', 'Ends the suspension of a credential; repeating it changes nothing', [
    'CREDENTIAL_NOT_SUSPENDED',
    'CREDENTIAL_REVOKED',
  ]),
]

/** A decision about a credential, whether its anchor is final or not. */
function decision(act: Status.Act, operation: string, summary: string, refusals: readonly string[]): Route {
  return define({
    method: 'post',
    path: `/v1/credentials/{id}/${act}`,
    operation,
    summary,
    tag,
    scope: 'credentials:status',
    reach: 'any',
    params: byId,
    body: schemas.Reason,
    answers: { 200: { says: 'It is decided, and its status lists say so', schema: schemas.Decided } },
    problems: ['CREDENTIAL_UNKNOWN', 'STATUS_NOT_OFFERED', ...refusals],
    ...(act === 'revoke' && {
      approval: {
        rule: 'revocations',
        prepare: async ({ params, body, principal }, api, rules) => {
          const fresh = await notRevoked([params.id], api)
          if (await mayRevoke(fresh, known(principal), api, rules)) return undefined
          const reason = body.reason ?? null
          return { subject: params.id, asked: { shown: { credentials: fresh, reason }, kept: {} } }
        },
        carryOut: async ({ subject, asked }, _, api) => {
          await decide('revoke', toUrn(subject as string), asked.shown.reason as string | null, api)
        },
      } satisfies Approving<Deciding>,
    }),
    handle: async ({ params, body }, api) => {
      const id = toUrn(params.id)
      const { repeated } = await decide(act, id, body.reason ?? null, api)
      return json(200, { id, status: Status.outcomeOf[act], repeated })
    },
  })
}

type Deciding = Asked<z.output<typeof byId>, undefined, z.output<typeof schemas.Reason>>

function toUrn(id: string): string {
  return `urn:uuid:${id}`
}

/**
 * Those of some credentials that are not revoked yet, each once.
 *
 * @throws {Problem.RefusedError} CREDENTIAL_UNKNOWN when one is not from here
 */
async function notRevoked(ids: readonly string[], api: Api): Promise<string[]> {
  const fresh: string[] = []
  for (const id of new Set(ids)) {
    const { recipient } = await find(api, id)
    if (recipient.draft?.statusIndex === null) throw new NoStatusError(toUrn(id))
    if (Status.at(await api.store.decisions(toUrn(id)), Infinity).state !== 'revoked') fresh.push(id)
  }
  return fresh
}

/** Whether somebody may revoke these alone, of all that are revoked about now. */
function mayRevoke(
  ids: readonly string[],
  { organisation }: Principal,
  { approvals, clock }: Api,
  { revocations }: Approval.Rules,
): Promise<boolean> {
  const now = clock.now()
  const count = revocations ?? Number.POSITIVE_INFINITY
  return approvals.allowRevocation(organisation, ids, { count, since: now - Approval.together, now })
}

type Ordering = Asked<undefined, undefined, z.output<typeof schemas.NewOrder>>

async function order({ body, ...asked }: Ordering, within: Api): Promise<Reply> {
  const { organisation } = known(asked.principal)
  // Orders make batches of themselves, which nobody could look at before.
  if ((await within.approvals.rules(organisation)).batches)
    throw new Problem.RefusedError(
      'APPROVAL_REQUIRED',
      'A second person approves whatever is issued: hand in a batch, which waits for them.',
    )
  const name = Idempotency.name(asked, body as unknown as Json.Value)
  const before = name && (await within.receipts.answered(name))
  if (before !== undefined) return Idempotency.again(before)
  const api = await Speaking.issueFor(organisation, within)
  const achievement = await Achievements.find(api, body.achievement, body.version)
  const now = api.clock.now()
  const { redeemable = false } = body
  // What the issuer says of itself is agreed for the batch: no recipient is held against it.
  const terms = { ...api.terms, ...(redeemable && { collection: await Speaking.offer(api) }) }
  const fields = await readOne(body.recipient, rosterOptions(achievement, terms, now))
  const order = {
    id: Uuid.name(Uuid.urn(api.randomness.bytes(16))),
    achievement: { name: achievement.name, version: achievement.version },
    // The moment of the order, not that of the batch which happens to be made of it.
    fields: { validFrom: DateTimeStamp.fromSeconds(Math.floor(now / 1_000)), ...fields },
    redeemable,
    acceptedAt: now,
  }
  const note = Noting.noteOf(asked, api, {
    operation: 'orderCredential',
    objects: [order.id],
    outcome: 'done',
    code: null,
  })
  const reply = (stored: Order) => json(202, waiting(stored), { Location: `/v1/orders/${stored.id}` })
  if (name === undefined) {
    const stored = await api.orders.order(order, note)
    crashpoint('answer:before-reply')
    return reply(stored)
  }
  const receipt = { ...name, now, answer: (stored: Order) => Idempotency.toAnswer(reply(stored)) }
  const stored = await api.orders.orderOnce(order, receipt, note)
  crashpoint('answer:before-reply')
  return stored.order === undefined ? Idempotency.again(stored.answer as Receipt.Answer) : reply(stored.order)
}

/** A person as a roster of one would be read. */
async function readOne(recipient: Recipients.Recipient, options: Roster.Options): Promise<Json.Object> {
  const roster = Recipients.toRoster([recipient])
  try {
    const [person] = await Roster.whole(roster, await Roster.digest(roster), options)
    return person as unknown as Json.Object
  } catch (error) {
    if (!(error instanceof Refusal.InvalidRosterError)) throw error
    const places = error.problems.map((problem) => ({
      pointer: Recipients.place(problem, '/recipient').replace(/^\/recipient\/0/, '/recipient'),
      code: problem.code,
      detail: problem.message,
    }))
    throw new Problem.RefusedError(error.code, error.message, { places })
  }
}

function waiting({ id, acceptedAt, achievement, redeemable }: Order): z.output<typeof schemas.Order> {
  const common = { id, acceptedAt: Views.time(acceptedAt), achievement, redeemable }
  return { ...common, state: 'waiting', batch: null, credential: null }
}

async function viewOrder(order: Order, { store }: Api): Promise<z.output<typeof schemas.Order>> {
  if (order.place === null) return waiting(order)
  const { batch: id, row } = order.place
  const [batch, [recipient]] = await Promise.all([store.get(id), store.recipients(id, row - 1, 1)])
  if (batch === undefined) throw new TypeError('An order that has a place has its batch')
  return { ...waiting(order), state: batch.state, batch: id, credential: recipient?.draft?.credentialId ?? null }
}

/** @throws {Problem.RefusedError} CREDENTIAL_UNKNOWN */
async function find({ store }: Pick<Api, 'store'>, uuid: string): Promise<Found> {
  const found = await store.find(`urn:uuid:${uuid}`)
  if (found === undefined)
    throw new Problem.RefusedError('CREDENTIAL_UNKNOWN', 'There is no credential with this id here.')
  return found
}

async function text(api: Api, uuid: string): Promise<string> {
  const { batch, recipient, block } = await ready(api, uuid)
  return api.press.text(batch, Document.asSigned(recipient), block)
}

/**
 * A credential whose anchor is final. Anything but a UUID names none.
 *
 * @throws {Problem.RefusedError} CREDENTIAL_UNKNOWN, CREDENTIAL_ERASED, CREDENTIAL_NOT_READY
 */
export async function ready(
  api: Pick<Api, 'store'>,
  uuid: string,
): Promise<Found & { batch: Batch.Final; block: number }> {
  const { batch, recipient, block } = await find(api, uuid)
  if (Batch.isErased(recipient))
    throw new Problem.RefusedError('CREDENTIAL_ERASED', 'What was kept of its recipient is erased, and this with it.')
  if (batch.state !== 'delivered' || block === null)
    throw new Problem.RefusedError('CREDENTIAL_NOT_READY', 'This credential is still on its way to its anchor.')
  return { batch: Batch.final(batch), recipient, block }
}

function confidential(type: string, body: string | Uint8Array): Reply {
  return { status: 200, headers: { 'Cache-Control': 'private, no-store' }, type, body }
}
