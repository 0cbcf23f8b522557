import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import { z } from 'zod'
import { isWithin } from '../../access/can.ts'
import type { Principal } from '../../access/Principal.ts'
import type * as Role from '../../access/Role.ts'
import * as Batch from '../../Batch.ts'
import * as Delivery from '../../Delivery.ts'
import { crashpoint } from '../../internal/crashpoint.ts'
import { pointer } from '../../internal/pointer.ts'
import * as Intake from '../../pipeline/1-intake.ts'
import { preview } from '../../pipeline/preview.ts'
import type * as Receipt from '../../ports/Receipt.ts'
import type { Spooled } from '../../ports/Spool.ts'
import type * as Columns from '../../roster/Columns.ts'
import * as Recipients from '../../roster/Recipients.ts'
import * as Refusal from '../../roster/Refusal.ts'
import * as Roster from '../../roster/Roster.ts'
import type { Source } from '../../roster/Source.ts'
import * as Approvals from '../Approvals.ts'
import * as Cursor from '../Cursor.ts'
import * as Events from '../Events.ts'
import * as Idempotency from '../Idempotency.ts'
import * as Multipart from '../Multipart.ts'
import * as Problem from '../Problem.ts'
import * as Reading from '../Reading.ts'
import { type Api, type Asked, define, json, known, type Reply, type Route, tagged } from '../Route.ts'
import * as Speaking from '../Speaking.ts'
import * as schemas from '../schemas.ts'
import * as Views from '../Views.ts'
import * as Achievements from './achievements.ts'

const tag = 'Batches'
const byId = z.strictObject({ id: schemas.batchId })

export const batches: readonly Route[] = [
  define({
    method: 'post',
    path: '/v1/batches',
    operation: 'createBatch',
    summary: 'Takes a roster whole, or refuses it with every wrong place',
    tag,
    scope: 'batches:write',
    reach: 'any',
    query: schemas.RosterQuery,
    body: schemas.NewBatch,
    roster: true,
    form: schemas.RosterForm,
    heeds: ['Idempotency-Key'],
    answers: {
      200: { says: 'A dry run: what the batch would cost and mean; nothing is stored', schema: schemas.Preview },
      202: {
        says: 'The batch is stored for good, and will be issued; once a second person has approved it, where one is needed',
        schema: schemas.BatchView,
        headers: ['Location', 'ETag', 'Idempotent-Replayed'],
      },
    },
    problems: [
      'ACHIEVEMENT_UNKNOWN',
      'BATCH_TOO_LARGE',
      'CHAIN_UNREACHABLE',
      'COLLECTION_MISSING',
      'FILE_TYPE',
      'IDEMPOTENCY_KEY_INVALID',
      'IDEMPOTENCY_KEY_REUSED',
      'ISSUER_MISSING',
      'ISSUER_UNKNOWN',
      'KEY_REPORTED',
      'MULTIPART_INVALID',
      'MULTIPART_TOO_MANY_PARTS',
      'POSSIBLE_DUPLICATE_BATCH',
      'QUOTA_EXCEEDED',
      'QUOTA_TOO_SMALL',
      'ROW_INVALID',
    ],
    handle: create,
  }),
  define({
    method: 'get',
    path: '/v1/batches',
    operation: 'listBatches',
    summary: 'Lists batches, the newest first',
    tag,
    scope: 'batches:read',
    reach: 'any',
    query: schemas.BatchQuery,
    answers: { 200: { says: 'A page of them', schema: schemas.Batches } },
    problems: ['PAGINATION_INVALID'],
    handle: async ({ query: { limit, cursor, state } }, { store }) => {
      const before = Cursor.readNumber('batches', cursor)
      const found = await store.page({ before, state, limit: Cursor.reach(limit) })
      const page = Cursor.cut(found, limit, ({ seq }) => Cursor.write('batches', seq))
      return json(200, { ...page, items: page.items.map(({ batch }) => Views.batch(batch)) })
    },
  }),
  define({
    method: 'get',
    path: '/v1/batches/{id}',
    operation: 'getBatch',
    summary: 'Shows where a batch stands',
    tag,
    scope: 'batches:read',
    reach: 'any',
    params: byId,
    heeds: ['If-None-Match'],
    answers: {
      200: { says: 'The batch', schema: schemas.BatchView, headers: ['ETag'] },
      304: { says: 'It is as you know it', headers: ['ETag'] },
    },
    problems: ['BATCH_UNKNOWN'],
    handle: async (asked, api) => {
      const batch = await find(api, asked.params.id)
      return tagged(Views.batch(batch), String(batch.epoch), asked)
    },
  }),
  define({
    method: 'post',
    path: '/v1/batches/{id}/submit',
    operation: 'submitBatch',
    summary: 'Lets a batch that was held go on its way; repeating it changes nothing',
    tag,
    scope: 'batches:write',
    reach: 'any',
    params: byId,
    heeds: ['If-Match'],
    answers: { 200: { says: 'The batch', schema: schemas.BatchView, headers: ['ETag'] } },
    problems: ['BATCH_UNKNOWN', 'BATCH_CONFLICT', 'BATCH_MOVE_ILLEGAL', 'PRECONDITION_FAILED'],
    approval: {
      rule: 'batches',
      prepare: async ({ params, headers }, api) => {
        const batch = await find(api, params.id)
        demandKnown(batch, headers)
        return Batch.told(batch) === 'held' ? submission(batch) : undefined
      },
      carryOut: async ({ subject }, _, api) => {
        await change({ params: { id: subject as string }, headers: {} }, api, (batch) => submit(batch, api))
      },
    },
    handle: (asked, api) => change(asked, api, (batch) => submit(batch, api)),
  }),
  define({
    method: 'post',
    path: '/v1/batches/{id}/cancel',
    operation: 'cancelBatch',
    summary: 'Ends a batch before its root is fixed; repeating it changes nothing',
    tag,
    scope: 'batches:write',
    reach: 'any',
    params: byId,
    heeds: ['If-Match'],
    answers: { 200: { says: 'The batch', schema: schemas.BatchView, headers: ['ETag'] } },
    problems: ['BATCH_UNKNOWN', 'BATCH_CONFLICT', 'BATCH_ALREADY_BROADCAST', 'PRECONDITION_FAILED'],
    handle: (asked, api) =>
      change(asked, api, async (batch) => {
        if (batch.state === 'cancelled') return batch
        if (!Batch.mayMove(batch, 'cancelled')) throw new LateError(batch)
        return api.store.cancel(batch)
      }),
  }),
  define({
    method: 'get',
    path: '/v1/batches/{id}/preview',
    operation: 'previewBatch',
    summary: 'Says what a batch costs and means before anything is spent',
    tag,
    scope: 'batches:read',
    reach: 'any',
    params: byId,
    answers: { 200: { says: 'As of now', schema: schemas.Preview } },
    problems: ['BATCH_UNKNOWN', 'CHAIN_UNREACHABLE'],
    handle: async ({ params }, api) => json(200, await describe(await find(api, params.id), { formulas: [] }, api)),
  }),
  define({
    method: 'get',
    path: '/v1/batches/{id}/events',
    operation: 'watchBatch',
    summary: 'Tells of every change as it happens, until the batch is delivered or cancelled',
    tag,
    scope: 'batches:read',
    reach: 'any',
    params: byId,
    answers: {
      200: {
        says: 'Server-sent events called progress, whose data are JSON; the first at once',
        type: 'text/event-stream',
        schema: schemas.Progress,
      },
    },
    problems: ['BATCH_UNKNOWN', 'STREAMS_BUSY'],
    handle: async ({ params, gone }, api) => {
      await find(api, params.id)
      return {
        status: 200,
        headers: { 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
        type: 'text/event-stream',
        body: Events.watch(params.id, api, gone),
      }
    },
  }),
  define({
    method: 'get',
    path: '/v1/batches/{id}/credentials',
    operation: 'listBatchCredentials',
    summary: 'Lists which row of the roster became which credential',
    tag,
    scope: 'batches:read',
    reach: 'any',
    params: byId,
    query: z.strictObject(schemas.paging),
    answers: { 200: { says: 'A page of them, in the order of the roster', schema: schemas.Items } },
    problems: ['BATCH_UNKNOWN', 'PAGINATION_INVALID'],
    handle: async ({ params: { id }, query: { limit, cursor } }, api) => {
      await find(api, id)
      const after = Cursor.readNumber(id, cursor) ?? 0
      const found = await api.store.recipients(id, after, Cursor.reach(limit))
      const page = Cursor.cut(found, limit, ({ row }) => Cursor.write(id, row))
      const items = page.items.map(({ row, draft }) => ({ row, credential: draft?.credentialId ?? null }))
      return json(200, { ...page, items })
    },
  }),
  define({
    method: 'get',
    path: '/v1/batches/{id}/credentials.ndjson',
    operation: 'downloadBatch',
    summary: 'Gives all credentials of a delivered batch, a line each, stamped out as they are taken',
    tag,
    scope: 'credentials:read',
    reach: 'any',
    params: byId,
    answers: { 200: { says: 'The credentials (NDJSON), in the order of the tree', type: 'application/x-ndjson' } },
    problems: ['BATCH_UNKNOWN', 'BATCH_NOT_DELIVERED'],
    handle: async ({ params: { id } }, api) => {
      const batch = await find(api, id)
      if (batch.state !== 'delivered')
        throw new Problem.RefusedError('BATCH_NOT_DELIVERED', `The batch is ${Batch.told(batch)}.`)
      return {
        status: 200,
        headers: { 'Cache-Control': 'private, no-store', 'Content-Disposition': `attachment; filename="${id}.ndjson"` },
        type: 'application/x-ndjson',
        body: Delivery.lines(Batch.final(batch), { ...api, tell: () => {} }),
      }
    },
  }),
]

/** @throws {Problem.RefusedError} BATCH_UNKNOWN */
async function find({ store }: Pick<Api, 'store'>, id: string): Promise<Batch.Batch> {
  const batch = await store.get(id)
  if (batch === undefined) throw new Problem.RefusedError('BATCH_UNKNOWN', 'There is no batch with this id.')
  return batch
}

/** Changes a batch that is as the caller knows it. Where a worker has moved it on meanwhile, it is looked at once more. */
async function change(
  { params, headers }: Pick<Asked<{ id: string }, undefined, undefined>, 'params' | 'headers'>,
  api: Api,
  work: (batch: Batch.Batch) => Promise<Batch.Batch>,
): Promise<Reply> {
  for (let attempt = 1; ; attempt++) {
    const batch = await find(api, params.id)
    demandKnown(batch, headers)
    try {
      const changed = await work(batch)
      return json(200, Views.batch(changed), { ETag: `"${changed.epoch}"` })
    } catch (error) {
      if (!(error instanceof Errors.BaseError) || error.code !== 'BATCH_CONFLICT' || attempt === 5) throw error
    }
  }
}

/** @throws {Problem.RefusedError} PRECONDITION_FAILED */
function demandKnown(batch: Batch.Batch, { 'if-match': wanted }: Asked<never, never, never>['headers']): void {
  if (wanted !== undefined && wanted !== '*' && wanted !== `"${batch.epoch}"`)
    throw new Problem.RefusedError('PRECONDITION_FAILED', 'The batch has changed since you read it.')
}

async function submit(batch: Batch.Batch, { store }: Pick<Api, 'store'>): Promise<Batch.Batch> {
  if (batch.state === 'cancelled') throw new Batch.IllegalMoveError(batch.id, 'cancelled', 'accepted')
  return store.admit(batch)
}

/** A batch as somebody looks at it who is to approve that it is submitted. */
function submission(batch: Batch.Batch): Approvals.Proposal {
  const { id, title, size, achievement } = batch
  const { name } = Views.named(achievement)
  return { subject: id, asked: { shown: { batch: id, title, size, achievement: name }, kept: {} } }
}

/**
 * Proposes that a batch is submitted whose author would have it on its way at once. The same request again proposes it again
 * where we have died before; what waits already is left as it is.
 */
async function proposeSubmission(id: string, principal: Principal | undefined, api: Api): Promise<void> {
  const route = batches.find(({ operation }) => operation === 'submitBatch')
  const batch = await api.store.get(id)
  if (route === undefined || principal === undefined || batch === undefined || Batch.told(batch) !== 'held') return
  await Approvals.propose(principal, route, submission(batch), api)
}

/** What a request for a batch says, whichever way it says it. */
type Wish = {
  readonly achievement: string
  readonly version: number | undefined
  /** Its id; the first of the organisation when absent. */
  readonly issuer: string | undefined
  readonly title: string | undefined
  readonly draft: boolean
  readonly allowDuplicate: boolean
  readonly redeemable: boolean
  readonly mapping: Columns.Mapping | undefined
  readonly roster: Source
  readonly digest: Uint8Array
  /** All of it as one value, by which a repetition is known. */
  readonly asked: Json.Value
  /** Where a wrong place of the roster stands in what was sent. */
  readonly pointer: (problem: Refusal.Problem) => string
  readonly drop: () => Promise<void>
}

type Creation = Asked<undefined, z.output<typeof schemas.RosterQuery>, z.output<typeof schemas.NewBatch>>

async function create(asked: Creation, within: Api): Promise<Reply> {
  const wish = await read(asked, within)
  try {
    const dryRun = asked.query.dryRun === 'true'
    const name = dryRun ? undefined : Idempotency.name(asked, wish.asked)
    const before = name && (await within.receipts.answered(name))
    const isPutOff = !dryRun && !wish.draft && (await needsApproval(asked.principal, within))
    if (before !== undefined) {
      if (isPutOff) await proposeSubmission(idOf(before), asked.principal, within)
      return Idempotency.again(before)
    }
    const api = await Speaking.issueFor(known(asked.principal).organisation, within, wish.issuer)
    const achievement = await Achievements.find(api, wish.achievement, wish.version)
    const order: Intake.Order = {
      ...wish,
      achievement,
      department: partOf(known(asked.principal), api).department,
      held: wish.draft || isPutOff,
      collection: wish.redeemable ? await Speaking.offer(api) : undefined,
      apart: wish.allowDuplicate ? (name?.key ?? Bytes.toHex(api.randomness.bytes(16))) : undefined,
    }
    const looked = await Intake.look(order, api)
    if (dryRun) return json(200, await describe({ terms: looked.terms, size: looked.size, achievement }, looked, api))
    const answer = (batch: Batch.Batch) => Idempotency.toAnswer(accepted(batch, looked))
    const receipt = name && { ...name, now: api.clock.now(), answer }
    const taken = await Intake.take(order, looked, receipt, api)
    crashpoint('answer:before-reply')
    const reply = taken.batch === undefined ? undefined : accepted(taken.batch, looked)
    const given = reply === undefined ? (taken.answer as Receipt.Answer) : Idempotency.toAnswer(reply)
    if (isPutOff) await proposeSubmission(idOf(given), asked.principal, api)
    return reply ?? Idempotency.again(given)
  } catch (error) {
    throw error instanceof Refusal.InvalidRosterError ? refuse(error, wish) : error
  } finally {
    await wish.drop()
  }
}

/**
 * The part of the organisation to which somebody is limited, in which they hand in a batch.
 *
 * @throws {Problem.RefusedError} SCOPE_REQUIRED where it is of another issuer
 */
function partOf({ limits }: Principal, { terms }: Api): Role.Limits {
  if (!isWithin(limits, { ...limits, issuer: terms.issuer.id }))
    throw new Problem.RefusedError('SCOPE_REQUIRED', 'You may do this for another issuer only.')
  return limits
}

async function needsApproval(principal: Principal | undefined, { approvals }: Api): Promise<boolean> {
  return principal !== undefined && (await approvals.rules(principal.organisation)).batches
}

/** The id of the batch that an answer tells of. */
function idOf({ body }: Receipt.Answer): string {
  return (JSON.parse(body) as { readonly id: string }).id
}

function accepted(batch: Batch.Batch, looked: Intake.Looked): Reply {
  return json(202, Views.batch(batch, looked), { Location: `/v1/batches/${batch.id}`, ETag: `"${batch.epoch}"` })
}

async function read(asked: Creation, api: Api): Promise<Wish> {
  const { query, roster, form } = asked
  if (form !== undefined) return fromForm(query, form, api)
  if (roster === undefined) return fromJson(asked)
  // Before its bytes are taken, which may be many.
  const wish = fromQuery(query, '/query')
  return { ...wish, ...withRoster(wish, await api.spool.keep(roster)) }
}

async function fromJson({ body, query }: Creation): Promise<Wish> {
  const beside = Object.keys(query).filter((name) => name !== 'dryRun')
  if (beside.length > 0)
    throw Reading.refuse(
      beside.map((name) => ({
        pointer: `/query/${name}`,
        code: 'UNKNOWN_FIELD',
        detail: 'A body of JSON says this itself.',
      })),
    )
  const { achievement, version, issuer, title, draft = false, allowDuplicate = false, redeemable = false } = body
  const roster = Recipients.toRoster(body.recipients)
  const asked = body as unknown as Json.Value
  return {
    ...{ achievement, version, issuer, title, draft, allowDuplicate, redeemable, roster, asked },
    mapping: undefined,
    digest: await Roster.digest(roster),
    pointer: (problem) => Recipients.place(problem, '/recipients'),
    drop: async () => {},
  }
}

type Query = z.output<typeof schemas.RosterQuery>

/** The fields of a form may stand before its file or behind it. */
async function fromForm(query: Query, form: AsyncIterable<Multipart.Part>, { spool }: Api): Promise<Wish> {
  const said = new Map<string, string>()
  let roster: Spooled | undefined
  try {
    for await (const part of form)
      if (part.name === 'file') roster = await spool.keep(part.body)
      else said.set(part.name, await Multipart.text(part))
    const fields = Reading.read(schemas.RosterFields, Object.fromEntries(said), '')
    const twice = Object.keys(fields).filter((name) => name in query)
    if (twice.length > 0)
      throw Reading.refuse(
        twice.map((name) => ({ pointer: `/${name}`, code: 'UNKNOWN_FIELD', detail: 'The address says this already.' })),
      )
    if (roster === undefined) throw Reading.refuse([{ pointer: '/file', code: 'TYPE', detail: 'This is missing.' }])
    const wish = fromQuery({ ...query, ...fields }, '')
    return { ...wish, ...withRoster(wish, roster) }
  } catch (error) {
    await roster?.drop()
    throw error
  }
}

/** @param origin where it is said what accompanies a roster */
function fromQuery(query: Query, origin: '/query' | '') {
  const { achievement, version, issuer, title, draft, allowDuplicate, redeemable, columns } = query
  if (achievement === undefined)
    throw Reading.refuse([{ pointer: `${origin}/achievement`, code: 'TYPE', detail: 'This is missing.' }])
  const { dryRun: _, ...said } = query
  return {
    ...{ achievement, version, issuer, title },
    mapping: columns === undefined ? undefined : readMapping(columns, origin),
    draft: draft === 'true',
    allowDuplicate: allowDuplicate === 'true',
    redeemable: redeemable === 'true',
    asked: JSON.parse(JSON.stringify(said)) as Json.Object,
  }
}

function withRoster(
  { asked }: Pick<ReturnType<typeof fromQuery>, 'asked'>,
  { source, digest, drop }: Spooled,
): Pick<Wish, 'roster' | 'digest' | 'drop' | 'asked' | 'pointer'> {
  return {
    ...{ roster: source, digest, drop },
    asked: { ...asked, roster: Bytes.toHex(digest) },
    pointer: ({ row, column }) => {
      const path = column === undefined ? [] : [column]
      return row === 1 ? pointer('/header', path) : pointer('/rows', [row - 1, ...path])
    },
  }
}

function readMapping(text: string, origin: '/query' | ''): Columns.Mapping {
  const schema = z.record(z.string(), z.string().nullable())
  let value: Json.Value
  try {
    value = Json.parse(text)
  } catch (cause) {
    if (!(cause instanceof Errors.BaseError)) throw cause
    throw Reading.refuse([{ pointer: `${origin}/columns`, code: cause.code, detail: cause.message }])
  }
  const { success, data } = schema.safeParse(value)
  if (success) return new Map(Object.entries(data))
  throw Reading.refuse([
    { pointer: `${origin}/columns`, code: 'TYPE', detail: 'This is no object of names of columns, or null.' },
  ])
}

function refuse(error: Refusal.InvalidRosterError, { pointer }: Wish): Problem.RefusedError {
  const { code, message, problems, facts } = error
  const total = typeof facts.problems === 'number' ? facts.problems : problems.length
  const places = problems.slice(0, 1_000).map(
    (problem): Problem.Place => ({
      pointer: pointer(problem),
      code: problem.code,
      detail: problem.message,
      row: problem.row,
      ...(problem.column === undefined ? {} : { column: problem.column }),
    }),
  )
  return new Problem.RefusedError(code, message, { places, total })
}

async function describe(
  batch: Pick<Batch.Batch, 'terms' | 'size' | 'achievement'>,
  looked: Pick<Intake.Looked, 'formulas'>,
  api: Api,
): Promise<z.output<typeof schemas.Preview>> {
  const { cost, needs, risks } = await preview(batch, api)
  const { terms, size } = batch
  return {
    recipients: size,
    achievement: Views.named(batch.achievement),
    warnings: Views.warnings(looked),
    chain: {
      id: terms.chainId,
      test: api.chain.test,
      registry: terms.registry,
      confirmations: api.chain.confirmations,
    },
    signs: { credentials: terms.verificationMethod, anchor: terms.account },
    cost: {
      gas: String(cost.gas),
      gasAtMost: String(cost.gasAtMost),
      feePerGas: String(cost.feePerGas),
      feePerGasAtMost: String(cost.feePerGasAtMost),
      now: String(cost.now),
      atMost: String(cost.atMost),
      balance: String(cost.balance),
    },
    needs: [...needs],
    risks: [...risks],
  }
}

/** Thrown when a batch is to be cancelled whose transaction may be on its way. */
class LateError extends Errors.BaseError<'BATCH_ALREADY_BROADCAST'> {
  override readonly name = 'batches.LateError'
  constructor(batch: Batch.Batch) {
    super('BATCH_ALREADY_BROADCAST', `The batch is ${batch.state}: it can only be revoked now.`, {
      facts: { batch: batch.id, state: batch.state },
    })
  }
}
