import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import type * as Batch from '../Batch.ts'
import * as ClaimLink from '../learners/ClaimLink.ts'
import * as Uuid from '../Uuid.ts'
import type * as Mail from './Mail.ts'

/** The templates that tell a learner what has become of a credential. */
export type Announcement = 'revoked' | 'suspended' | 'reinstated'

/**
 * A mail that tells a learner what has become of their credential, in the language that the roster says; `undefined` where
 * it has no address of theirs, or they were erased.
 */
export function announce(
  template: Announcement,
  { terms, achievement }: Pick<Batch.Batch, 'terms' | 'achievement'>,
  { fields, draft }: Pick<Batch.Recipient, 'fields'> & { readonly draft: Pick<Batch.Draft, 'credentialId'> | null },
): Mail.Mail | undefined {
  const contact = ClaimLink.contactOf({ fields })
  if (contact === undefined || draft === null) return undefined
  const { email: to, name, language } = contact
  const values = { organisation: terms.issuer.name, name, achievement: String(achievement.definition.name) }
  return { to, language, about: draft.credentialId, template, values }
}

/**
 * Where a credential is seen and verified, by whoever has the address: what names it stands behind the #, which no browser
 * sends to anybody.
 */
export function address({ publicUrl }: Pick<Batch.Terms, 'publicUrl'>, credentialId: string): string {
  return `${publicUrl}/verify#${publicUrl}/credentials/${Uuid.name(credentialId)}`
}

/** What a roster says of a person under a type of the standard. */
export function identifier({ identifiers }: AchievementCredential.Recipient, type: string): string | undefined {
  return identifiers?.find((each) => each.type === type)?.value
}
