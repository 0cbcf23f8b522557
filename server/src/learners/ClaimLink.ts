import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import type { Fields } from '../Document.ts'
import type { Found } from '../ports/BatchStore.ts'
import type * as LearnerStore from '../ports/LearnerStore.ts'
import * as Token from './Token.ts'

const day = 24 * 60 * 60 * 1_000

/** What a roster says of how somebody is reached. */
export type Contact = { readonly email: string; readonly name: string; readonly language?: string | undefined }

/** How a recipient is reached; `undefined` for whoever is known by no e-mail address, or is not known any more. */
export function contactOf({ fields }: Pick<Batch.Recipient, 'fields'>): Contact | undefined {
  const { recipient, language } = fields as unknown as Partial<Fields>
  const find = (wanted: string) => recipient?.identifiers?.find(({ type }) => type === wanted)?.value
  const email = find('emailAddress')
  return email === undefined ? undefined : { email, name: find('name') ?? '', language }
}

/** A link to a recipient's credential, that nobody has before the mail is there: only its digest is kept. */
export function create(
  batch: Batch.Batch,
  recipient: Pick<Batch.Recipient, 'row' | 'fields' | 'draft'>,
  { publicUrl, days, now, randomness }: { publicUrl: string; days: number; now: number } & Pick<Context, 'randomness'>,
): Omit<LearnerStore.Invitation, 'row' | 'email'> {
  const { text, digest } = Token.create(randomness.bytes(32))
  const { definition } = batch.achievement
  const contact = contactOf(recipient)
  const values = {
    organisation: batch.terms.issuer.name,
    name: contact?.name ?? '',
    achievement: String(definition.name),
    link: `${publicUrl}/claim/${text}`,
  }
  return {
    digest,
    expiresAt: now + days * day,
    mail: (to) => ({
      ...{ to, template: 'claim', values, lifetime: days * day },
      language: contact?.language ?? (definition.inLanguage as string | undefined),
      about: recipient.draft?.credentialId,
    }),
  }
}

/** The same for those of some recipients who are reached by mail. */
export function createAll(
  batch: Batch.Batch,
  recipients: readonly Batch.Recipient[],
  options: Parameters<typeof create>[2],
): readonly LearnerStore.Invitation[] {
  return recipients.flatMap((recipient) => {
    const contact = contactOf(recipient)
    if (contact === undefined) return []
    return [{ ...create(batch, recipient, options), row: recipient.row, email: contact.email }]
  })
}

/**
 * How the recipient of a delivered credential is reached.
 *
 * @throws {UnaddressedError} RECIPIENT_UNADDRESSED and {UndeliveredError} CREDENTIAL_NOT_READY
 */
export function demandContact({ batch, recipient }: Pick<Found, 'batch' | 'recipient'>): Contact {
  if (batch.state !== 'delivered') throw new UndeliveredError()
  const contact = contactOf(recipient)
  if (contact === undefined) throw new UnaddressedError()
  return contact
}

/**
 * Sends one recipient a new link, in place of any before. It goes to where the credential is now.
 *
 * If we die right after it: the mail is in the queue, with its link. In its midst: neither is there.
 *
 * @throws what {@link demandContact} throws
 */
export async function send(
  found: Pick<Found, 'batch' | 'recipient'>,
  {
    learners,
    clock,
    randomness,
    publicUrl,
  }: Pick<Context, 'learners' | 'clock' | 'randomness'> & { publicUrl: string },
): Promise<void> {
  const { batch, recipient } = found
  const { email } = demandContact(found)
  const { days } = await learners.settings(batch.id)
  const now = clock.now()
  const link = create(batch, recipient, { publicUrl, days, now, randomness })
  await learners.inviteOne(batch.id, { ...link, row: recipient.row, email }, now)
}

/** Thrown when a recipient is known by no e-mail address. */
export class UnaddressedError extends Errors.BaseError<'RECIPIENT_UNADDRESSED'> {
  override readonly name = 'ClaimLink.UnaddressedError'
  constructor() {
    super(
      'RECIPIENT_UNADDRESSED',
      'Nobody is written to about this credential: its recipient has no e-mail address here.',
    )
  }
}

/** Thrown when there is nothing yet to which a link could lead. */
export class UndeliveredError extends Errors.BaseError<'CREDENTIAL_NOT_READY'> {
  override readonly name = 'ClaimLink.UndeliveredError'
  constructor() {
    super('CREDENTIAL_NOT_READY', 'This credential is still on its way to its anchor.')
  }
}
