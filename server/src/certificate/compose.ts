import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Narrative from '../achievement/Narrative.ts'
import type * as Batch from '../Batch.ts'
import type { Fields, Signed } from '../Document.ts'
import { address, identifier } from '../mail/announce.ts'
import * as Catalogues from '../mail/Catalogues.ts'
import type { Certificate } from './draw.ts'

/** How much of the criteria is shown, in characters: the rest is in the credential. */
const most = 420

/**
 * What the certificate of a credential shows, in the language of its learner, or else of the achievement.
 *
 * @param credential the credential itself, with all its proofs
 */
export function compose(
  { terms, achievement, createdAt }: Batch.Final,
  { fields, draft }: Signed,
  { credential, image }: { readonly credential: string; readonly image: Uint8Array },
): Certificate {
  const { recipient, language = '', validFrom, validUntil, awardedDate } = fields as unknown as Fields
  const definition = achievement.definition as unknown as AchievementCredential.Achievement
  const awarded = awardedDate ?? validFrom
  return {
    id: draft.credentialId,
    name: Narrative.oneLine(identifier(recipient, 'name') ?? ''),
    achievement: Narrative.oneLine(definition.name),
    criteria: beginning(Narrative.plain(definition.criteria.narrative)),
    issuer: Narrative.oneLine(terms.issuer.name),
    awardedAt: awarded === undefined ? createdAt : Date.parse(awarded),
    validUntil: validUntil === undefined ? undefined : Date.parse(validUntil),
    image,
    address: address(terms, draft.credentialId),
    credential,
    language: Catalogues.nearest(language, definition.inLanguage ?? ''),
  }
}

/** As much of a text as there is room for. */
function beginning(text: string | undefined): string | undefined {
  const letters = Array.from(text ?? '')
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`
}
