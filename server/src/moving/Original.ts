import type * as Bytes from '@laurel/core/Bytes'

/**
 * Of what form an export is: a file of an Open Badge, which anybody verifies; or a list of what an issuer has issued, which
 * shows nothing but that somebody has written it.
 */
export type Form = 'open-badge' | 'badgr' | 'credly' | 'table'

/** One badge as it was found in an export. */
export type Found = {
  /** The file in the archive, and where in it: a row, or a JSON Pointer. */
  readonly name: string
  readonly form: Form
  /** What is kept: the file, or the row as JSON. */
  readonly bytes: Uint8Array
  readonly said: Said
}

/** What a badge says of itself. Nothing of it is ours, and nothing of it is believed. */
export type Said = {
  readonly issuer: { readonly id?: string; readonly name?: string }
  readonly achievement: { readonly id?: string; readonly name?: string }
  readonly issuedOn?: string
  readonly expires?: string
  /** Where it is to be seen, by what it says. */
  readonly address?: string
  readonly revoked?: boolean
}

/** Who has it, by what it says. Personal, so it is kept apart. */
export type Recipient = {
  readonly name?: string
  readonly email?: string
  readonly id?: string
  /** An identity that is told as its digest only (Open Badges, IdentityHash), by which whoever knows it finds it. */
  readonly hashed?: { readonly hash: string; readonly salt: string }
}

/** What the verifier has found when it was imported. */
export type Judged = {
  readonly verdict: 'accepted' | 'rejected' | 'unknown'
  readonly code: string
  readonly message: string
  readonly checks: readonly { readonly check: string; readonly outcome: string; readonly code: string }[]
}

/** A badge of somebody else that was brought here: what it was, to the byte, and what was found of it then. */
export type Original = Omit<Found, 'bytes'> & {
  readonly digest: Bytes.Hex
  readonly recipient: Recipient
  readonly judged: Judged
}

/** Something in an export that is no badge. */
export type Wrong = { readonly name: string; readonly code: string; readonly message: string }
