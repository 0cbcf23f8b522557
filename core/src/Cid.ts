import { base32nopad } from '@scure/base'
import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import * as Sha256 from './Sha256.ts'

// CIDv1, codec raw, multihash sha2-256 of 32 bytes.
const prefix = Uint8Array.of(0x01, 0x55, 0x12, 0x20)

/** The CID of a raw block, from the SHA-256 of its bytes. */
export function fromDigest(digest: Uint8Array): string {
  if (digest.length !== 32) throw new TypeError('A SHA-256 digest has 32 bytes')
  return `b${base32nopad.encode(Bytes.concat(prefix, digest)).toLowerCase()}`
}

/** The CID of bytes kept as one raw block. */
export function fromBytes(bytes: Uint8Array): string {
  return fromDigest(Sha256.digest(bytes))
}

/**
 * The SHA-256 (32 bytes) of the raw block that a CID names.
 *
 * @throws {InvalidCidError} CID_INVALID for anything but the one spelling of {@link fromDigest}
 */
export function toDigest(cid: string): Uint8Array {
  let bytes: Uint8Array
  try {
    bytes = base32nopad.decode(cid.slice(1).toUpperCase())
  } catch (cause) {
    throw new InvalidCidError(cause)
  }
  const digest = bytes.slice(prefix.length)
  if (digest.length !== 32 || fromDigest(digest) !== cid) throw new InvalidCidError()
  return digest
}

/** Thrown when a text is not the CID of a raw SHA-256 block. */
export class InvalidCidError extends Errors.BaseError<'CID_INVALID'> {
  override readonly name = 'Cid.InvalidCidError'
  constructor(cause?: unknown) {
    super('CID_INVALID', 'This is not the IPFS address of a raw block (bafkrei…).', { cause })
  }
}
