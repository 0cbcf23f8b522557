import type * as Member from '../access/Member.ts'
import type * as Role from '../access/Role.ts'
import type * as Session from '../access/Session.ts'
import type * as Mail from '../mail/Mail.ts'

/**
 * Remembers the people of organisations, and whom they have asked to join. Every change is on the disk when its method
 * returns, and holds for every process from then on: nobody keeps members beside this store. Of any organisation there is
 * always an owner once there was one.
 */
export type MemberStore = {
  /** @throws {Member.TakenError} when a member of the organisation has the address */
  addMember(member: Member.Member): Promise<void>
  /** One who is a member now, by id or by address, of one organisation and no other. */
  member(organisation: string, who: string): Promise<Member.Member | undefined>
  /** Those who are members now, the oldest first. */
  members(organisation: string): Promise<readonly Member.Member[]>
  /** Whether the organisation has an owner of all of it. */
  hasOwner(organisation: string): Promise<boolean>
  /**
   * Gives a member another role. All their sessions end: what they may is another thing now, and they show once more who
   * they are. The same role again ends nothing.
   *
   * @throws {Member.UnknownError}, {Member.LastOwnerError}
   */
  changeRole(
    organisation: string,
    id: string,
    as: { readonly role: Role.Role; readonly limits: Role.Limits },
  ): Promise<Member.Member>
  /**
   * Ends a membership, with all sessions, passkeys and links. Repeating it changes nothing.
   *
   * @throws {Member.UnknownError} when there never was such a member; {Member.LastOwnerError}
   */
  removeMember(organisation: string, id: string, now: number): Promise<Member.Member>

  /**
   * Asks somebody to join, with the mail that tells them. An invitation before to the same address is withdrawn; one of the
   * same id is left as it is.
   *
   * @param digest of the secret in the link
   * @throws {Member.TakenError} when a member has the address
   */
  invite(invitation: Member.Invitation, digest: Uint8Array, mail: Mail.Mail | undefined): Promise<void>
  /** One that may be accepted now. */
  invitation(digest: Uint8Array, now: number): Promise<Member.Invitation | undefined>
  /** Those that may be accepted now, the oldest first. */
  invitations(organisation: string, now: number): Promise<readonly Member.Invitation[]>
  /** Takes an invitation back. Repeating it changes nothing. `undefined`: there is none, or it was accepted. */
  withdraw(organisation: string, id: string, now: number): Promise<Member.Invitation | undefined>
  /**
   * Makes a member of whoever has the link, and signs them in; once. `undefined` when it may not be accepted, or not any more.
   *
   * @param email the own address, where the invitation has none
   * @throws {Member.TakenError} when a member has the address
   */
  accept(
    digest: Uint8Array,
    as: { readonly id: string; readonly email: string | null; readonly now: number },
    opening: Session.Opening,
  ): Promise<Member.Member | undefined>
}
