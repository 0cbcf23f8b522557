import * as Errors from '@laurel/core/Errors'
import type { BadgeCollections } from '../ports/BadgeCollections.ts'
import { RevertedError } from '../ports/Chain.ts'

/** What the errors of a collection mean to whoever has asked for something, by their names in its interface. */
const refusals = {
  AlreadyGiven: ['TOKEN_GIVEN', 'This wallet has been given a token of this achievement and batch before.'],
  Deadline: ['SIGNATURE_DEADLINE', 'The deadline of the signature has passed, or is more than thirty days ahead.'],
  ERC721InvalidReceiver: ['ADDRESS_RESERVED', 'Nobody can hold a token at this address.'],
  ERC721NonexistentToken: ['TOKEN_UNKNOWN', 'There is no such token, or not any more.'],
  NotAnchored: ['BATCH_NOT_ANCHORED', 'The account has not anchored the batch.'],
  NotCompromised: ['BATCH_NOT_COMPROMISED', 'Nothing is reported against the account that anchored the batch.'],
  NotIssuer: ['ACCOUNT_NOT_SPEAKING', 'The account does not speak for the issuer of this collection.'],
  NotOpen: ['BATCH_NOT_OPEN', 'The batch is not open for redeeming.'],
  NotSpeaking: ['ACCOUNT_NOT_SPEAKING', 'The account does not speak for the issuer of this collection.'],
  NotSpokenFor: [
    'BATCH_NOT_SPOKEN_FOR',
    'The account that anchored the batch did not speak for the issuer of this collection then.',
  ],
  RebindingNotReady: ['REBINDING_NOT_READY', 'The proposal cannot be carried out now.'],
  RebindingUnknown: ['REBINDING_UNKNOWN', 'There is no proposal to bind this token to another wallet.'],
  SeriesClosed: ['BATCH_NOT_OPEN', 'The batch is closed, because the account that anchored it was compromised.'],
  SignatureInvalid: ['SIGNATURE_INVALID', 'The signature is not that of the wallet or key.'],
  TicketSpent: ['TICKET_SPENT', 'This ticket has been redeemed, or revoked.'],
} as const

export type Code = (typeof refusals)[keyof typeof refusals][0]

/** The name of the error with which a collection has refused a call; `undefined` for anything else. */
export function nameOf(error: unknown, badges: BadgeCollections): string | undefined {
  return error instanceof RevertedError ? badges.errorOf(String(error.facts.reason)) : undefined
}

/** What a collection's refusal means; the error itself where it means nothing in particular. */
export function explain(error: unknown, badges: BadgeCollections): unknown {
  const name = nameOf(error, badges)
  if (name === undefined || !Object.hasOwn(refusals, name)) return error
  const [code, message] = refusals[name as keyof typeof refusals]
  return new RefusedError(code, message, error)
}

/** Thrown when a collection does not do what it is asked for. */
export class RefusedError extends Errors.BaseError<Code> {
  override readonly name = 'Refusal.RefusedError'
  constructor(code: Code, message: string, cause?: unknown) {
    super(code, message, { cause })
  }
}
