import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'
import * as Multibase from './Multibase.ts'
import * as Sha256 from './Sha256.ts'

/**
 * What an account signs to join an issuer for ever. `directory` and `account` are 20 bytes, `issuerId` is 32. `nonce`
 * is the directory's `nonceOf(account)`; `deadline`, in seconds since 1970, is at most 30 days ahead when it is used.
 */
export type Join = {
  readonly chainId: number
  readonly directory: Bytes.Hex
  readonly issuerId: Uint8Array
  readonly account: Bytes.Hex
  readonly nonce: number
  readonly deadline: number
}

/** The storage slots (32 bytes each) of an issuer, in the order in which they follow each other. */
export type IssuerSlots = {
  readonly controller: Uint8Array
  readonly candidate: Uint8Array
  readonly head: Uint8Array
  readonly profileDigest: Uint8Array
  /** Where Solidity keeps a `string`: up to 31 bytes in this slot, longer ones from its Keccak-256 on. */
  readonly did: Uint8Array
}

/** The id (32 bytes) under which a directory knows an issuer that `controller` registers with this salt (32 bytes). */
export function issuerId(chainId: number, controller: Bytes.Hex, salt: Uint8Array): Uint8Array {
  return hash(Bytes.fromUint(chainId, 32), wordOf(controller), word(salt))
}

/** The id (32 bytes) under which a directory knows an assertion key, given as a Multikey: `z6Mk…`. */
export function keyId(publicKeyMultibase: string): Uint8Array {
  return Sha256.digest(Multibase.fromBase58(publicKeyMultibase))
}

/** Where the standing of an account of an issuer is stored, as a {@link Standing}: 32 bytes. */
export function accountSlot(issuerId: Uint8Array, account: Bytes.Hex): Uint8Array {
  return entryOf(wordOf(account), entryOf(word(issuerId), Bytes.fromUint(0, 32)))
}

/** Where the standing of a key of an issuer is stored, as a {@link Standing}: 32 bytes. */
export function keySlot(issuerId: Uint8Array, keyId: Uint8Array): Uint8Array {
  return entryOf(word(keyId), entryOf(word(issuerId), Bytes.fromUint(1, 32)))
}

/** Where the id of the issuer is stored that an account belongs to: 32 bytes. */
export function issuerOfSlot(account: Bytes.Hex): Uint8Array {
  return entryOf(wordOf(account), Bytes.fromUint(2, 32))
}

/** Where what is known about an issuer is stored. */
export function issuerSlots(issuerId: Uint8Array): IssuerSlots {
  const first = BigInt(Bytes.toHex(entryOf(word(issuerId), Bytes.fromUint(3, 32))))
  const slot = (offset: bigint) => Bytes.fromUint(BigInt.asUintN(256, first + offset), 32)
  return { controller: slot(0n), candidate: slot(1n), head: slot(2n), profileDigest: slot(3n), did: slot(4n) }
}

const domain = { name: 'Laurel IssuerDirectory', version: '1' } as const

/** Members and their types, in the order in which they are encoded (EIP-712, `encodeType`). */
const types = {
  EIP712Domain: [
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
  ],
  Join: [
    { name: 'issuerId', type: 'bytes32' },
    { name: 'account', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** The 32 bytes that the key of an account signs: EIP-712, `keccak256(0x1901 ‖ domain ‖ message)`. */
export function joinDigest({ chainId, directory, issuerId, account, nonce, deadline }: Join): Uint8Array {
  return hash(
    Uint8Array.of(0x19, 0x01),
    hash(
      typeHash('EIP712Domain'),
      hash(Bytes.fromUtf8(domain.name)),
      hash(Bytes.fromUtf8(domain.version)),
      Bytes.fromUint(chainId, 32),
      wordOf(directory),
    ),
    hash(typeHash('Join'), word(issuerId), wordOf(account), Bytes.fromUint(nonce, 32), Bytes.fromUint(deadline, 32)),
  )
}

/** What it signs, as a wallet takes it for `eth_signTypedData_v4`: plain data. */
export function joinTypedData({ chainId, directory, issuerId, account, nonce, deadline }: Join) {
  return {
    types,
    primaryType: 'Join',
    domain: { ...domain, chainId, verifyingContract: directory },
    message: { issuerId: Bytes.toHex(word(issuerId)), account, nonce: `${nonce}`, deadline: `${deadline}` },
  } as const
}

function typeHash(name: keyof typeof types): Uint8Array {
  const members = types[name].map((member) => `${member.type} ${member.name}`)
  return hash(Bytes.fromUtf8(`${name}(${members.join(',')})`))
}

/** Where Solidity keeps the value of a key in the mapping at a slot. */
function entryOf(key: Uint8Array, slot: Uint8Array): Uint8Array {
  return hash(key, slot)
}

function wordOf(address: Bytes.Hex): Uint8Array {
  return Bytes.concat(new Uint8Array(12), Bytes.fromHex(address, 20))
}

function word(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw new TypeError('Ids and salts have 32 bytes')
  return bytes
}

function hash(...parts: readonly Uint8Array[]): Uint8Array {
  return keccak_256(Bytes.concat(...parts))
}
