import type { Passkey } from '../access/Passkey.ts'

/** What a browser's API is asked with, and what it answers, in the JSON of Web Authentication Level 3 §5.1. */
export type Options = Readonly<Record<string, unknown>>
export type Answer = Readonly<Record<string, unknown>>

/** At which page something is signed, and what. */
export type Signing = {
  readonly origin: string
  /** In base64url. */
  readonly challenge: string
}

/** What passkeys are asked, and whether they have answered it (Web Authentication Level 3 §7). */
export type PasskeyCeremonies = {
  /** What a device is asked that is to make a passkey. */
  creation(
    signing: Signing,
    options: {
      /** Whose passkey it is to be: the id of the member, and what the device shows. */
      readonly user: { readonly id: string; readonly name: string }
      readonly site: string
      /** The ids of those that there are. */
      readonly exclude: readonly string[]
    },
  ): Promise<Options>
  /** @throws {Passkey.RefusedError} unless it was made here, now, by somebody who has shown the device who they are */
  made(signing: Signing, answer: Answer): Promise<Pick<Passkey, 'id' | 'publicKey' | 'counter' | 'transports'>>
  /** What any device is asked that has a passkey for this page. */
  request(signing: Signing): Promise<Options>
  /** @throws {Passkey.RefusedError} unless this passkey has signed here, now, for somebody who has shown who they are */
  signed(signing: Signing, answer: Answer, passkey: Passkey): Promise<{ readonly counter: number }>
}
