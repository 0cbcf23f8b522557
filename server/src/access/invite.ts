import type { Context } from '../Context.ts'
import { agreedNow } from '../issuer/Profile.ts'
import type * as Mail from '../mail/Mail.ts'
import * as Uuid from '../Uuid.ts'
import * as Member from './Member.ts'
import type * as Role from './Role.ts'
import * as Session from './Session.ts'
import * as SignIn from './SignIn.ts'

/** What somebody is to be asked to join as. */
export type Wish = {
  /** Under which it is sent once, however often it is wished; a new one unless told otherwise. */
  readonly id?: string | undefined
  readonly organisation: string
  readonly email: string
  readonly role: Role.Role
  readonly limits: Role.Limits
  readonly language?: string | undefined
  /** The member who invites, with the address that the mail names. */
  readonly by: Pick<Member.Member, 'id' | 'email'> | null
}

/**
 * Asks somebody to join, by a mail whose link makes them a member once they press its button.
 *
 * @throws {Member.TakenError} when a member has the address
 */
export async function invite(
  { id, organisation, email, role, limits, language, by }: Wish,
  context: Pick<Context, 'members' | 'clock' | 'randomness' | 'terms' | 'issuers'>,
): Promise<Member.Invitation> {
  const { members, clock, randomness, terms } = context
  const now = clock.now()
  const secret = Session.secretOf(randomness.bytes(32))
  const invitation: Member.Invitation = {
    id: id ?? Uuid.name(Uuid.urn(randomness.bytes(16))),
    ...{ organisation, email, role, limits, invitedBy: by?.id ?? null },
    ...{ createdAt: now, endsAt: now + Member.stands.mailed, outcome: null },
  }
  const { issuer } = await agreedNow(terms, context)
  const mail: Mail.Mail = {
    template: 'invitation',
    to: email,
    language,
    lifetime: Member.stands.mailed,
    values: {
      organisation: issuer.name,
      inviter: by?.email ?? issuer.name,
      link: `${SignIn.place(terms.publicUrl)}/invitations/${secret}`,
      days: String(Member.stands.mailed / (24 * 60 * 60 * 1_000)),
    },
  }
  await members.invite(invitation, Session.digestOf(secret), mail)
  return invitation
}
