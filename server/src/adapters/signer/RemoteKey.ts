import * as Errors from '@laurel/core/Errors'
import * as KeyUri from '../../KeyUri.ts'

/** The two kinds of keys that Laurel signs with. */
export type Kind = 'ed25519' | 'secp256k1'

/** A key that is kept by something which signs with it and never hands it out. */
export type RemoteKey = {
  /** Ed25519: 32 bytes. secp256k1: its two coordinates, 64 bytes. */
  readonly publicKey: Uint8Array
  /**
   * Signs a message (Ed25519), or the 32 bytes of a digest as they are (secp256k1).
   *
   * @returns 64 bytes; of secp256k1 r and s, whichever of its two values s has
   * @throws {SignerError}
   */
  readonly sign: (message: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>
}

type Code =
  | 'SIGNER_UNREACHABLE'
  | 'SIGNER_BUSY'
  | 'SIGNER_REFUSED'
  | 'SIGNER_FAULTY'
  | 'SIGNER_MISMATCH'
  | 'SIGNER_KEY_KIND'
  | 'SIGNER_KEY_MISSING'

const sentences: Readonly<Record<Code, string>> = {
  SIGNER_UNREACHABLE: 'does not answer now, so nothing can be signed; it is tried again.',
  SIGNER_BUSY: 'has more to sign than it can now; it is tried again.',
  SIGNER_REFUSED: 'refuses to sign.',
  SIGNER_FAULTY: 'has answered with something that is no signature of the key; it was thrown away.',
  SIGNER_MISMATCH: 'has another key under this name than the one that is in use.',
  SIGNER_KEY_KIND: 'has a key under this name that cannot be used for this.',
  SIGNER_KEY_MISSING: 'has no key under this name.',
}

/**
 * Thrown when a key that is kept elsewhere cannot be used. Never the fault of what was to be signed: that waits, and is
 * signed once the place does so again.
 */
export class SignerError extends Errors.BaseError<Code> {
  override readonly name = 'RemoteKey.SignerError'
  /** @param why what the place says, in its own code */
  constructor(code: Code, uri: KeyUri.KeyUri, why?: string, cause?: unknown) {
    const place = KeyUri.place(uri)
    const text = `${place[0]?.toUpperCase()}${place.slice(1)} ${sentences[code]}`
    const told = why === undefined ? text : `${text.slice(0, -1)} (${why}).`
    super(code, told, { facts: { place, ...(why === undefined ? {} : { why }) }, cause })
  }
}
