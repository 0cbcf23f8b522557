import type * as Member from '../access/Member.ts'
import type * as Passkey from '../access/Passkey.ts'
import type * as Session from '../access/Session.ts'

/**
 * Remembers passkeys, and what they are to sign next. Every change is on the disk when its method returns, and holds for every
 * process from then on.
 */
export type PasskeyStore = {
  /** Keeps what is to be signed next in a browser for a purpose, in the place of what was before. */
  challenge(browser: Uint8Array, purpose: Passkey.Purpose, challenge: string, endsAt: number): Promise<void>
  /** Takes what is to be signed: it is gone, whatever comes of it. `undefined`: there is nothing, or it is too old. */
  takeChallenge(browser: Uint8Array, purpose: Passkey.Purpose, now: number): Promise<string | undefined>
  /** @throws {Passkey.TakenError}, {Passkey.TooManyError} */
  addPasskey(passkey: Passkey.Passkey): Promise<void>
  /** Of whichever organisation: its device knows no more than its id. */
  passkey(id: string): Promise<Passkey.Passkey | undefined>
  /** Those of a member, the oldest first. */
  passkeys(organisation: string, member: string): Promise<readonly Passkey.Passkey[]>
  renamePasskey(organisation: string, member: string, id: string, name: string): Promise<Passkey.Passkey | undefined>
  /** Answers whether there was one. */
  removePasskey(organisation: string, member: string, id: string): Promise<boolean>
  /** Signs in by a passkey that has signed, unless it has counted that far before; `undefined` then. */
  enterByPasskey(id: string, counter: number, opening: Session.Opening): Promise<Member.Member | undefined>
}
