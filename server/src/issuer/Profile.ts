import type * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Errors from '@laurel/core/Errors'
import type { Place } from '../achievement/Achievement.ts'
import type * as Batch from '../Batch.ts'
import type { IssuerStore } from '../ports/IssuerStore.ts'
import * as Cell from '../roster/Cell.ts'
import * as Text from '../roster/Text.ts'

/** What an issuer says of itself in every credential (Open Badges 3.0 §B.1.17, `Profile`), beside its DID. */
export type Profile = {
  readonly name: string
} & Pick<AchievementCredential.Profile, 'url' | 'description' | 'email' | 'image'>

/** How many code points a text may have. */
const most = { name: 300, url: 2_000, description: 20_000, email: 254, caption: 2_000 } as const

/**
 * Looks whether a profile may stand in credentials.
 *
 * @throws {InvalidProfileError} with every wrong place
 */
export function check(profile: Profile): void {
  const places = [...find(profile)]
  if (places.length > 0) throw new InvalidProfileError(places)
}

function* find({ name, url, description, email, image }: Profile): Generator<Place> {
  if (!Text.isVisible(name)) yield { pointer: '/name', code: 'VALUE_INVALID', message: 'An issuer has a name.' }
  for (const [member, text] of Object.entries({ name, url, description, email })) {
    const flaw = text === undefined ? undefined : Text.flaw(text, most[member as keyof typeof most])
    if (flaw !== undefined) yield { pointer: `/${member}`, ...flaw }
  }
  if (url !== undefined && !isPage(url))
    yield { pointer: '/url', code: 'VALUE_INVALID', message: 'This is no address of a web page.' }
  const address = email === undefined ? undefined : Cell.email(email)
  if (address !== undefined && !Cell.isRead(address)) yield { pointer: '/email', ...address }
  if (image === undefined) return
  if (!/^(https:\/\/[^/]|ipfs:\/\/[^/]|data:)/i.test(image.id))
    yield {
      pointer: '/image/id',
      code: 'IMAGE_INVALID',
      message: 'An image is an https or ipfs address, or a PNG as a data: address.',
    }
  const flaw = Text.flaw(image.caption ?? '', most.caption)
  if (flaw !== undefined) yield { pointer: '/image/caption', ...flaw }
}

function isPage(url: string): boolean {
  return /^https?:\/\/[^/]/.test(url) && URL.canParse(url)
}

/** The terms as they are now: somebody may have changed the profile. What was agreed before keeps its own. */
export async function agreedNow<terms extends Pick<Batch.Terms, 'issuer'>>(
  terms: terms,
  { issuers }: { readonly issuers: Pick<IssuerStore, 'profile'> },
): Promise<terms> {
  const { id } = terms.issuer
  const version = await issuers.profile(id)
  return version === undefined ? terms : { ...terms, issuer: { id, ...version.profile } }
}

/** Thrown when an issuer cannot say this of itself. `places` has every wrong place. */
export class InvalidProfileError extends Errors.BaseError<'ISSUER_PROFILE_INVALID'> {
  override readonly name = 'Profile.InvalidProfileError'
  readonly places: readonly Place[]
  constructor(places: readonly Place[], cause?: unknown) {
    const listed = places.map(({ pointer, message }) => `${pointer}: ${message}`)
    super('ISSUER_PROFILE_INVALID', `The issuer cannot say this of itself. ${listed.join(' ')}`, {
      facts: { pointers: places.map(({ pointer }) => pointer), codes: places.map(({ code }) => code) },
      cause,
    })
    this.places = places
  }
}
