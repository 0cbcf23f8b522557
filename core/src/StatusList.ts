import { Gunzip, gzipSync } from 'fflate'
import { crc32 } from '#Crc32'
import * as Bytes from './Bytes.ts'
import * as Contexts from './Contexts.ts'
import * as Errors from './Errors.ts'
import type * as Json from './Json.ts'
import * as Multibase from './Multibase.ts'

/** The bits of a list; index 0 is the most significant bit of the first byte. */
export type Bits = Uint8Array

export type Purpose = 'revocation' | 'suspension'

/** Bitstring Status List 1.0 §2.2: entries that a list has at least, so that one hides among many. */
export const minimumSize = 131072

const maximumDecoded = 16 * 1024 * 1024
const chunk = 4096

/** A list without any bit set. `size` counts entries, a multiple of eight. */
export function create(size: number = minimumSize): Bits {
  if (!Number.isSafeInteger(size) || size < minimumSize || size % 8 !== 0)
    throw new TypeError(`A list has ${minimumSize} entries or more, a multiple of eight`)
  return new Uint8Array(size / 8)
}

/**
 * Whether the bit of an entry is set.
 *
 * @throws {IndexError} STATUS_INDEX when the list is too short for the index
 */
export function isSet(bits: Bits, index: number): boolean {
  return ((bits[index >> 3] ?? outOfRange(bits, index)) & mask(bits, index)) !== 0
}

/**
 * A copy of the list with the bits of some entries set.
 *
 * @throws {IndexError} STATUS_INDEX
 */
export function set(bits: Bits, indices: Iterable<number>): Bits {
  // A Buffer's own slice() is no copy.
  const copy = new Uint8Array(bits)
  for (const index of indices) {
    const bit = mask(bits, index)
    copy[index >> 3] = (copy[index >> 3] as number) | bit
  }
  return copy
}

/** Writes an `encodedList` (§2.2): `u`, base64url and gzip. The same bits give the same text. */
export function encode(bits: Bits): string {
  // The operating system in the header is "unknown", as everywhere the golden lists were made.
  return Multibase.toBase64Url(gzipSync(bits, { level: 9, mtime: 0 }))
}

/**
 * Reads an `encodedList` (§3.2, §3.3) from anybody, and stops inflating at the limit.
 *
 * @param maximumBytes of the list itself; 16 MiB unless told otherwise
 * @throws {EncodingError} STATUS_LIST_ENCODING
 * @throws {LengthError} STATUS_LIST_LENGTH for fewer than 131,072 entries or more than the limit
 */
export function decode(encodedList: string, { maximumBytes = maximumDecoded } = {}): Bits {
  let bits: Bits
  try {
    bits = gunzip(Multibase.fromBase64Url(encodedList), maximumBytes)
  } catch (cause) {
    if (cause instanceof LengthError) throw cause
    throw new EncodingError(cause)
  }
  if (bits.length * 8 < minimumSize) throw new LengthError(bits.length * 8)
  return bits
}

/**
 * A status list credential (§2.2) without proof. Dates are `dateTimeStamp`s; `ttl` is for how long it need not be fetched
 * again, in milliseconds.
 */
export function credential(options: {
  readonly id: string
  readonly issuer: string
  readonly purpose: Purpose
  readonly bits: Bits
  readonly validFrom: string
  readonly validUntil?: string
  readonly ttl?: number
}): Json.Object {
  const { id, issuer, purpose, bits, validFrom, validUntil, ttl } = options
  return {
    '@context': [Contexts.credentialsV2],
    id,
    type: ['VerifiableCredential', 'BitstringStatusListCredential'],
    issuer,
    validFrom,
    ...(validUntil === undefined ? {} : { validUntil }),
    credentialSubject: {
      id: `${id}#list`,
      type: 'BitstringStatusList',
      statusPurpose: purpose,
      ...(ttl === undefined ? {} : { ttl }),
      encodedList: encode(bits),
    },
  }
}

/** The `credentialStatus` of a credential: its entry in a revocation list (§2.1). */
export function entry({ list, index }: { readonly list: string; readonly index: number }): Json.Object {
  return {
    id: `${list}#${index}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: String(index),
    statusListCredential: list,
  }
}

/**
 * Reads a `statusListIndex`: a decimal without sign, exponent or leading zeros.
 *
 * @throws {IndexError} STATUS_INDEX
 */
export function parseIndex(text: string): number {
  const index = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(index)) throw new IndexError()
  return index
}

function mask(bits: Bits, index: number): number {
  if (!Number.isSafeInteger(index) || index < 0 || index >= bits.length * 8) outOfRange(bits, index)
  return 128 >> (index & 7)
}

function outOfRange(bits: Bits, index: number): never {
  throw new IndexError(index, bits.length * 8)
}

function gunzip(compressed: Uint8Array, maximumBytes: number): Uint8Array {
  const parts: Uint8Array[] = []
  let length = 0
  let finished = false
  const stream = new Gunzip((part, final) => {
    length += part.length
    if (length > maximumBytes) throw new LengthError(length * 8)
    parts.push(part)
    finished ||= final
  })
  for (let at = 0; at < compressed.length; at += chunk)
    stream.push(compressed.subarray(at, at + chunk), at + chunk >= compressed.length)
  const bytes = Bytes.concat(...parts)
  if (!finished || !hasTrailer(compressed, bytes)) throw new EncodingError()
  return bytes
}

// RFC 1952 §2.3.1: the CRC-32 and the length of what was compressed stand at the end; the library checks neither.
function hasTrailer(compressed: Uint8Array, bytes: Uint8Array): boolean {
  if (compressed.length < 18) return false
  const trailer = new DataView(compressed.buffer, compressed.byteOffset + compressed.length - 8, 8)
  return trailer.getUint32(0, true) === crc32(bytes) && trailer.getUint32(4, true) === bytes.length % 2 ** 32
}

/** Thrown when an index is not a whole number that lies in the list. */
export class IndexError extends Errors.BaseError<'STATUS_INDEX'> {
  override readonly name = 'StatusList.IndexError'
  constructor(index?: number, size?: number) {
    super('STATUS_INDEX', 'The number of this status entry is not one of the list.', {
      facts: { ...(index === undefined ? {} : { index }), ...(size === undefined ? {} : { size }) },
    })
  }
}

/** Thrown when an `encodedList` is not multibase base64url of gzip. */
export class EncodingError extends Errors.BaseError<'STATUS_LIST_ENCODING'> {
  override readonly name = 'StatusList.EncodingError'
  constructor(cause?: unknown) {
    super('STATUS_LIST_ENCODING', 'This status list cannot be unpacked.', { cause })
  }
}

/** Thrown when a list has too few entries, or more than its reader accepts. */
export class LengthError extends Errors.BaseError<'STATUS_LIST_LENGTH'> {
  override readonly name = 'StatusList.LengthError'
  constructor(size: number) {
    super('STATUS_LIST_LENGTH', 'This status list is shorter or longer than a status list may be.', { facts: { size } })
  }
}
