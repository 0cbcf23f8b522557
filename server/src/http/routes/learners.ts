import { z } from 'zod'
import type * as Batch from '../../Batch.ts'
import * as Challenge from '../../learners/Challenge.ts'
import * as ClaimLink from '../../learners/ClaimLink.ts'
import * as Token from '../../learners/Token.ts'
import type * as BatchStore from '../../ports/BatchStore.ts'
import type * as LearnerStore from '../../ports/LearnerStore.ts'
import * as Cell from '../../roster/Cell.ts'
import * as Status from '../../Status.ts'
import * as Uuid from '../../Uuid.ts'
import * as LearnerSession from '../LearnerSession.ts'
import * as Learners from '../Learners.ts'
import * as Problem from '../Problem.ts'
import { type Api, define, json, type Reply, type Route } from '../Route.ts'
import * as schemas from '../schemas/learners.ts'
import * as common from '../schemas.ts'
import * as Views from '../Views.ts'
import { most } from './learner-pages.ts'

const byBatch = z.strictObject({ id: common.batchId })
const byCredential = z.strictObject({ id: common.credentialId })
const day = 24 * 60 * 60 * 1_000

/** What an issuer does for learners. */
const issuing: readonly Route[] = [
  define({
    method: 'get',
    path: '/v1/claim-settings',
    operation: 'getClaimSettings',
    summary: 'Says how learners are sent their links',
    tag: 'Claims',
    scope: 'learners:read',
    answers: { 200: { says: 'As they are now', schema: schemas.ClaimSettings } },
    handle: async (_, { learners }) => json(200, await learners.settings()),
  }),
  define({
    method: 'put',
    path: '/v1/claim-settings',
    operation: 'setClaimSettings',
    summary: 'Settles how learners are sent their links; it counts for what is sent from now on',
    tag: 'Claims',
    scope: 'learners:write',
    body: schemas.ClaimSettings,
    answers: { 200: { says: 'As they are now', schema: schemas.ClaimSettings } },
    handle: async ({ body }, { learners }) => {
      await learners.settle(body)
      return json(200, body)
    },
  }),
  define({
    method: 'post',
    path: '/v1/batches/{id}/claim-links',
    operation: 'sendClaimLinks',
    summary:
      'Sends every recipient of a delivered batch with an e-mail address a link; who has one keeps it, unless told otherwise',
    tag: 'Claims',
    scope: 'learners:write',
    params: byBatch,
    body: schemas.NewClaimLinks,
    answers: { 202: { says: 'They are being sent', schema: schemas.ClaimLinks } },
    problems: ['BATCH_UNKNOWN', 'BATCH_NOT_DELIVERED'],
    handle: async ({ params, body }, { store, learners, clock }) => {
      const batch = await store.get(params.id)
      if (batch === undefined) throw new Problem.RefusedError('BATCH_UNKNOWN', 'There is no batch with this id.')
      if (batch.state !== 'delivered')
        throw new Problem.RefusedError('BATCH_NOT_DELIVERED', 'This batch is not delivered yet.')
      const begun = await learners.ask(batch.id, body.renew ?? false, clock.now())
      return json(202, { batch: batch.id, begun })
    },
  }),
  define({
    method: 'get',
    path: '/v1/credentials/{id}/claim-link',
    operation: 'getClaim',
    summary: 'Shows what has become of the link to a credential',
    tag: 'Claims',
    scope: 'learners:read',
    params: byCredential,
    answers: { 200: { says: 'With nobody’s address', schema: schemas.Claim } },
    problems: ['CREDENTIAL_UNKNOWN', 'CLAIM_UNKNOWN'],
    handle: async ({ params }, api) => json(200, await claimOf(await find(api, params.id), api)),
  }),
  define({
    method: 'post',
    path: '/v1/credentials/{id}/claim-link',
    operation: 'sendClaimLink',
    summary: 'Sends one recipient a new link, which takes the place of any before',
    tag: 'Claims',
    scope: 'learners:write',
    params: byCredential,
    answers: { 202: { says: 'It is being sent', schema: schemas.Claim } },
    problems: ['CREDENTIAL_UNKNOWN', 'CREDENTIAL_NOT_READY', 'RECIPIENT_UNADDRESSED'],
    handle: async ({ params }, api) => {
      const found = await find(api, params.id)
      await ClaimLink.send(found, { ...api, publicUrl: api.terms.publicUrl })
      return json(202, await claimOf(found, api))
    },
  }),
  define({
    method: 'post',
    path: '/v1/credentials/{id}/move',
    operation: 'moveCredential',
    summary:
      'Vouches for a learner who has lost an address: the credential goes to another one, unless the old one objects in time',
    tag: 'Claims',
    scope: 'learners:write',
    params: byCredential,
    body: schemas.NewMove,
    answers: {
      202: { says: 'The old address is told, and has time to object', schema: schemas.Move, headers: ['Location'] },
    },
    problems: ['CREDENTIAL_UNKNOWN', 'CREDENTIAL_NOT_READY', 'RECIPIENT_UNADDRESSED', 'MOVE_WAITING', 'ADDRESS_SAME'],
    handle: async ({ params, body }, api) => {
      const move = await askMove(await find(api, params.id), body, api)
      return json(202, viewMove(move), { Location: `/v1/moves/${move.id}` })
    },
  }),
  define({
    method: 'get',
    path: '/v1/moves/{id}',
    operation: 'getMove',
    summary: 'Shows what has become of a move',
    tag: 'Claims',
    scope: 'learners:read',
    params: z.strictObject({ id: common.uuid }),
    answers: { 200: { says: 'The move', schema: schemas.Move } },
    problems: ['MOVE_UNKNOWN'],
    handle: async ({ params }, { learners }) => {
      const move = await learners.move(params.id)
      if (move === undefined) throw new Problem.RefusedError('MOVE_UNKNOWN', 'There is no move with this id.')
      return json(200, viewMove(move))
    },
  }),
]

const tag = 'Learners'
const refused = ['SIGN_IN_REQUIRED', 'ORIGIN_REFUSED']

/** What learners do themselves, by a program of theirs or a page with a script. */
const own: readonly Route[] = [
  define({
    method: 'post',
    path: '/v1/learner/challenges',
    operation: 'challengeLearner',
    summary:
      'Sets a challenge: by a mail to an address, or to be signed. Within a session, its answer adds something to the learner; without one, it signs in. The answer is the same for addresses and learners that nobody knows',
    tag,
    scope: null,
    weight: 5,
    body: schemas.NewChallenge,
    answers: { 202: { says: 'What to answer', schema: schemas.Challenge } },
    problems: ['ORIGIN_REFUSED', 'RATE_LIMITED'],
    handle: async ({ body, headers }, api) => {
      Learners.demandOwn(headers, api)
      const session = (await Learners.signedIn(headers, api))?.digest
      const { text, digest, expiresAt } =
        'email' in body
          ? await Learners.challengeAddress(body.email, headers, session, api)
          : Learners.demandFew(await Challenge.bySignature(body.kind, session, api))
      const { domain, uri } = Learners.purposes(api)
      return json(202, {
        challenge: text,
        expiresAt: Views.time(expiresAt),
        nonce: 'email' in body ? null : Token.nonceOf(digest),
        domain,
        uri: uri(session !== undefined, 'email' in body ? 'wallet' : body.kind),
        chainId: api.walletProof.chainId,
      })
    },
  }),
  define({
    method: 'post',
    path: '/v1/learner/sessions',
    operation: 'startLearnerSession',
    summary: 'Signs a learner in: by the link or the code of a mail, or by what a bound wallet or DID has signed',
    tag,
    scope: null,
    weight: 20,
    body: schemas.NewSession,
    answers: { 201: { says: 'The session, as a cookie', schema: schemas.Session } },
    problems: ['CHALLENGE_INVALID', 'ORIGIN_REFUSED', 'BINDING_UNKNOWN', ...signed()],
    handle: async ({ body, headers }, api) => {
      Learners.demandOwn(headers, api)
      const { session, cookie } = await start(body, headers, api)
      return json(201, viewSession(session, session.id), { 'Set-Cookie': cookie })
    },
  }),
  define({
    method: 'get',
    path: '/v1/learner/sessions',
    operation: 'listLearnerSessions',
    summary: 'Lists where the learner is signed in',
    tag,
    scope: null,
    answers: { 200: { says: 'All sessions, the oldest first', schema: schemas.Sessions } },
    problems: ['SIGN_IN_REQUIRED'],
    handle: async ({ headers }, api) => {
      const { session } = await Learners.demandSignedIn(headers, api)
      const all = await api.learners.sessions(session.learner, api.clock.now())
      return json(200, { items: all.map((each) => viewSession(each, session.id)) })
    },
  }),
  define({
    method: 'delete',
    path: '/v1/learner/sessions/{id}',
    operation: 'endLearnerSession',
    summary: 'Ends a session of the learner, for every process at once',
    tag,
    scope: null,
    params: z.strictObject({ id: common.uuid }),
    answers: { 204: { says: 'It opens nothing any more' } },
    problems: [...refused, 'NOT_FOUND'],
    handle: async ({ params, headers }, api) => {
      Learners.demandOwn(headers, api)
      const { session } = await Learners.demandSignedIn(headers, api)
      return demandDone(await api.learners.endSession(session.learner, params.id))
    },
  }),
  define({
    method: 'get',
    path: '/v1/learner',
    operation: 'getLearner',
    summary: 'Shows by what the learner is known',
    tag,
    scope: null,
    answers: { 200: { says: 'The addresses, DIDs and wallets', schema: schemas.Learner } },
    problems: ['SIGN_IN_REQUIRED'],
    handle: async ({ headers }, api) => {
      const { session } = await Learners.demandSignedIn(headers, api)
      return json(200, viewLearner(await api.learners.learner(session.learner)))
    },
  }),
  define({
    method: 'get',
    path: '/v1/learner/badges',
    operation: 'listLearnerBadges',
    summary: 'Lists what was sent to any address of the learner, by any organisation of this server, the newest first',
    tag,
    scope: null,
    answers: { 200: { says: 'The newest five hundred', schema: schemas.Badges } },
    problems: ['SIGN_IN_REQUIRED'],
    handle: async ({ headers }, api) => {
      const { session } = await Learners.demandSignedIn(headers, api)
      const badges = await api.learners.badges(session.learner, most)
      return json(200, { items: await Promise.all(badges.map((badge) => viewBadge(badge, api))) })
    },
  }),
  define({
    method: 'post',
    path: '/v1/learner/addresses',
    operation: 'addLearnerAddress',
    summary: 'Adds an address by the link or the code of a mail, in the session that has asked for it',
    tag,
    scope: null,
    body: schemas.AddressAnswer,
    answers: { 200: { says: 'The learner', schema: schemas.Learner } },
    problems: [...refused, 'CHALLENGE_INVALID'],
    handle: async ({ body, headers }, api) => {
      Learners.demandOwn(headers, api)
      const { session, digest } = await Learners.demandSignedIn(headers, api)
      const { learners, clock } = api
      if (!(await learners.addAddress(Challenge.toAnswer(body), digest, clock.now(), Challenge.attempts)))
        throw Learners.invalid()
      return json(200, viewLearner(await learners.learner(session.learner)))
    },
  }),
  define({
    method: 'post',
    path: '/v1/learner/addresses/remove',
    operation: 'removeLearnerAddress',
    summary: 'Removes an address, whose badges go to another of the learner; the last one stays',
    tag,
    scope: null,
    body: schemas.OldAddress,
    answers: { 204: { says: 'It is removed' } },
    problems: [...refused, 'ADDRESS_LAST', 'NOT_FOUND'],
    handle: async ({ body, headers }, api) => {
      Learners.demandOwn(headers, api)
      const { session } = await Learners.demandSignedIn(headers, api)
      return demandDone(await api.learners.removeAddress(session.learner, body.email, body.to))
    },
  }),
  define({
    method: 'post',
    path: '/v1/learner/addresses/move',
    operation: 'moveLearnerBadges',
    summary: 'Moves all badges from one address of the learner to another',
    tag,
    scope: null,
    body: schemas.MoveAll,
    answers: { 200: { says: 'How many', schema: schemas.Moved } },
    problems: [...refused, 'NOT_FOUND'],
    handle: async ({ body, headers }, api) => {
      Learners.demandOwn(headers, api)
      const { session } = await Learners.demandSignedIn(headers, api)
      const moved = await api.learners.moveAll(session.learner, body.from, body.to)
      if (moved === undefined) throw new Problem.RefusedError('NOT_FOUND', 'One of these is no address of yours.')
      return json(200, { moved })
    },
  }),
  define({
    method: 'post',
    path: '/v1/learner/wallets',
    operation: 'bindWallet',
    summary: 'Binds a wallet by what it has signed (EIP-4361). A wallet is no address: nobody is written to there',
    tag,
    scope: null,
    weight: 20,
    body: schemas.WalletAnswer,
    answers: { 200: { says: 'The learner', schema: schemas.Learner } },
    problems: [...refused, 'BINDING_TAKEN', ...signed()],
    handle: ({ body, headers }, api) =>
      bind('wallet', headers, api, (session) => Learners.proveWallet(body, session, api)),
  }),
  define({
    method: 'post',
    path: '/v1/learner/wallets/remove',
    operation: 'unbindWallet',
    summary: 'Unbinds a wallet',
    tag,
    scope: null,
    body: schemas.OldWallet,
    answers: { 204: { says: 'It is nobody’s any more' } },
    problems: [...refused, 'NOT_FOUND'],
    handle: ({ body, headers }, api) => unbind('wallet', body.address.toLowerCase(), headers, api),
  }),
  define({
    method: 'post',
    path: '/v1/learner/dids',
    operation: 'bindDid',
    summary: 'Binds a DID by a presentation that answers a challenge',
    tag,
    scope: null,
    weight: 20,
    body: schemas.DidAnswer,
    answers: { 200: { says: 'The learner', schema: schemas.Learner } },
    problems: [...refused, 'BINDING_TAKEN', ...signed()],
    handle: ({ body, headers }, api) => bind('did', headers, api, (session) => Learners.proveDid(body, session, api)),
  }),
  define({
    method: 'post',
    path: '/v1/learner/dids/remove',
    operation: 'unbindDid',
    summary: 'Unbinds a DID',
    tag,
    scope: null,
    body: schemas.OldDid,
    answers: { 204: { says: 'It is nobody’s any more' } },
    problems: [...refused, 'NOT_FOUND'],
    handle: ({ body, headers }, api) => unbind('did', body.did, headers, api),
  }),
]

export const learners: readonly Route[] = [...issuing, ...own]

/** Why a signature may not be taken. */
function signed(): readonly string[] {
  return [
    ...['CHAIN_UNREACHABLE', 'CHALLENGE_INVALID', 'DID_METHOD', 'DID_UNAVAILABLE', 'PRESENTATION_REFUSED'],
    ...['SIWE_CHAIN_MISMATCH', 'SIWE_DOMAIN_MISMATCH', 'SIWE_EXPIRED', 'SIWE_INVALID', 'SIWE_NONCE_MISMATCH'],
    ...['SIWE_SIGNATURE', 'SIWE_URI_MISMATCH'],
  ]
}

type Headers = Parameters<typeof Learners.demandSignedIn>[0]

async function start(
  body: z.output<typeof schemas.NewSession>,
  headers: Headers,
  api: Api,
): Promise<{ readonly session: LearnerStore.Session; readonly cookie: string }> {
  if ('token' in body || 'code' in body) return Learners.signInByMail(Challenge.toAnswer(body), headers, api)
  const [kind, value] =
    'message' in body
      ? (['wallet', await Learners.proveWallet(body, undefined, api)] as const)
      : (['did', await Learners.proveDid(body, undefined, api)] as const)
  const { beginning, cookie } = LearnerSession.begin(headers, api)
  const session = await api.learners.signInBound(kind, value, beginning)
  if (session === undefined)
    throw new Problem.RefusedError('BINDING_UNKNOWN', 'This is bound to nobody here: sign in by an e-mail address.')
  return { session, cookie }
}

async function bind(
  kind: LearnerStore.Binding['kind'],
  headers: Headers,
  api: Api,
  prove: (session: Uint8Array) => Promise<string>,
): Promise<Reply> {
  Learners.demandOwn(headers, api)
  const { session, digest } = await Learners.demandSignedIn(headers, api)
  const value = await prove(digest)
  if (!(await api.learners.bind(digest, { kind, value, boundAt: api.clock.now() })))
    throw new Problem.RefusedError('SIGN_IN_REQUIRED', 'This session has ended meanwhile.')
  return json(200, viewLearner(await api.learners.learner(session.learner)))
}

async function unbind(kind: LearnerStore.Binding['kind'], value: string, headers: Headers, api: Api): Promise<Reply> {
  Learners.demandOwn(headers, api)
  const { session } = await Learners.demandSignedIn(headers, api)
  return demandDone(await api.learners.unbind(session.learner, kind, value))
}

function demandDone(isDone: boolean): Reply {
  if (!isDone) throw new Problem.RefusedError('NOT_FOUND', 'You have nothing of this name.')
  return { status: 204 }
}

async function find({ store }: Api, uuid: string): Promise<BatchStore.Found> {
  const found = await store.find(`urn:uuid:${uuid}`)
  if (found === undefined)
    throw new Problem.RefusedError('CREDENTIAL_UNKNOWN', 'There is no credential with this id here.')
  return found
}

async function claimOf(
  { batch, recipient }: { readonly batch: Batch.Batch; readonly recipient: Batch.Recipient },
  { learners }: Api,
): Promise<z.output<typeof schemas.Claim>> {
  const claim = await learners.claimOf(batch.id, recipient.row)
  // A claim that is only there because it is moved was never sent.
  if (claim === undefined || claim.sentAt === 0)
    throw new Problem.RefusedError('CLAIM_UNKNOWN', 'Nobody was sent a link to this credential.')
  const { credential, state, decidedAt, sentAt, expiresAt } = claim
  return {
    ...{ credential, state, decidedAt: decidedAt === null ? null : Views.time(decidedAt) },
    ...{ sentAt: Views.time(sentAt), expiresAt: Views.time(expiresAt) },
  }
}

async function askMove(
  found: BatchStore.Found,
  { email, reason }: z.output<typeof schemas.NewMove>,
  { learners, clock, randomness, terms }: Api,
): Promise<LearnerStore.Move> {
  const { batch, recipient } = found
  const { email: roster, name, language } = ClaimLink.demandContact(found)
  const claim = await learners.claimOf(batch.id, recipient.row)
  const from = claim?.email ?? roster
  if (Cell.emailKey(from) === Cell.emailKey(email))
    throw new Problem.RefusedError('ADDRESS_SAME', 'The credential is with this address already.')
  const { text, digest } = Token.create(randomness.bytes(32))
  const { waitingDays } = await learners.settings()
  const now = clock.now()
  const values = {
    ...{ organisation: batch.terms.issuer.name, name, days: String(waitingDays) },
    ...{ achievement: String(batch.achievement.definition.name), link: `${terms.publicUrl}/moves/${text}` },
  }
  const move = await learners.askMove({
    ...{ id: Uuid.name(Uuid.urn(randomness.bytes(16))), batch: batch.id, row: recipient.row },
    ...{ credential: recipient.draft?.credentialId as string, from, to: email, reason, digest, now },
    due: now + waitingDays * day,
    mail: (to) => ({ to, language, template: 'move-asked', values, about: recipient.draft?.credentialId }),
  })
  if (move === undefined) throw new Problem.RefusedError('MOVE_WAITING', 'This credential is being moved already.')
  return move
}

function viewMove({ id, credential, state, askedAt, due, endedAt }: LearnerStore.Move): z.output<typeof schemas.Move> {
  const times = {
    askedAt: Views.time(askedAt),
    due: Views.time(due),
    endedAt: endedAt === null ? null : Views.time(endedAt),
  }
  return { id, credential, state, ...times }
}

function viewSession(
  { id, way, createdAt, expiresAt }: LearnerStore.Session,
  current: string,
): z.output<typeof schemas.Session> {
  return { id, way, createdAt: Views.time(createdAt), expiresAt: Views.time(expiresAt), current: id === current }
}

function viewLearner(learner: LearnerStore.Learner | undefined): z.output<typeof schemas.Learner> {
  if (learner === undefined) throw new Problem.RefusedError('SIGN_IN_REQUIRED', 'This learner is gone.')
  const { id, createdAt, addresses, bindings } = learner
  const of = (wanted: LearnerStore.Binding['kind']) => bindings.filter(({ kind }) => kind === wanted)
  return {
    id,
    createdAt: Views.time(createdAt),
    addresses: addresses.map(({ email, verifiedAt }) => ({ email, verifiedAt: Views.time(verifiedAt) })),
    dids: of('did').map(({ value, boundAt }) => ({ did: value, boundAt: Views.time(boundAt) })),
    wallets: of('wallet').map(({ value, boundAt }) => ({ address: value, boundAt: Views.time(boundAt) })),
  }
}

async function viewBadge(
  badge: LearnerStore.Badge,
  { store, terms }: Api,
): Promise<z.output<typeof schemas.Badges>['items'][number]> {
  const { credential, achievement, issuer, issuedAt, email, state } = badge
  const at = `${terms.publicUrl}/credentials/${Uuid.name(credential)}`
  const { state: status } = Status.at(await store.decisions(credential), Infinity)
  return {
    ...{ credential, achievement, issuer, issuedAt: Views.time(issuedAt), email, state, status },
    ...{ document: `${at}.json`, image: `${at}.png` },
  }
}
