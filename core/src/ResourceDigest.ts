import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { base64 } from '@scure/base'
import * as Bytes from './Bytes.ts'
import type * as Json from './Json.ts'
import * as Multibase from './Multibase.ts'

/** A digest that a document gives for something that lies elsewhere. */
export type ResourceDigest = { readonly bytes: Uint8Array; readonly of: (content: Uint8Array) => Uint8Array }

// Multihash: the code of the function and the size of the digest (Controlled Identifiers 1.0 §2.5).
const multihashes = [
  [Uint8Array.of(0x12, 0x20), sha256],
  [Uint8Array.of(0x20, 0x30), sha384],
  [Uint8Array.of(0x13, 0x40), sha512],
] as const

const functions = { sha256, sha384, sha512 } as const

/**
 * The digests of a related resource (VC Data Model 2.0 §5.3): `digestSRI`, `digestMultibase` or both. Undefined when it has
 * none, or one that is none.
 */
export function read({ digestSRI, digestMultibase }: Json.Object): readonly ResourceDigest[] | undefined {
  const digests = [
    ...(typeof digestSRI === 'string' ? digestSRI.trim().split(/\s+/).map(ofIntegrity) : []),
    ...(typeof digestMultibase === 'string' ? [ofMultibase(digestMultibase)] : []),
  ]
  return digests.length === 0 || digests.includes(undefined) ? undefined : (digests as readonly ResourceDigest[])
}

/** Whether content has every digest that is given for it. */
export function matches(content: Uint8Array, digests: readonly ResourceDigest[]): boolean {
  return digests.every((digest) => Bytes.equals(digest.of(content), digest.bytes))
}

/** Subresource Integrity §3.1. */
function ofIntegrity(text: string): ResourceDigest | undefined {
  const [, name, value] = /^(sha256|sha384|sha512)-([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? []
  if (name === undefined || value === undefined) return undefined
  const of = functions[name as keyof typeof functions]
  try {
    const bytes = base64.decode(value)
    return bytes.length === of.outputLen ? { bytes, of } : undefined
  } catch {
    return undefined
  }
}

function ofMultibase(text: string): ResourceDigest | undefined {
  try {
    const bytes = text.startsWith('u') ? Multibase.fromBase64Url(text) : Multibase.fromBase58(text)
    for (const [prefix, of] of multihashes)
      if (Bytes.equals(bytes.subarray(0, 2), prefix) && bytes.length === 2 + of.outputLen)
        return { bytes: bytes.slice(2), of }
  } catch {
    // No multibase at all.
  }
  return undefined
}
