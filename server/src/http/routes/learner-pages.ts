import { z } from 'zod'
import * as Batch from '../../Batch.ts'
import * as Document from '../../Document.ts'
import * as Challenge from '../../learners/Challenge.ts'
import * as ClaimLink from '../../learners/ClaimLink.ts'
import * as Token from '../../learners/Token.ts'
import * as Status from '../../Status.ts'
import * as LearnerPage from '../LearnerPage.ts'
import * as LearnerSession from '../LearnerSession.ts'
import * as Learners from '../Learners.ts'
import * as Multipart from '../Multipart.ts'
import * as Problem from '../Problem.ts'
import * as Reading from '../Reading.ts'
import { type Api, type Asked, define, type Reply, type Route } from '../Route.ts'
import * as schemas from '../schemas/learners.ts'

const tag = 'Learners’ pages'
const byToken = z.strictObject({ token: schemas.token })

const html = (says: string) => ({ says, type: 'text/html' })
const lost = html('The link opens nothing')
const there = { says: 'It is done; look there', headers: ['Location' as const] }

/** How soon a link that has expired is sent anew, in milliseconds. */
const renewing = 60 * 60 * 1_000

/** How many badges one page shows. */
export const most = 500

/** What learners see who have no account, and those who sign in. Every page works without a script. */
export const learnerPages: readonly Route[] = [
  define({
    method: 'get',
    path: '/claim/{token}',
    operation: 'showClaim',
    summary: 'Shows a learner the badge to which a link leads; looking changes nothing',
    tag,
    scope: null,
    params: byToken,
    answers: { 200: html('A page'), 404: lost },
    handle: async ({ params: { token } }, api) => {
      const sent = await Learners.sent(token, api)
      if (sent === undefined) return LearnerPage.closed(undefined)
      return Learners.isOpen(sent, api)
        ? LearnerPage.claim(token, sent, Learners.isReady(sent))
        : LearnerPage.closed(token)
    },
  }),
  decision('accept', 'acceptClaim', 'Accepts a badge'),
  decision('decline', 'declineClaim', 'Declines a badge; it may be accepted later'),
  define({
    method: 'post',
    path: '/claim/{token}/renew',
    operation: 'renewClaim',
    summary: 'Sends a new link in place of one that has expired, to the same address',
    tag,
    scope: null,
    params: byToken,
    answers: { 200: html('A mail is on its way') },
    problems: ['ORIGIN_REFUSED'],
    handle: async ({ params: { token }, headers }, api) => {
      Learners.demandNotForeign(headers)
      const { learners, clock, randomness, terms } = api
      const sent = await Learners.sent(token, api)
      const now = clock.now()
      if (sent !== undefined && !Learners.isOpen(sent, api)) {
        const { batch, recipient } = sent.found
        const { days } = await learners.settings(batch.id)
        const link = ClaimLink.create(batch, recipient, { publicUrl: terms.publicUrl, days, now, randomness })
        await learners.renew(Token.digestOf(token), link, now, now - renewing)
      }
      return LearnerPage.mailed()
    },
  }),
  define({
    method: 'post',
    path: '/claim/{token}/sign-in',
    operation: 'signInByClaim',
    summary: 'Sends the address of a badge a link by which its learner signs in',
    tag,
    scope: null,
    params: byToken,
    answers: { 200: html('A mail is on its way'), 404: lost },
    problems: ['ORIGIN_REFUSED', 'RATE_LIMITED'],
    handle: async ({ params: { token }, headers }, api) => {
      Learners.demandNotForeign(headers)
      const sent = await Learners.sent(token, api)
      if (sent === undefined || !Learners.isOpen(sent, api)) return LearnerPage.closed(undefined)
      const { text } = await Learners.challengeAddress(sent.claim.email, headers, undefined, api)
      return LearnerPage.code(text, false)
    },
  }),
  define({
    method: 'get',
    path: '/claim/{token}/ticket.json',
    operation: 'getClaimTicket',
    summary: 'Gives the ticket for which the learner may redeem a token',
    tag,
    scope: null,
    params: byToken,
    answers: { 200: { says: 'The ticket (docs/format.md §10)', type: 'application/json' } },
    problems: ['CLAIM_UNKNOWN', 'CREDENTIAL_NOT_READY', 'TICKETS_NOT_OFFERED'],
    handle: async ({ params: { token } }, api) => {
      const sent = await Learners.sent(token, api)
      if (sent === undefined || !Learners.isOpen(sent, api))
        throw new Problem.RefusedError('CLAIM_UNKNOWN', 'This link opens nothing.')
      if (!Learners.isReady(sent))
        throw new Problem.RefusedError('CREDENTIAL_NOT_READY', 'This credential is still on its way to its anchor.')
      const { batch, recipient } = sent.found
      const index = await api.store.ticketIndex(batch.id, recipient.row)
      if (index === undefined)
        throw new Problem.RefusedError('TICKETS_NOT_OFFERED', 'The learners of this batch are given no tickets.')
      return { status: 200, body: await api.press.ticket(Batch.final(batch), Document.asSigned(recipient), index) }
    },
  }),
  define({
    method: 'get',
    path: '/moves/{token}',
    operation: 'showMove',
    summary: 'Shows whoever reads an old address what is to be moved from it; looking changes nothing',
    tag,
    scope: null,
    params: byToken,
    answers: { 200: html('A page'), 404: lost },
    handle: async ({ params: { token } }, { learners }) => {
      const move = await learners.moveBy(Token.digestOf(token))
      return move === undefined ? LearnerPage.closed(undefined) : LearnerPage.move(move, token)
    },
  }),
  define({
    method: 'post',
    path: '/moves/{token}/object',
    operation: 'objectToMove',
    summary: 'Objects to a move: the badge stays where it is',
    tag,
    scope: null,
    params: byToken,
    answers: { 303: there },
    problems: ['ORIGIN_REFUSED'],
    handle: async ({ params: { token }, headers }, { learners, clock }) => {
      Learners.demandNotForeign(headers)
      await learners.object(Token.digestOf(token), clock.now())
      return to(`/moves/${encodeURIComponent(token)}`)
    },
  }),

  define({
    method: 'get',
    path: '/badges',
    operation: 'showBadges',
    summary: 'Shows whoever has signed in all their badges, and others where to sign in',
    tag,
    scope: null,
    answers: { 200: html('A page') },
    handle: async ({ headers }, api) => {
      const found = await Learners.signedIn(headers, api)
      const learner = found && (await api.learners.learner(found.session.learner))
      if (learner === undefined) return sameOrigin(LearnerPage.signIn())
      const badges = await api.learners.badges(learner.id, most)
      const status = async (id: string) => Status.at(await api.store.decisions(id), Infinity).state
      const all = await Promise.all(badges.map(async (badge) => ({ ...badge, status: await status(badge.credential) })))
      return sameOrigin(LearnerPage.badges(learner, all))
    },
  }),
  define({
    method: 'post',
    path: '/badges/sign-in',
    operation: 'askToSignIn',
    summary: 'Sends an address a link and a code, whether anybody is known by it or not',
    tag,
    scope: null,
    body: z.strictObject({ email: schemas.email }),
    form: schemas.EmailForm,
    answers: { 200: html('Where the code is typed') },
    problems: ['ORIGIN_REFUSED', 'RATE_LIMITED', 'MULTIPART_INVALID'],
    handle: async (asked, api) => {
      Learners.demandOwn(asked.headers, api)
      const { email } = await fields(z.strictObject({ email: schemas.email }), asked)
      const { text } = await Learners.challengeAddress(email, asked.headers, undefined, api)
      return sameOrigin(LearnerPage.code(text, false))
    },
  }),
  define({
    method: 'post',
    path: '/badges/code',
    operation: 'signInByCode',
    summary: 'Signs in by the code of a mail',
    tag,
    scope: null,
    body: z.strictObject({ challenge: schemas.token, code: z.string().max(64) }),
    form: schemas.CodeForm,
    answers: { 303: there, 401: html('The code is wrong, used, or too old') },
    problems: ['ORIGIN_REFUSED', 'MULTIPART_INVALID'],
    handle: async (asked, api) => {
      Learners.demandOwn(asked.headers, api)
      const said = await fields(z.strictObject({ challenge: schemas.token, code: z.string().max(64) }), asked)
      return signIn(Challenge.toAnswer(said), asked, api)
    },
  }),
  define({
    method: 'get',
    path: '/badges/sign-in/{token}',
    operation: 'showSignIn',
    summary: 'Shows what the link of a mail is for; looking changes nothing',
    tag,
    scope: null,
    params: byToken,
    answers: { 200: html('A page'), 404: lost },
    handle: ({ params: { token } }, api) => showLink(token, false, api),
  }),
  define({
    method: 'post',
    path: '/badges/sign-in/{token}',
    operation: 'signInByLink',
    summary: 'Signs in by the link of a mail, once',
    tag,
    scope: null,
    params: byToken,
    answers: { 303: there, 401: html('The link is used, or too old') },
    problems: ['ORIGIN_REFUSED'],
    handle: async (asked, api) => {
      Learners.demandNotForeign(asked.headers)
      return signIn(Challenge.toAnswer({ token: asked.params.token }), asked, api)
    },
  }),
  define({
    method: 'post',
    path: '/badges/add-address',
    operation: 'askToAddAddress',
    summary: 'Sends another address of a learner a link and a code',
    tag,
    scope: null,
    body: z.strictObject({ email: schemas.email }),
    form: schemas.EmailForm,
    answers: { 200: html('Where the code is typed') },
    problems: ['SIGN_IN_REQUIRED', 'ORIGIN_REFUSED', 'RATE_LIMITED', 'MULTIPART_INVALID'],
    handle: async (asked, api) => {
      Learners.demandOwn(asked.headers, api)
      const { digest } = await Learners.demandSignedIn(asked.headers, api)
      const { email } = await fields(z.strictObject({ email: schemas.email }), asked)
      const { text } = await Learners.challengeAddress(email, asked.headers, digest, api)
      return sameOrigin(LearnerPage.code(text, true))
    },
  }),
  define({
    method: 'post',
    path: '/badges/add-code',
    operation: 'addAddressByCode',
    summary: 'Adds an address by the code of a mail',
    tag,
    scope: null,
    body: z.strictObject({ challenge: schemas.token, code: z.string().max(64) }),
    form: schemas.CodeForm,
    answers: { 303: there },
    problems: ['SIGN_IN_REQUIRED', 'CHALLENGE_INVALID', 'ORIGIN_REFUSED', 'MULTIPART_INVALID'],
    handle: async (asked, api) => {
      Learners.demandOwn(asked.headers, api)
      const said = await fields(z.strictObject({ challenge: schemas.token, code: z.string().max(64) }), asked)
      return add(said, asked, api)
    },
  }),
  define({
    method: 'get',
    path: '/badges/add-address/{token}',
    operation: 'showAddAddress',
    summary: 'Shows what the link of a mail is for; looking changes nothing',
    tag,
    scope: null,
    params: byToken,
    answers: { 200: html('A page'), 404: lost },
    handle: ({ params: { token } }, api) => showLink(token, true, api),
  }),
  define({
    method: 'post',
    path: '/badges/add-address/{token}',
    operation: 'addAddressByLink',
    summary: 'Adds an address by the link of a mail, once, in the session that has asked for it',
    tag,
    scope: null,
    params: byToken,
    answers: { 303: there },
    problems: ['SIGN_IN_REQUIRED', 'CHALLENGE_INVALID', 'ORIGIN_REFUSED'],
    handle: (asked, api) => {
      Learners.demandOwn(asked.headers, api)
      return add({ token: asked.params.token }, asked, api)
    },
  }),
  define({
    method: 'post',
    path: '/badges/remove-address',
    operation: 'dropAddress',
    summary: 'Removes an address; its badges go to another of the learner',
    tag,
    scope: null,
    body: z.strictObject({ email: schemas.email }),
    form: schemas.EmailForm,
    answers: { 303: there },
    problems: ['SIGN_IN_REQUIRED', 'ADDRESS_LAST', 'ORIGIN_REFUSED', 'MULTIPART_INVALID'],
    handle: async (asked, api) => {
      Learners.demandOwn(asked.headers, api)
      const { session } = await Learners.demandSignedIn(asked.headers, api)
      const { email } = await fields(z.strictObject({ email: schemas.email }), asked)
      await api.learners.removeAddress(session.learner, email, undefined)
      return to('/badges')
    },
  }),
  signingOut('/badges/sign-out', 'signOut', 'Signs out', (id) => id),
  signingOut('/badges/sign-out-everywhere', 'signOutEverywhere', 'Ends every session of the learner', () => undefined),
  define({
    method: 'get',
    path: '/learner.css',
    operation: 'getLearnerStyle',
    summary: 'How these pages look',
    tag,
    scope: null,
    answers: { 200: { says: 'A style sheet', type: 'text/css' } },
    handle: async () => ({
      status: 200,
      headers: { 'Cache-Control': 'public, max-age=300' },
      type: 'text/css; charset=utf-8',
      body: LearnerPage.style,
    }),
  }),
]

function decision(act: 'accept' | 'decline', operation: string, summary: string): Route {
  return define({
    method: 'post',
    path: `/claim/{token}/${act}`,
    operation,
    summary,
    tag,
    scope: null,
    params: byToken,
    query: schemas.seen,
    answers: { 303: there, 404: lost, 409: html('It was decided otherwise meanwhile; the page shows how') },
    problems: ['ORIGIN_REFUSED'],
    handle: async ({ params: { token }, query: { seen = 'offered' }, headers }, api) => {
      Learners.demandNotForeign(headers)
      const wanted = act === 'accept' ? 'accepted' : 'declined'
      const isDecided =
        seen !== wanted && (await api.learners.decide(Token.digestOf(token), seen, wanted, api.clock.now()))
      if (isDecided) return to(`/claim/${encodeURIComponent(token)}`)
      const sent = await Learners.sent(token, api)
      if (sent === undefined) return LearnerPage.closed(undefined)
      if (!Learners.isOpen(sent, api)) return LearnerPage.closed(token)
      // Whoever presses a button twice has what they want.
      if (sent.claim.state === wanted) return to(`/claim/${encodeURIComponent(token)}`)
      return LearnerPage.claim(token, sent, Learners.isReady(sent), true)
    },
  })
}

function signingOut(
  path: string,
  operation: string,
  summary: string,
  which: (id: string) => string | undefined,
): Route {
  return define({
    method: 'post',
    path,
    operation,
    summary,
    tag,
    scope: null,
    answers: { 303: there },
    problems: ['ORIGIN_REFUSED'],
    handle: async ({ headers }, api) => {
      Learners.demandOwn(headers, api)
      const found = await Learners.signedIn(headers, api)
      if (found !== undefined) await api.learners.endSession(found.session.learner, which(found.session.id))
      return to('/badges', { 'Set-Cookie': LearnerSession.ending(headers, api) })
    },
  })
}

async function showLink(token: string, adds: boolean, { learners, clock }: Api): Promise<Reply> {
  const challenged = await learners.challenged(Token.digestOf(token), clock.now())
  if (challenged === undefined || challenged.adds !== adds) return LearnerPage.closed(undefined)
  const page = LearnerPage.confirm(challenged.email, adds, token)
  // What is added is added by a session, so that the page has to show that it is one of ours.
  return adds ? sameOrigin(page) : page
}

type Asking = Pick<Asked<never, never, never>, 'headers'>

async function signIn(answer: ReturnType<typeof Challenge.toAnswer>, { headers }: Asking, api: Api): Promise<Reply> {
  try {
    const { cookie } = await Learners.signInByMail(answer, headers, api)
    return to('/badges', { 'Set-Cookie': cookie })
  } catch (error) {
    if (!(error instanceof Problem.RefusedError) || error.code !== 'CHALLENGE_INVALID') throw error
    return sameOrigin(LearnerPage.signIn('That opens nothing: it is wrong, used, or too old. We can send another one.'))
  }
}

async function add(said: Parameters<typeof Challenge.toAnswer>[0], { headers }: Asking, api: Api): Promise<Reply> {
  const { digest } = await Learners.demandSignedIn(headers, api)
  const isAdded = await api.learners.addAddress(Challenge.toAnswer(said), digest, api.clock.now(), Challenge.attempts)
  if (!isAdded) throw Learners.invalid()
  return to('/badges')
}

function to(location: string, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status: 303, headers: { Location: location, ...headers } }
}

/** Of a page that has no secret in its address: by its forms this server may see that they are its own. */
function sameOrigin(reply: Reply): Reply {
  return { ...reply, headers: { ...reply.headers, 'Referrer-Policy': 'same-origin' } }
}

/** What was sent, as JSON or as a form. */
async function fields<schema extends z.ZodType>(
  schema: schema,
  { body, form }: { readonly body: unknown; readonly form: AsyncIterable<Multipart.Part> | undefined },
): Promise<z.output<schema>> {
  if (form === undefined) return body as z.output<schema>
  const said = new Map<string, string>()
  for await (const part of form) said.set(part.name, await Multipart.text(part))
  return Reading.read(schema, Object.fromEntries(said), '')
}
