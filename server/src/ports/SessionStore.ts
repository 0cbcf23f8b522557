import type * as Member from '../access/Member.ts'
import type * as Session from '../access/Session.ts'
import type * as Mail from '../mail/Mail.ts'
import type { Quotas } from '../organisations/Organisation.ts'

/** Somebody who has signed in, as they are at this moment, and how much is accepted of their organisation. */
export type SignedIn = {
  readonly session: Session.Session
  readonly member: Member.Member
  readonly quotas: Quotas
}

/** Of what a link was asked: by whose browser, and how long it opens anything. Times are in milliseconds since 1970. */
export type Asking = {
  /** Of the secret in a cookie of the browser that asked; `null`: any browser opens it, as it was shown at the terminal. */
  readonly browser: Uint8Array | null
  readonly now: number
  readonly endsAt: number
}

/** What a link to sign in with is for whoever opens it: for this browser, for another one, or for nobody. */
export type Opened = 'here' | 'elsewhere' | undefined

/** How often a code may be typed. */
export const tries = 5

/**
 * Remembers who is signed in, in which browsers, and the links with which they sign in. Of every secret only a digest is known
 * here. Every change is on the disk when its method returns, and holds for every process from then on.
 */
export type SessionStore = {
  /** Who is signed in with this secret now: as the member is now, whatever they were when they signed in. */
  session(digest: Uint8Array, now: number): Promise<SignedIn | undefined>
  /** Writes down that somebody was there. */
  notice(digest: Uint8Array, now: number): Promise<void>
  /** Where a member is signed in now, the newest first. */
  sessions(organisation: string, member: string, now: number): Promise<readonly Session.Session[]>
  /** Ends a session of a member; answers whether there was one. */
  endSession(organisation: string, member: string, id: string): Promise<boolean>
  /** Ends all sessions of a member but one; answers how many there were. */
  endSessions(organisation: string, member: string, except: string | null): Promise<number>

  /**
   * Makes links for whoever has the address, in any organisation, with the mails that bring them. What is done where nobody has
   * it takes as long: a link that opens nothing is stored.
   *
   * @param links makes a link, and the mail that brings it to a member
   */
  askSignIn(
    email: string,
    asking: Asking,
    links: (member: Member.Member | undefined) => { readonly digest: Uint8Array; readonly mail: Mail.Mail | undefined },
  ): Promise<void>
  /** Makes a link for a member, for any browser: it is shown at the terminal. */
  addSignIn(member: string, digest: Uint8Array, asking: Asking): Promise<void>
  /** What a link is for a browser. Looking at it changes nothing. */
  signIn(digest: Uint8Array, browser: Uint8Array | undefined, now: number): Promise<Opened>
  /** Signs in by a link, once, in the browser that asked for it; `undefined` when it opens nothing there. */
  enter(
    digest: Uint8Array,
    browser: Uint8Array | undefined,
    opening: Session.Opening,
  ): Promise<Member.Member | undefined>
  /** Gives a link a code with which the browser that asked signs in, once, instead of the link; answers whether it did. */
  offerCode(digest: Uint8Array, code: Uint8Array, now: number): Promise<boolean>
  /** Signs in by a code, in the browser that asked. A wrong one counts, and after {@link tries} the link is void. */
  enterByCode(browser: Uint8Array, code: Uint8Array, opening: Session.Opening): Promise<Member.Member | undefined>

  /** Forgets sessions and links that are over. */
  forgetOver(now: number): Promise<void>
}
