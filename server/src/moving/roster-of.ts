import { csvCell } from '../internal/csv-cell.ts'
import type { Import, ImportStore, Numbered } from '../ports/ImportStore.ts'

/** How many are read at a time. */
const chunk = 500

const columns = ['name', 'email', 'evidenceName', 'evidenceUrl', 'evidenceDescription'] as const

/**
 * A roster (CSV) of those who have imported badges, by which they are issued anew in one's own name: each with the original
 * as evidence, so that nobody takes the new one for it. Whoever has no name or no e-mail address is left out, and so is what
 * was found not to be valid.
 *
 * @param achievement only those of this achievement, by the id or name that they have there
 * @param unverified also those of which nobody can tell whether they are valid
 */
export async function* rosterOf(
  { id }: Pick<Import, 'id'>,
  imports: Pick<ImportStore, 'originals'>,
  { achievement, unverified = false }: { readonly achievement?: string; readonly unverified?: boolean } = {},
): AsyncGenerator<string> {
  yield `${columns.join(',')}\n`
  for (let after = 0; ; ) {
    const originals = await imports.originals(id, after, chunk)
    const last = originals.at(-1)
    if (last === undefined) return
    after = last.row
    yield originals
      .filter(({ judged, said }) => {
        const isMeant = achievement === undefined || [said.achievement.id, said.achievement.name].includes(achievement)
        return (
          isMeant &&
          said.revoked !== true &&
          (judged.verdict === 'accepted' || (unverified && judged.verdict === 'unknown'))
        )
      })
      .map(toLine)
      .join('')
  }
}

function toLine({ recipient, said, digest }: Numbered): string {
  const { name, email } = recipient
  if (name === undefined || email === undefined) return ''
  const issuer = said.issuer.name ?? said.issuer.id ?? 'another issuer'
  const issuedOn = said.issuedOn === undefined ? '' : ` on ${said.issuedOn}`
  const url = said.address !== undefined && /^https:\/\//.test(said.address) ? said.address : ''
  const description = `Issued by ${issuer}${issuedOn}, not by us. SHA-256 of the original: ${digest.slice(2)}`
  const title = `Original badge: ${said.achievement.name ?? said.achievement.id ?? 'without a name'}`
  return `${[name, email, title, url, description].map(csvCell).join(',')}\n`
}
