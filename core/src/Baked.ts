import * as Errors from './Errors.ts'

/** The standards whose place in an image is known. Only that of Open Badges 3.0 is written. */
export type Standard = 'Open Badges 3.0' | 'Open Badges 2.0'

/**
 * What stands in a baked image from anybody: JSON, a compact JWS, or in Open Badges 2.0 the address of either, which is
 * not fetched. Spaces around it are its author's.
 */
export type Content = { readonly standard: Standard; readonly text: string }

/** A place in an image that is meant for a credential; `text` is absent where it cannot be read. */
export type Found = { readonly standard: Standard; readonly text?: string; readonly cause?: unknown }

/**
 * The one content of an image. One of Open Badges 2.0 beside one of 3.0 is left alone: an issuer may serve readers of
 * both.
 *
 * @throws {MissingError} BAKED_MISSING
 * @throws {TwiceError} BAKED_TWICE
 * @throws {ContentError} BAKED_INVALID
 */
export function only(found: readonly Found[]): Content {
  const current = found.filter(({ standard }) => standard === 'Open Badges 3.0')
  const [content, second] = current.length > 0 ? current : found
  if (content === undefined) throw new MissingError()
  if (second !== undefined) throw new TwiceError()
  if (content.text === undefined) throw new ContentError(content.cause)
  return { standard: content.standard, text: content.text }
}

/** Thrown when an image holds no credential. */
export class MissingError extends Errors.BaseError<'BAKED_MISSING'> {
  override readonly name = 'Baked.MissingError'
  constructor() {
    super('BAKED_MISSING', 'There is no credential in this image.')
  }
}

/** Thrown when an image holds two credentials: readers would disagree on which counts. */
export class TwiceError extends Errors.BaseError<'BAKED_TWICE'> {
  override readonly name = 'Baked.TwiceError'
  constructor() {
    super('BAKED_TWICE', 'There is more than one credential in this image.')
  }
}

/** Thrown when the credential in an image is compressed, cut, not UTF-8, or mixed with something else. */
export class ContentError extends Errors.BaseError<'BAKED_INVALID'> {
  override readonly name = 'Baked.ContentError'
  constructor(cause?: unknown) {
    super('BAKED_INVALID', 'The credential in this image cannot be read.', { cause })
  }
}
