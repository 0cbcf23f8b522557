import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import * as Bytes from './Bytes.ts'

const functions = { sha256, md5 } as const

const form = /^(sha256|md5)\$([0-9a-fA-F]+)$/

/** Whether an identity hash is by a function that is known here. */
export function isReadable(identityHash: string): boolean {
  return form.test(identityHash)
}

/**
 * Whether an identity hash is that of an identifier (Open Badges 3.0, IdentityHash): the name of the function, `$`, and in
 * hexadecimal of either case the digest of identifier and salt, in this order. Anything else is false.
 */
export function matches(identityHash: string, identifier: string, salt: string): boolean {
  const [, name, digits] = form.exec(identityHash) ?? []
  if (name === undefined || digits === undefined) return false
  const digest = functions[name as keyof typeof functions](Bytes.fromUtf8(identifier + salt))
  return Bytes.toHex(digest) === `0x${digits.toLowerCase()}`
}
