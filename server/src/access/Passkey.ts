import * as Errors from '@laurel/core/Errors'

/** A passkey as it is kept: what it takes to see that whoever signs has it. Times are in milliseconds since 1970. */
export type Passkey = {
  /** As its device calls it, in base64url. */
  readonly id: string
  readonly organisation: string
  readonly member: string
  /** What its owner calls it. */
  readonly name: string
  /** In COSE. */
  readonly publicKey: Uint8Array
  /** How often it has signed, as far as it counts: one that falls back was copied. */
  readonly counter: number
  readonly transports: readonly string[]
  readonly createdAt: number
  readonly usedAt: number | null
}

/** For how long a challenge is signed, in milliseconds. */
export const stands = 5 * 60 * 1_000

/** How many a member has at most. */
export const most = 20

/** What a challenge is for. One for the one is nothing for the other. */
export type Purpose = 'add' | 'sign-in'

/** Thrown when a passkey does not open anything: which of all that has to hold does not, is nobody's business. */
export class RefusedError extends Errors.BaseError<'PASSKEY_REFUSED'> {
  override readonly name = 'Passkey.RefusedError'
  constructor(cause?: unknown) {
    super('PASSKEY_REFUSED', 'This passkey was not taken. Try again, or sign in by mail.', { cause })
  }
}

/** Thrown when a passkey is somebody's already. */
export class TakenError extends Errors.BaseError<'PASSKEY_EXISTS'> {
  override readonly name = 'Passkey.TakenError'
  constructor() {
    super('PASSKEY_EXISTS', 'This passkey is here already.')
  }
}

/** Thrown when a member has as many as there may be. */
export class TooManyError extends Errors.BaseError<'PASSKEYS_TOO_MANY'> {
  override readonly name = 'Passkey.TooManyError'
  constructor() {
    super('PASSKEYS_TOO_MANY', `You have ${most} passkeys, which is the most; remove one that you do not use.`)
  }
}

/** Thrown when whoever asks has no such passkey. */
export class UnknownError extends Errors.BaseError<'PASSKEY_UNKNOWN'> {
  override readonly name = 'Passkey.UnknownError'
  constructor() {
    super('PASSKEY_UNKNOWN', 'You have no passkey with this id.')
  }
}
