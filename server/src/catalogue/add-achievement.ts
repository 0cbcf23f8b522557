import * as Bytes from '@laurel/core/Bytes'
import * as Jcs from '@laurel/core/Jcs'
import * as Json from '@laurel/core/Json'
import * as Achievement from '../achievement/Achievement.ts'
import type { Context } from '../Context.ts'
import type { Version } from '../ports/CatalogueStore.ts'
import * as Picture from './Picture.ts'

/**
 * Adds an achievement, or a new version of one, to those that can be awarded. An image that is brought along is encoded
 * anew, kept under its content identifier and named by it: it outlives this server, and credentials stay small.
 *
 * If we die right after the image is kept: it is there, named by nobody, and the same request keeps the same bytes.
 *
 * @param expected the digest of the newest version as the caller knows it, `null` for none; unchecked when absent
 * @throws {Achievement.InvalidAchievementError} with every wrong place
 * @throws {CatalogueStore.ChangedError} when the newest version is another
 */
export async function addAchievement(
  input: { readonly name: string; readonly definition: Json.Object; readonly expected?: Bytes.Hex | null | undefined },
  { catalogue, content, clock }: Pick<Context, 'catalogue' | 'content' | 'clock'>,
): Promise<{ readonly version: Version; readonly added: boolean }> {
  const { name, expected } = input
  const { definition, picture } = detach(input.definition)
  const achievement = Achievement.read(Jcs.bytes(definition))
  // Only now: what is refused leaves nothing behind.
  if (picture !== undefined) await content.put(picture)
  const digest = Bytes.toHex(Jcs.digest(achievement.definition))
  return catalogue.addVersion({ name, digest, ...achievement, createdAt: clock.now() }, expected)
}

/** A definition that names its image instead of bringing it along, and that image encoded anew. */
function detach(definition: Json.Object): { readonly definition: Json.Object; readonly picture?: Uint8Array } {
  const { image } = definition
  const id = Json.isObject(image) ? image.id : image
  if (typeof id !== 'string') return { definition }
  try {
    const { picture, ...own } = Picture.detach(id)
    if (picture === undefined) return { definition }
    const named = { ...(Json.isObject(image) ? image : { type: 'Image' }), ...own }
    return { definition: { ...definition, image: named }, picture }
  } catch (error) {
    if (!(error instanceof Picture.InvalidPictureError)) throw error
    const place = { pointer: '/image', code: error.code, message: error.message }
    throw new Achievement.InvalidAchievementError(error.code, [place], error)
  }
}
