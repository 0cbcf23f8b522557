import type * as AchievementCredential from '@laurel/core/AchievementCredential'
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
    name: oneLine(identifier(recipient, 'name') ?? ''),
    achievement: oneLine(definition.name),
    criteria: plain(definition.criteria.narrative),
    issuer: oneLine(terms.issuer.name),
    awardedAt: awarded === undefined ? createdAt : Date.parse(awarded),
    validUntil: validUntil === undefined ? undefined : Date.parse(validUntil),
    image,
    address: address(terms, draft.credentialId),
    credential,
    language: Catalogues.nearest(language, definition.inLanguage ?? ''),
  }
}

/** The beginning of a narrative, which may be in Markdown (Open Badges 3.0 §B.1.8), without its marks. */
function plain(narrative: string | undefined): string | undefined {
  if (narrative === undefined) return undefined
  const text = oneLine(
    narrative
      .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .replaceAll(/^\s*(?:#{1,6}|[-*+>]|\d+\.)\s+/gm, '')
      .replaceAll(/[*_`]{1,3}/g, ''),
  )
  const letters = Array.from(text)
  if (letters.length === 0) return undefined
  return letters.length <= most ? text : `${letters.slice(0, most - 1).join('')}…`
}

function oneLine(text: string): string {
  return text
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}
