import type { Context } from '../Context.ts'
import { agreedNow } from '../issuer/Profile.ts'
import type { Answer, Options } from '../ports/PasskeyCeremonies.ts'
import type * as Member from './Member.ts'
import * as Passkey from './Passkey.ts'
import * as Session from './Session.ts'

type Needed = Pick<Context, 'passkeys' | 'ceremonies' | 'clock' | 'randomness'>

/** In which browser somebody has a passkey at hand, and at which page. */
export type Place = {
  /** A digest of what only this browser has. */
  readonly browser: Uint8Array
  readonly origin: string
}

/** What a device is asked that is to make a passkey for a member. It is made within minutes, or not at all. */
export async function askToAdd(
  { id, email, organisation }: Pick<Member.Member, 'id' | 'email' | 'organisation'>,
  place: Place,
  context: Needed & Pick<Context, 'terms' | 'issuers'>,
): Promise<Options> {
  const { ceremonies, passkeys } = context
  const { issuer } = await agreedNow(context.terms, context)
  const challenge = await begin('add', place, context)
  const exclude = (await passkeys.passkeys(organisation, id)).map((passkey) => passkey.id)
  const user = { id, name: email ?? id }
  return ceremonies.creation({ origin: place.origin, challenge }, { user, site: issuer.name, exclude })
}

/**
 * Adds a passkey that a device has made. What it was asked is used up, whatever comes of it.
 *
 * @throws {Passkey.RefusedError}, {Passkey.TakenError}, {Passkey.TooManyError}
 */
export async function add(
  { id: member, organisation }: Pick<Member.Member, 'id' | 'organisation'>,
  { name, answer }: { readonly name: string; readonly answer: Answer },
  place: Place,
  context: Needed,
): Promise<Passkey.Passkey> {
  const signing = await end('add', place, context)
  const made = await context.ceremonies.made(signing, answer)
  const passkey = { ...made, organisation, member, name, createdAt: context.clock.now(), usedAt: null }
  await context.passkeys.addPasskey(passkey)
  return passkey
}

/** What a device is asked that has a passkey of anybody's. */
export async function askToSignIn(place: Place, context: Needed): Promise<Options> {
  return context.ceremonies.request({ origin: place.origin, challenge: await begin('sign-in', place, context) })
}

/**
 * Signs in whoever has a passkey that has signed what was asked. That is used up, whatever comes of it.
 *
 * @throws {Passkey.RefusedError}
 */
export async function signIn(
  answer: Answer & { readonly id: string },
  place: Place,
  opening: Session.Opening,
  context: Needed,
): Promise<Member.Member> {
  const { passkeys, ceremonies } = context
  const signing = await end('sign-in', place, context)
  const passkey = await passkeys.passkey(answer.id)
  if (passkey === undefined) throw new Passkey.RefusedError()
  const { counter } = await ceremonies.signed(signing, answer, passkey)
  // Of two that have counted as far at once, one is a copy.
  const member = await passkeys.enterByPasskey(passkey.id, counter, opening)
  if (member === undefined) throw new Passkey.RefusedError()
  return member
}

async function begin(purpose: Passkey.Purpose, { browser }: Place, { passkeys, clock, randomness }: Needed) {
  const challenge = Session.secretOf(randomness.bytes(32))
  await passkeys.challenge(browser, purpose, challenge, clock.now() + Passkey.stands)
  return challenge
}

async function end(purpose: Passkey.Purpose, { browser, origin }: Place, { passkeys, clock }: Needed) {
  const challenge = await passkeys.takeChallenge(browser, purpose, clock.now())
  if (challenge === undefined) throw new Passkey.RefusedError()
  return { origin, challenge }
}
