import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Batch from '../Batch.ts'
import type { Fields } from '../Document.ts'
import * as Uuid from '../Uuid.ts'
import type * as Mail from './Mail.ts'

/** The templates that tell a learner of a credential. */
export type Announcement = 'claim' | 'revoked' | 'suspended' | 'reinstated'

/**
 * A mail that tells a learner of their credential, in the language that the roster says; `undefined` where it has no
 * address of theirs, or they were erased.
 */
export function announce(
  template: Announcement,
  { terms, achievement }: Pick<Batch.Batch, 'terms' | 'achievement'>,
  { fields, draft }: Pick<Batch.Recipient, 'fields'> & { readonly draft: Pick<Batch.Draft, 'credentialId'> | null },
): Mail.Mail | undefined {
  if (Batch.isErased({ fields })) return undefined
  const { recipient, language } = fields as unknown as Fields
  const to = identifier(recipient, 'emailAddress')
  if (to === undefined || draft === null) return undefined
  const values = {
    organisation: terms.issuer.name,
    name: identifier(recipient, 'name') ?? '',
    achievement: String(achievement.definition.name),
  }
  const common = { to, language, about: draft.credentialId }
  return template === 'claim'
    ? { ...common, template, values: { ...values, link: address(terms, draft.credentialId) } }
    : { ...common, template, values }
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
