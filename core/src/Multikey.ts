import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import * as Multibase from './Multibase.ts'

// Controlled Identifiers 1.0 §2.2.2: the varint of multicodec ed25519-pub.
const ed25519Prefix = Uint8Array.of(0xed, 0x01)

/** Writes an Ed25519 public key (32 bytes) as a Multikey: `z6Mk…`. */
export function fromEd25519(publicKey: Uint8Array): string {
  if (publicKey.length !== 32) throw new TypeError('An Ed25519 public key has 32 bytes')
  return Multibase.toBase58(Bytes.concat(ed25519Prefix, publicKey))
}

/**
 * Reads an Ed25519 public key (32 bytes) from a Multikey.
 *
 * @throws {InvalidKeyError} KEY_INVALID when it is not a Multikey or a key of another kind
 */
export function toEd25519(text: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = Multibase.fromBase58(text)
  } catch (cause) {
    throw new InvalidKeyError(cause)
  }
  if (bytes.length !== 34 || !Bytes.equals(bytes.subarray(0, 2), ed25519Prefix)) throw new InvalidKeyError()
  return bytes.slice(2)
}

/** Thrown when a text is not the Multikey of an Ed25519 public key. */
export class InvalidKeyError extends Errors.BaseError<'KEY_INVALID'> {
  override readonly name = 'Multikey.InvalidKeyError'
  constructor(cause?: unknown) {
    super('KEY_INVALID', 'This is not an Ed25519 public key (z6Mk…).', { cause })
  }
}
