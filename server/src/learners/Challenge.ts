import type { IncomingHttpHeaders } from 'node:http'
import * as SignIn from '../access/SignIn.ts'
import type { Context } from '../Context.ts'
import type * as LearnerStore from '../ports/LearnerStore.ts'
import * as Token from './Token.ts'

const minute = 60 * 1_000
const hour = 60 * minute

/** How long an answer is taken, in milliseconds: one that a mail brings, and one that is signed at once. */
const life = { address: 15 * minute, signature: 5 * minute } as const

/** How many wrong codes are taken for one challenge. */
export const attempts = 5

/** How often an address is written to, and how often a learner may ask for anything to be challenged by. */
const rates = {
  address: [
    { count: 5, time: 15 * minute },
    { count: 20, time: 24 * hour },
  ],
  learner: [{ count: 20, time: hour }],
} as const satisfies Readonly<Record<string, readonly LearnerStore.Rate[]>>

/** What whoever asks is told: what to show with the answer, and until when. */
export type Challenge = { readonly text: string; readonly digest: Uint8Array; readonly expiresAt: number }

type Needed = Pick<Context, 'learners' | 'clock' | 'randomness'> & {
  readonly terms: Pick<Context['terms'], 'publicUrl'>
  /** Who writes. */
  readonly organisation: string
}

/**
 * Sends an address a link and a code, each of which is good once and for a quarter of an hour. The answer is the same whether
 * anybody has the address or nobody. `undefined`: it was asked for too often.
 *
 * @param session of the learner to whom the address is to be added; without, the answer signs in
 */
export async function byMail(
  { email, language, session }: { email: string; language: string | undefined; session: Uint8Array | undefined },
  { learners, clock, randomness, terms, organisation }: Needed,
): Promise<Challenge | undefined> {
  const challenge = Token.create(randomness.bytes(32))
  const link = Token.create(randomness.bytes(32))
  const code = SignIn.codeOf(randomness.bytes(8))
  const createdAt = clock.now()
  const expiresAt = createdAt + life.address
  const place = session === undefined ? 'sign-in' : 'add-address'
  const values = {
    ...{ organisation, code, minutes: String(life.address / minute) },
    link: `${terms.publicUrl}/badges/${place}/${link.text}`,
  }
  const mail = {
    ...{ to: email, language, values, lifetime: life.address },
    template: session === undefined ? ('learner-sign-in' as const) : ('verify-address' as const),
  }
  const isSet = await learners.challengeAddress(
    {
      ...{ digest: challenge.digest, session, createdAt, expiresAt, email, mail },
      ...{ token: link.digest, code: Token.codeDigest(challenge.digest, code) },
    },
    rates,
  )
  return isSet ? { ...challenge, expiresAt } : undefined
}

/** Sets a challenge that is answered by a signature. */
export async function bySignature(
  kind: 'did' | 'wallet',
  session: Uint8Array | undefined,
  { learners, clock, randomness }: Pick<Context, 'learners' | 'clock' | 'randomness'>,
): Promise<Challenge | undefined> {
  const challenge = Token.create(randomness.bytes(32))
  const createdAt = clock.now()
  const expiresAt = createdAt + life.signature
  const { digest } = challenge
  const isSet = await learners.setChallenge({ digest, session, createdAt, expiresAt }, kind, rates.learner)
  return isSet ? { ...challenge, expiresAt } : undefined
}

/** How long a signature may have been made before it is shown, in milliseconds. */
export const signatureAge = life.signature

/** The answer to a challenge by mail. Hostile texts. */
export function toAnswer(
  said: { readonly token: string } | { readonly challenge: string; readonly code: string },
): LearnerStore.Answer {
  if ('token' in said) return { token: Token.digestOf(said.token) }
  const challenge = Token.digestOf(said.challenge)
  return { challenge, code: Token.codeDigest(challenge, said.code.replaceAll(/[ -]/g, '')) }
}

/** The language that somebody reads most of all, by their browser. Hostile text. */
export function languageOf(headers: IncomingHttpHeaders): string | undefined {
  return /^[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}(?=[,;]|$)/i.exec(headers['accept-language'] ?? '')?.[0]
}
