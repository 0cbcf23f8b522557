import { hash } from 'node:crypto'
import type { Context } from '../Context.ts'
import { agreedNow } from '../issuer/Profile.ts'
import type * as Mail from '../mail/Mail.ts'
import * as Uuid from '../Uuid.ts'
import * as Member from './Member.ts'
import * as Role from './Role.ts'
import * as Session from './Session.ts'

/** For how long a link opens anything, in milliseconds. */
export const stands = 15 * 60 * 1_000

/**
 * Mails a link to whoever has an address. Nothing that comes of it, and not the time that it takes, says whether anybody has.
 *
 * If we die right after it: the mail is in the queue.
 *
 * @param browser the digest of the secret that the browser which asks has in a cookie
 */
export async function askByMail(
  email: string,
  { browser, language }: { readonly browser: Uint8Array; readonly language: string | undefined },
  context: Pick<Context, 'sessions' | 'clock' | 'randomness' | 'terms' | 'issuers'>,
): Promise<void> {
  const { sessions, clock, randomness, terms } = context
  const now = clock.now()
  const { issuer } = await agreedNow(terms, context)
  const mailOf = (to: string, secret: string): Mail.Mail => ({
    template: 'sign-in',
    ...{ to, language, lifetime: stands },
    values: {
      organisation: issuer.name,
      link: `${place(terms.publicUrl)}/sign-in/${secret}`,
      minutes: String(stands / 60_000),
    },
  })
  await sessions.askSignIn(email, { browser, now, endsAt: now + stands }, (member) => {
    const secret = Session.secretOf(randomness.bytes(32))
    const mail = member?.email ? mailOf(member.email, secret) : undefined
    return { digest: Session.digestOf(secret), mail }
  })
}

/** Makes a link that signs a member in, in any browser: whoever is at the terminal has this home already. */
export async function showLink(
  { id }: Pick<Member.Member, 'id'>,
  publicUrl: string,
  { sessions, clock, randomness }: Pick<Context, 'sessions' | 'clock' | 'randomness'>,
): Promise<string> {
  const secret = Session.secretOf(randomness.bytes(32))
  const now = clock.now()
  await sessions.addSignIn(id, Session.digestOf(secret), { browser: null, now, endsAt: now + stands })
  return `${place(publicUrl)}/sign-in/${secret}`
}

/** Makes the link by which somebody becomes the first owner of an organisation; `undefined` where there is an owner. */
export async function showFirst(
  organisation: string,
  publicUrl: string,
  { members, clock, randomness }: Pick<Context, 'members' | 'clock' | 'randomness'>,
): Promise<string | undefined> {
  if (await members.hasOwner(organisation)) return undefined
  const secret = Session.secretOf(randomness.bytes(32))
  const now = clock.now()
  const invitation: Member.Invitation = {
    id: Uuid.name(Uuid.urn(randomness.bytes(16))),
    ...{ organisation, email: null, role: 'owner', limits: Role.everywhere, invitedBy: null },
    ...{ createdAt: now, endsAt: now + Member.stands.shown, outcome: null },
  }
  await members.invite(invitation, Session.digestOf(secret), undefined)
  return `${place(publicUrl)}/invitations/${secret}`
}

/**
 * Where people sign in: under the name of this machine where the address is a number of it, since there are no passkeys at
 * numbers (Web Authentication §5.1.3).
 */
export function place(publicUrl: string): string {
  return publicUrl.replace(/^http:\/\/127\.0\.0\.1(?=[:/]|$)/, 'http://localhost')
}

/** A code of eight digits, for whoever types it in the browser that has asked. */
export function codeOf(random: Uint8Array): string {
  const number = new DataView(random.buffer, random.byteOffset, random.byteLength).getBigUint64(0)
  return String(number % 100_000_000n).padStart(8, '0')
}

/** What is kept of a code: it is void after a few tries and some minutes, so that nobody need guess what stands behind it. */
export function digestOfCode(code: string): Uint8Array {
  return hash('sha256', `laurel/code/v1 ${code.replaceAll(/[\s-]/g, '')}`, 'buffer')
}
