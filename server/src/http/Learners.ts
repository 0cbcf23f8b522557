import type { IncomingHttpHeaders } from 'node:http'
import type * as Bytes from '@laurel/core/Bytes'
import { agreedNow } from '../issuer/Profile.ts'
import * as Challenge from '../learners/Challenge.ts'
import * as Token from '../learners/Token.ts'
import type * as BatchStore from '../ports/BatchStore.ts'
import type * as LearnerStore from '../ports/LearnerStore.ts'
import * as WalletProof from '../ports/WalletProof.ts'
import * as Status from '../Status.ts'
import * as LearnerSession from './LearnerSession.ts'
import * as Origin from './Origin.ts'
import * as Problem from './Problem.ts'
import type { Api } from './Route.ts'

/** What both the pages and the interface for programs do with learners. */

/** Somebody who has signed in, and the digest of the session. */
export type SignedIn = { readonly session: LearnerStore.Session; readonly digest: Uint8Array }

/** Whoever has signed in; `undefined`: nobody has. */
export async function signedIn(
  headers: IncomingHttpHeaders,
  { learners, clock, terms }: Api,
): Promise<SignedIn | undefined> {
  const digest = LearnerSession.digestIn(headers, { terms })
  const session = digest && (await learners.session(digest, clock.now()))
  return digest && session && { session, digest }
}

/** @throws {Problem.RefusedError} SIGN_IN_REQUIRED */
export async function demandSignedIn(headers: IncomingHttpHeaders, api: Api): Promise<SignedIn> {
  const found = await signedIn(headers, api)
  if (found === undefined) throw new Problem.RefusedError('SIGN_IN_REQUIRED', 'Sign in first.')
  return found
}

/**
 * Refuses what another site has a browser send: a cookie comes with it, and says nothing of who wants it.
 *
 * @throws {Problem.RefusedError} ORIGIN_REFUSED
 */
export function demandOwn(headers: IncomingHttpHeaders, { terms }: Pick<Api, 'terms'>): void {
  const origin = Origin.of(headers, terms.publicUrl)
  if (origin === undefined || !Origin.isOurs(headers, origin))
    throw new Problem.RefusedError('ORIGIN_REFUSED', 'This was not asked for on a page of this server.')
}

/**
 * The same where a token in the address is what opens, so that no cookie does: a program may send it as well. Origin says nothing
 * here: pages with such an address tell no other where one comes from, and a browser writes `null` then.
 */
export function demandNotForeign(headers: IncomingHttpHeaders): void {
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new Problem.RefusedError('ORIGIN_REFUSED', 'This was asked for by a page of another site.')
}

/** Sends an address a link and a code. @throws {Problem.RefusedError} RATE_LIMITED */
export async function challengeAddress(
  email: string,
  headers: IncomingHttpHeaders,
  session: Uint8Array | undefined,
  api: Api,
): Promise<Challenge.Challenge> {
  const { issuer } = await agreedNow(api.terms, api)
  const asked = { email, language: Challenge.languageOf(headers), session }
  return demandFew(await Challenge.byMail(asked, { ...api, organisation: issuer.name }))
}

/** @throws {Problem.RefusedError} RATE_LIMITED */
export function demandFew(challenge: Challenge.Challenge | undefined): Challenge.Challenge {
  if (challenge !== undefined) return challenge
  throw new Problem.RefusedError('RATE_LIMITED', 'This was asked for too often; wait a quarter of an hour.', {
    headers: { 'Retry-After': '900' },
  })
}

/** Signs in whoever answers a challenge by mail. @throws {Problem.RefusedError} CHALLENGE_INVALID */
export async function signInByMail(
  answer: LearnerStore.Answer,
  headers: IncomingHttpHeaders,
  api: Api,
): Promise<{ readonly session: LearnerStore.Session; readonly cookie: string }> {
  const { beginning, cookie } = LearnerSession.begin(headers, api)
  const session = await api.learners.signIn(answer, beginning, api.clock.now(), Challenge.attempts)
  if (session === undefined) throw invalid()
  return { session, cookie }
}

/** Said alike of what is wrong, used, expired, and of another session: whoever guesses learns nothing. */
export function invalid(): Problem.RefusedError {
  return new Problem.RefusedError('CHALLENGE_INVALID', 'This opens nothing: it is wrong, used, or too old.', {
    places: [{ pointer: '/token', code: 'CHALLENGE_INVALID', detail: 'It is wrong, used, or too old.' }],
  })
}

/** What a wallet signs is for, by where it is sent. */
export function purposes({ terms }: Pick<Api, 'terms'>) {
  const { host } = new URL(terms.publicUrl)
  return {
    domain: host,
    uri: (signedIn: boolean, kind: 'did' | 'wallet') =>
      `${terms.publicUrl}/v1/learner/${signedIn ? `${kind}s` : 'sessions'}`,
  }
}

/**
 * Judges what a wallet has signed. Its challenge is used up by every answer, but for one that could not be judged.
 *
 * If we die in its midst: the challenge is used up, and another one is asked for.
 *
 * @throws {Problem.RefusedError} SIWE_… and CHAIN_UNREACHABLE
 */
export async function proveWallet(
  answer: { readonly challenge: string; readonly message: string; readonly signature: string },
  session: Uint8Array | undefined,
  api: Api,
): Promise<Bytes.Hex> {
  const { learners, clock, walletProof } = api
  const digest = Token.digestOf(answer.challenge)
  const now = clock.now()
  const isTaken = await learners.take(digest, 'wallet', session, now)
  const { domain, uri } = purposes(api)
  const asked = { domain, uri: uri(session !== undefined, 'wallet'), now, age: Challenge.signatureAge }
  try {
    // Where there was no challenge, what is wrong beside it is still told first: no nonce is what was set then.
    const nonce = isTaken ? Token.nonceOf(digest) : ''
    return await walletProof.judge(answer.message, answer.signature as Bytes.Hex, { ...asked, nonce })
  } catch (error) {
    if (error instanceof WalletProof.RefusedError)
      throw new Problem.RefusedError(error.code, error.message, {
        places: [{ pointer: error.pointer, code: error.code, detail: error.message }],
      })
    if (isTaken) await learners.giveBack(digest)
    throw error
  }
}

/** The methods of DIDs whose control is shown here; an account of a wallet (did:pkh) is shown as a wallet. */
const methods = ['did:key:', 'did:jwk:', 'did:web:']

/**
 * Judges a presentation that answers a challenge, and answers with the DID whose control it shows. See {@link proveWallet}.
 *
 * @throws {Problem.RefusedError} CHALLENGE_INVALID, PRESENTATION_REFUSED, DID_METHOD, DID_UNAVAILABLE
 */
export async function proveDid(
  answer: { readonly challenge: string; readonly presentation: object | string },
  session: Uint8Array | undefined,
  api: Api,
): Promise<string> {
  const { learners, clock, verifyPresentation } = api
  const digest = Token.digestOf(answer.challenge)
  if (!(await learners.take(digest, 'did', session, clock.now()))) throw invalid()
  const { presentation } = answer
  const text = typeof presentation === 'string' ? presentation : JSON.stringify(presentation)
  const asked = { challenge: Token.nonceOf(digest), domain: purposes(api).domain }
  const { checks, holder } = await verifyPresentation(text, asked)
  // Whether what is in it was issued to its holder is not asked here.
  const flaw = checks.find(({ check, outcome }) => check !== 'holder' && outcome !== 'passed')
  if (flaw?.code === 'KEY_UNAVAILABLE') {
    await learners.giveBack(digest)
    throw new Problem.RefusedError('DID_UNAVAILABLE', 'The document of this DID cannot be had at the moment.')
  }
  if (flaw !== undefined || holder === undefined) {
    const { code = 'HOLDER_UNNAMED', message = 'It does not say who presents it.' } = flaw ?? {}
    throw new Problem.RefusedError('PRESENTATION_REFUSED', message, {
      places: [{ pointer: '/presentation', code, detail: message }],
    })
  }
  if (!methods.some((method) => holder.startsWith(method)))
    throw new Problem.RefusedError('DID_METHOD', 'Bind a did:key, a did:jwk or a did:web.')
  return holder
}

/** A credential that was sent to somebody, with all that is shown of it. */
export type Sent = {
  readonly claim: LearnerStore.Claim
  readonly found: BatchStore.Found
  readonly status: Status.State
}

/** What a link leads to; `undefined` for one that leads nowhere. Hostile text. */
export async function sent(token: string, { learners, store }: Api): Promise<Sent | undefined> {
  const claim = await learners.claim(Token.digestOf(token))
  const found = claim && (await store.find(claim.credential))
  if (claim === undefined || found === undefined) return undefined
  return { claim, found, status: Status.at(await store.decisions(claim.credential), Infinity).state }
}

/** Whether a link shows its page, which it does for as long as it was promised. */
export function isOpen({ claim }: Pick<Sent, 'claim'>, { clock }: Pick<Api, 'clock'>): boolean {
  return clock.now() < claim.expiresAt
}

/** Whether the files of a credential can be had. */
export function isReady({ found: { batch, block } }: Pick<Sent, 'found'>): boolean {
  return batch.state === 'delivered' && block !== null
}
