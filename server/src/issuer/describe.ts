import type { Context } from '../Context.ts'
import * as Picture from '../catalogue/Picture.ts'
import type { Version } from '../ports/IssuerStore.ts'
import * as Profile from './Profile.ts'

/**
 * Changes what the issuer says of itself in what is accepted from now on; what was accepted keeps what it said then. An
 * image that is brought along as a `data:` address is encoded anew and kept under its content identifier.
 *
 * If we die right after the image is kept: it is there, named by nobody, and the same request keeps the same bytes.
 *
 * @param expected the number of the newest version as the caller knows it, 0 for none; unchecked when absent
 * @throws {Profile.InvalidProfileError} ISSUER_PROFILE_INVALID
 * @throws {CatalogueStore.ChangedError} PRECONDITION_FAILED
 */
export async function describe(
  said: Profile.Profile,
  { issuers, content, clock, identity }: Pick<Context, 'issuers' | 'content' | 'clock' | 'identity'>,
  expected?: number,
): Promise<{ readonly version: Version; readonly added: boolean }> {
  Profile.check(said)
  const { image, ...rest } = said
  if (image === undefined) return issuers.describe(identity.id, rest, clock.now(), expected)
  const { picture, ...own } = detach(image.id)
  if (picture !== undefined) await content.put(picture)
  return issuers.describe(identity.id, { ...rest, image: { ...image, ...own } }, clock.now(), expected)
}

function detach(id: string): ReturnType<typeof Picture.detach> {
  try {
    return Picture.detach(id)
  } catch (error) {
    if (!(error instanceof Picture.InvalidPictureError)) throw error
    const { code, message } = error
    throw new Profile.InvalidProfileError([{ pointer: '/image/id', code, message }], error)
  }
}
