import { hash, timingSafeEqual } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Multibase from '@laurel/core/Multibase'

/** What a key may be allowed to do, each with a sentence for whoever hands it out. */
export const scopes = {
  'achievements:read': 'see the achievements that can be awarded',
  'achievements:write': 'add achievements and new versions of them',
  'audit:read': 'see who asked for what, and what became of it',
  'approvals:decide': 'approve or decline what somebody else wants to do; only a person can',
  'approvals:read': 'see what waits for a second person, and what has become of it',
  'batches:read': 'see batches, their state and their cost',
  'batches:write': 'hand in rosters and credentials, submit and cancel batches',
  'credentials:read': 'download credentials, which hold personal data',
  'credentials:status': 'revoke, suspend and reinstate credentials',
  'imports:read': 'see badges of others that were brought here, which hold personal data',
  'imports:write': 'bring badges of others here',
  'issuer:write': 'change what the issuer says of itself',
  'keys:admin': 'see, make and revoke keys',
  'mail:read': 'see what has become of mails, and the addresses to which nothing is sent',
  'mail:write': 'write to learners, once more too, and hand in what has come back',
  'learners:read': 'see what has become of claim links and of moves to other addresses, without the addresses',
  'learners:write': 'send claim links, and vouch for learners who have lost an address',
  'privacy:admin': 'erase people, and see all that is kept of one',
  'organisation:export': 'take all along that the organisation has, which is personal data',
  'organisation:write': 'change the name, the settings and the departments of the organisation',
  'metrics:read': 'read the metrics of the server',
  'members:admin': 'invite and remove people, give them roles, end their sessions, and say what needs a second person',
  'members:read': 'see the people of the organisation',
  'webhooks:read': 'see what has happened, the webhooks, and what they were told',
  'webhooks:write': 'add, change, test, replay and remove webhooks',
} as const

export type Scope = keyof typeof scopes

/** Every scope there is. */
export const allScopes = Object.keys(scopes) as readonly Scope[]

/** A key as it is kept. Times are in milliseconds since 1970. */
export type Stored = {
  /** Eight hexadecimal digits, which say nothing. */
  readonly id: string
  /** What its owner calls it. */
  readonly name: string
  /** SHA-256 of the secret (32 bytes). */
  readonly digest: Uint8Array
  readonly scopes: readonly Scope[]
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly revokedAt: number | null
  /** The member who made it, or who made the key that made it; `null`: it was made at the terminal. */
  readonly madeBy: string | null
}

/** How a key looks: what it is, its id, and 32 random bytes in base58. Programs that look for lost secrets know it by this. */
const form = /^laurel_([0-9a-f]{8})_(z[1-9A-HJ-NP-Za-km-z]{32,44})$/

/**
 * Makes a key. The text is all that opens anything, and is told to nobody but its owner, once.
 *
 * @param random 36 random bytes
 */
export function create(
  random: Uint8Array,
  options: Pick<Stored, 'name' | 'scopes' | 'createdAt'> & Partial<Pick<Stored, 'expiresAt' | 'madeBy'>>,
): { readonly text: string; readonly key: Stored } {
  const id = Bytes.toHex(random.subarray(0, 4)).slice(2)
  const secret = random.subarray(4, 36)
  if (secret.length !== 32) throw new TypeError('A key is made of 36 random bytes')
  const text = `laurel_${id}_${Multibase.toBase58(secret)}`
  return { text, key: { expiresAt: null, revokedAt: null, madeBy: null, ...options, id, digest: digestOf(text) } }
}

/** The id within a key, to look it up; `undefined` for any other text. Hostile text. */
export function idOf(text: string): string | undefined {
  return form.exec(text)?.[1]
}

/** Whether a text is the key that is kept, and opens anything now. Takes as long for a wrong secret as for the right one. */
export function opens(text: string, key: Stored, now: number): boolean {
  return timingSafeEqual(digestOf(text), key.digest) && isValid(key, now)
}

/** Whether a key opens anything now, for whoever has it. */
export function isValid({ revokedAt, expiresAt }: Pick<Stored, 'revokedAt' | 'expiresAt'>, now: number): boolean {
  return revokedAt === null && (expiresAt === null || now < expiresAt)
}

/** Asserts that every text is a scope. */
export function toScopes(texts: readonly string[]): readonly Scope[] {
  return texts.map((text) => {
    if (!Object.hasOwn(scopes, text)) throw new UnknownScopeError(text)
    return text as Scope
  })
}

// A fast hash is enough: nobody guesses 32 random bytes.
function digestOf(text: string): Uint8Array {
  return hash('sha256', text, 'buffer')
}

/** Thrown when a scope is named that does not exist. */
export class UnknownScopeError extends Errors.BaseError<'SCOPE_UNKNOWN'> {
  override readonly name = 'ApiKey.UnknownScopeError'
  constructor(scope: string) {
    super('SCOPE_UNKNOWN', `There is no scope ${scope.slice(0, 80)}; there are ${allScopes.join(', ')}.`)
  }
}
