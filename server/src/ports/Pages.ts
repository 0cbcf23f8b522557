import type * as Json from '@laurel/core/Json'
import type * as Status from '../Status.ts'

/** A badge that is to be shown to people. */
export type Badge = {
  /** Of its id: a UUID. */
  readonly uuid: string
  readonly credential: Json.Object
  /** `undefined` where a restored server does not know. */
  readonly state: Status.State | undefined
  /** Without a slash at the end. */
  readonly publicUrl: string
}

/** Why there is none to be shown. */
export type Reason = 'unknown' | 'erased' | 'waiting'

/** A file that pages load. Its name has a digest in it: what it names never changes. */
export type Asset = {
  readonly type: string
  readonly bytes: Buffer
  /** The same in other codings (RFC 9110 §8.4.1), by their names, the smallest first. */
  readonly encoded: readonly (readonly [coding: string, bytes: Buffer])[]
}

/**
 * The pages for people, as they were built. Whatever a credential says becomes text in them, never markup: their makers see to
 * that. They load nothing but the assets, under `/web/`.
 */
export type Pages = {
  /** The tags of the languages that there are, of which the first is for whoever asks for none of them. */
  readonly languages: readonly string[]
  readonly badge: (badge: Badge, language: string) => string
  readonly notice: (reason: Reason, path: string, language: string) => string
  readonly asset: (name: string) => Asset | undefined
}
