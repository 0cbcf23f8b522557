import * as Errors from '@laurel/core/Errors'
import type * as Mail from '../mail/Mail.ts'

/** What an organisation has settled about its links. */
export type Settings = {
  /** Whether links are sent as soon as a batch is delivered. */
  readonly onDelivery: boolean
  /** For how many days a link opens its page. */
  readonly days: number
  /** For how many days an address may object to a move. */
  readonly waitingDays: number
}

/** Where one has settled nothing. */
export const usual: Settings = { onDelivery: true, days: 365, waitingDays: 7 }

/** What somebody has said to a credential that was sent to them. */
export type State = 'offered' | 'accepted' | 'declined'

/** With whom a credential is. Times are in milliseconds since 1970. */
export type Claim = {
  /** The id of its batch, and its row there. */
  readonly batch: string
  readonly row: number
  /** `urn:uuid:` */
  readonly credential: string
  readonly email: string
  readonly state: State
  readonly decidedAt: number | null
  /** Of the newest link. */
  readonly sentAt: number
  readonly expiresAt: number
}

/** A batch whose recipients are being sent their links: those after the row `reached` are still to come. */
export type Round = {
  readonly id: number
  readonly batch: string
  readonly renews: boolean
  readonly reached: number
}

/** A link to be sent to a recipient, and the mail that brings it; `email`: where the roster says that they are. */
export type Invitation = {
  readonly row: number
  readonly email: string
  readonly digest: Uint8Array
  readonly expiresAt: number
  readonly mail: (to: string) => Mail.Mail
}

/** An address that somebody reads. */
export type Address = { readonly email: string; readonly verifiedAt: number }

/** A DID, or a wallet on any chain (`0x` and 40 digits in lower case). */
export type Binding = { readonly kind: 'did' | 'wallet'; readonly value: string; readonly boundAt: number }

export type Learner = {
  readonly id: string
  readonly createdAt: number
  readonly addresses: readonly Address[]
  readonly bindings: readonly Binding[]
}

/** By what somebody has signed in. */
export type Way = 'address' | 'did' | 'wallet'

export type Session = {
  /** For whoever ends one of several; it opens nothing. */
  readonly id: string
  readonly learner: string
  readonly way: Way
  readonly createdAt: number
  readonly expiresAt: number
}

/** A session that begins, and the one that ends with it. */
export type Beginning = Omit<Session, 'learner' | 'way'> & {
  readonly digest: Uint8Array
  readonly replaces: Uint8Array | undefined
}

/** What is to be answered. `session`: that of the learner to whom the answer adds something; without, it signs in. */
export type Challenge = {
  readonly digest: Uint8Array
  readonly session: Uint8Array | undefined
  readonly createdAt: number
  readonly expiresAt: number
}

/** A challenge by mail: the digests of its link and of its code. */
export type MailedChallenge = Challenge & {
  readonly email: string
  readonly token: Uint8Array
  readonly code: Uint8Array
  readonly mail: Mail.Mail
}

/** The answer to a challenge by mail: the digest of its link, or of its code and of what was challenged. */
export type Answer = { readonly token: Uint8Array } | { readonly challenge: Uint8Array; readonly code: Uint8Array }

/** How often something may be asked for: so many times in so many milliseconds. */
export type Rate = { readonly count: number; readonly time: number }

export type Move = {
  readonly id: string
  readonly credential: string
  readonly reason: string
  readonly state: 'waiting' | 'done' | 'objected' | 'dropped'
  readonly askedAt: number
  readonly due: number
  readonly endedAt: number | null
}

/** A move that an issuer asks for, and who is told of it: by a mail with the link of the digest. */
export type NewMove = {
  readonly id: string
  readonly batch: string
  readonly row: number
  readonly credential: string
  /** Where the roster says that the learner is, in case no link was ever sent; the mail goes to where they are now. */
  readonly from: string
  readonly to: string
  readonly reason: string
  readonly digest: Uint8Array
  readonly now: number
  readonly due: number
  readonly mail: (to: string) => Mail.Mail
}

/** A move whose time has come, with the link that goes to the new address. */
export type Carried = Omit<Invitation, 'row' | 'email'> & { readonly id: string; readonly now: number }

/** A credential of a learner, as it is listed: what it is for, and by whom, in the words of its batch. */
export type Badge = Pick<Claim, 'credential' | 'email' | 'state' | 'decidedAt'> & {
  readonly achievement: string
  readonly issuer: string
  readonly issuedAt: number
}

/**
 * Keeps with whom credentials are, and by what learners prove who they are. What a method does it does in one transaction,
 * the mails and events of it included: if we die after it, all of it is there; before, nothing. Links, codes and sessions are
 * known by their digests (SHA-256, 32 bytes) alone. Whatever is to be used once is used once, however many try at once.
 */
export type LearnerStore = {
  /** Of the organisation of a batch; without one, of whose store this is. */
  settings(batch?: string): Promise<Settings>
  settle(settings: Settings): Promise<void>

  /** Sees to it that the recipients of a delivered batch are sent their links. `false`: that was under way already. */
  ask(batch: string, renews: boolean, now: number): Promise<boolean>
  /** The rounds that have not ended, the oldest first. */
  rounds(limit: number): Promise<readonly Round[]>
  /**
   * Stores the links of some rows of a round up to the row `reached`, the last of which ends it. Whoever has a link keeps it,
   * unless the round renews and they have not answered. `undefined`: somebody else has done these rows.
   *
   * @returns how many mails are under way
   */
  invite(
    round: Round,
    invitations: readonly Invitation[],
    reached: { readonly row: number; readonly ends: boolean },
    now: number,
  ): Promise<number | undefined>
  /** Sends one recipient a link, whether they have one or not. */
  inviteOne(batch: string, invitation: Invitation, now: number): Promise<void>
  /** Sends whoever has a link another one, unless one was sent after `since`. It goes where the credential is. */
  renew(token: Uint8Array, renewed: Omit<Invitation, 'row' | 'email'>, now: number, since: number): Promise<boolean>
  /** By the digest of its link, whether that has expired or not. */
  claim(token: Uint8Array): Promise<Claim | undefined>
  claimOf(batch: string, row: number): Promise<Claim | undefined>
  /**
   * Stores what was decided by somebody who has seen the state `seen`, if it still stands so. Accepting proves the address,
   * whose reader then is a learner. `false`: it stands otherwise, or the link has expired.
   */
  decide(token: Uint8Array, seen: State, state: Exclude<State, 'offered'>, now: number): Promise<boolean>

  /**
   * Stores a challenge and sends it. `false`: the address has been sent as many as it may be, or the learner has asked for
   * as many; whether anybody has the address makes no difference.
   */
  challengeAddress(
    challenge: MailedChallenge,
    rates: { readonly address: readonly Rate[]; readonly learner: readonly Rate[] },
  ): Promise<boolean>
  /** To whom the link of a challenge was sent, while it opens something. */
  challenged(token: Uint8Array, now: number): Promise<{ readonly email: string; readonly adds: boolean } | undefined>
  /**
   * Signs in whoever answers a challenge by mail that was set without a session: as the learner who has the address, or as a
   * new one. A wrong code counts, and after `attempts` of them the right one opens nothing either.
   */
  signIn(answer: Answer, beginning: Beginning, now: number, attempts: number): Promise<Session | undefined>
  /**
   * Gives the address of a challenge to the learner in whose session it was set. Whoever had it loses it; who had no other
   * becomes one with this learner.
   */
  addAddress(answer: Answer, session: Uint8Array, now: number, attempts: number): Promise<boolean>
  /**
   * Takes an address away, whose credentials go to another of the learner.
   *
   * @throws {LastAddressError} when there is no other
   */
  removeAddress(learner: string, email: string, to: string | undefined): Promise<boolean>
  /** Moves all credentials from one address of a learner to another. `undefined` where one of them is not theirs. */
  moveAll(learner: string, from: string, to: string): Promise<number | undefined>

  setChallenge(challenge: Challenge, kind: 'did' | 'wallet', rates: readonly Rate[]): Promise<boolean>
  /** Uses a challenge up, in the session in which it was set. */
  take(digest: Uint8Array, kind: 'did' | 'wallet', session: Uint8Array | undefined, now: number): Promise<boolean>
  /** Gives a challenge back whose answer could not be judged. */
  giveBack(digest: Uint8Array): Promise<void>
  /**
   * Binds a DID or a wallet to the learner of a session.
   *
   * @throws {TakenError} BINDING_TAKEN when it is somebody else's
   */
  bind(session: Uint8Array, binding: Binding): Promise<boolean>
  unbind(learner: string, kind: Binding['kind'], value: string): Promise<boolean>
  /** Signs in the learner to whom a DID or a wallet is bound. */
  signInBound(kind: Binding['kind'], value: string, beginning: Beginning): Promise<Session | undefined>

  session(digest: Uint8Array, now: number): Promise<Session | undefined>
  sessions(learner: string, now: number): Promise<readonly Session[]>
  /** Ends one session of a learner, or all of them. */
  endSession(learner: string, id: string | undefined): Promise<boolean>
  learner(id: string): Promise<Learner | undefined>
  /** What was sent to any address of a learner, by whomever, the newest first. */
  badges(learner: string, limit: number): Promise<readonly Badge[]>

  /** Stores a move and tells the old address. `undefined` where another one waits already. */
  askMove(move: NewMove): Promise<Move | undefined>
  move(id: string): Promise<(Move & { readonly batch: string; readonly row: number; readonly to: string }) | undefined>
  /** By the digest of the link that the old address was sent. */
  moveBy(token: Uint8Array): Promise<Move | undefined>
  object(token: Uint8Array, now: number): Promise<boolean>
  dueMoves(now: number, limit: number): Promise<readonly string[]>
  carryOut(move: Carried): Promise<boolean>

  /** Forgets what has expired: challenges a day after, sessions at once. */
  forget(now: number): Promise<void>
}

/** Thrown when a learner would be left without an address. */
export class LastAddressError extends Errors.BaseError<'ADDRESS_LAST'> {
  override readonly name = 'LearnerStore.LastAddressError'
  constructor() {
    super('ADDRESS_LAST', 'This is your only address, and the only way in that nobody can lose with a device.')
  }
}

/** Thrown when a DID or a wallet is bound already. Whose it is nobody is told. */
export class TakenError extends Errors.BaseError<'BINDING_TAKEN'> {
  override readonly name = 'LearnerStore.TakenError'
  constructor() {
    super('BINDING_TAKEN', 'This is bound already. Whoever bound it can unbind it.')
  }
}
