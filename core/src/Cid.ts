import { base32nopad } from '@scure/base'
import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import * as Sha256 from './Sha256.ts'

const codecs = { raw: 0x55, 'dag-pb': 0x70 } as const
const prefixLength = 4

/** The CID of a raw block, from the SHA-256 of its bytes. */
export function fromDigest(digest: Uint8Array): string {
  return `b${base32nopad.encode(binary('raw', digest)).toLowerCase()}`
}

/** A CID in binary form (36 bytes): version 1, the codec of the block, and the SHA-256 of its bytes. */
export function binary(codec: 'raw' | 'dag-pb', digest: Uint8Array): Uint8Array {
  if (digest.length !== 32) throw new TypeError('A SHA-256 digest has 32 bytes')
  // 0x12 is the number of SHA-256 among the multihashes, and 32 its length.
  return Bytes.concat(Uint8Array.of(0x01, codecs[codec], 0x12, 32), digest)
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
  const digest = bytes.slice(prefixLength)
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
