import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'

/** What a collection is made with, and its address follows from. Ids and digests are 32 bytes. */
export type Arguments = {
  readonly issuerId: Uint8Array
  /** SHA-256 of the collection's metadata (ERC-7572). */
  readonly metadataDigest: Uint8Array
  readonly name: string
  readonly symbol: string
}

/** What a claim key signs. `ticket` is the ticket's 32 bytes, `deadline` a time in seconds since 1970. */
export type Redeem = Domain & { readonly ticket: Uint8Array; readonly to: Bytes.Hex; readonly deadline: number }

/** What the holder of a token signs, so that its issuer may bind the token to another wallet. */
export type Rebind = Domain & { readonly tokenId: bigint; readonly to: Bytes.Hex; readonly deadline: number }

type Domain = { readonly chainId: number; readonly collection: Bytes.Hex }

/** What a wallet has of a series: nothing yet, a token, or one that is gone for good. */
export type Holding = 'never' | 'held' | 'gone'

/** A place in storage: the slot (32 bytes), and the lowest of its bits that is meant. */
export type Place = { readonly slot: Uint8Array; readonly bit: number }

/** The arguments as they stand behind the proxy's code: `abi.encode(issuerId, metadataDigest, name, symbol)`. */
export function encodeArguments({ issuerId, metadataDigest, name, symbol }: Arguments): Uint8Array {
  const [first, second] = [Bytes.fromUtf8(name), Bytes.fromUtf8(symbol)].map((text) =>
    Bytes.concat(Bytes.fromUint(text.length, 32), text, new Uint8Array(-text.length & 31)),
  ) as [Uint8Array, Uint8Array]
  const head = 4 * 32
  return Bytes.concat(
    word(issuerId),
    word(metadataDigest),
    Bytes.fromUint(head, 32),
    Bytes.fromUint(head + first.length, 32),
    first,
    second,
  )
}

/** The code of a collection: an ERC-1167 proxy of the implementation, and its arguments. */
export function code(implementation: Bytes.Hex, options: Arguments): Uint8Array {
  return Bytes.concat(
    Bytes.fromHex('0x363d3d373d3d3d363d73'),
    Bytes.fromHex(implementation, 20),
    Bytes.fromHex('0x5af43d82803e903d91602b57fd5bf3'),
    encodeArguments(options),
  )
}

/** Where a factory makes the collection with these arguments, on every chain (EIP-1014). */
export function address(factory: Bytes.Hex, implementation: Bytes.Hex, options: Arguments): Bytes.Hex {
  const runtime = code(implementation, options)
  const initCode = Bytes.concat(
    Uint8Array.of(0x61),
    Bytes.fromUint(runtime.length, 2),
    Bytes.fromHex('0x3d81600a3d39f3'),
    runtime,
  )
  const salt = hash(encodeArguments(options))
  return Bytes.toHex(hash(Uint8Array.of(0xff), Bytes.fromHex(factory, 20), salt, hash(initCode)).slice(12))
}

/** Where an award is stored: its achievement, and in the next slot the size and the cohort. */
export function awardSlots(award: number): { readonly achievement: Uint8Array; readonly list: Uint8Array } {
  const first = entryOf(Bytes.fromUint(award, 32), 1)
  return { achievement: first, list: after(first, 1n) }
}

/** Where the series of a batch is stored: whether it is open, its achievement, and the anchor by which it was opened. */
export function seriesSlots(series: bigint): {
  readonly head: Uint8Array
  readonly achievement: Uint8Array
  readonly anchor: Uint8Array
} {
  const head = entryOf(Bytes.fromUint(series, 32), 2)
  return { head, achievement: after(head, 1n), anchor: after(head, 2n) }
}

/** The lane of an award's series. That of a batch's is in its head: see {@link laneOfHead}. */
export function laneOfAward(award: number): bigint {
  return (1n << 64n) + BigInt(award)
}

/** The lane that the head (32 bytes) of a batch's series names; zero as long as nothing was redeemed. */
export function laneOfHead(head: Uint8Array): bigint {
  return (toBigInt(word(head)) >> 160n) & ((1n << 64n) - 1n)
}

/** Whether the head (32 bytes) of a batch's series says that tickets can be redeemed. */
export function isOpen(head: Uint8Array): boolean {
  return ((toBigInt(word(head)) >> 224n) & 1n) === 1n
}

/** Where is stored what a wallet has in a lane: two bits. */
export function holdingPlace(wallet: Bytes.Hex, lane: bigint): Place {
  const key = Bytes.concat(Bytes.fromHex(wallet, 20), Bytes.fromUint(lane >> 7n, 12))
  return { slot: entryOf(key, 3), bit: 2 * Number(lane & 127n) }
}

/** What the word (32 bytes) at a place says that a wallet has. */
export function holding(stored: Uint8Array, { bit }: Place): Holding {
  const state = Number((toBigInt(word(stored)) >> BigInt(bit)) & 3n)
  return state === 0 ? 'never' : state === 1 ? 'held' : 'gone'
}

/** Where is stored whether the token with this id, an index of an award's list, is gone: one bit. */
export function gonePlace(award: number, index: number): Place {
  return { slot: entryOf(Bytes.fromUint(index >>> 8, 32), entryOf(Bytes.fromUint(award, 32), 4)), bit: index & 0xff }
}

/** Where is stored whether the ticket at an index of a tree of tickets is spent: one bit. */
export function spentPlace(ticketRoot: Uint8Array, index: number): Place {
  return { slot: entryOf(Bytes.fromUint(index >>> 8, 32), entryOf(word(ticketRoot), 5)), bit: index & 0xff }
}

/** Whether the bit at a place of the word (32 bytes) is set. */
export function isSet(stored: Uint8Array, { bit }: Place): boolean {
  return ((toBigInt(word(stored)) >> BigInt(bit)) & 1n) === 1n
}

/** Where the proposal to bind a token to another wallet is stored. */
export function rebindingSlot(tokenId: bigint): Uint8Array {
  return entryOf(Bytes.fromUint(tokenId, 32), 6)
}

/** Members and their types, in the order in which they are encoded (EIP-712, `encodeType`). */
const types = {
  EIP712Domain: [
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
  ],
  Redeem: [
    { name: 'ticket', type: 'bytes32' },
    { name: 'to', type: 'address' },
    { name: 'deadline', type: 'uint256' },
  ],
  Rebind: [
    { name: 'tokenId', type: 'uint256' },
    { name: 'to', type: 'address' },
    { name: 'deadline', type: 'uint256' },
  ],
} as const

/** The 32 bytes that a claim key signs: EIP-712, `keccak256(0x1901 ‖ domain ‖ message)`. */
export function redeemDigest({ ticket, to, deadline, ...domain }: Redeem): Uint8Array {
  return digest(domain, 'Redeem', word(ticket), wordOf(to), Bytes.fromUint(deadline, 32))
}

/** The 32 bytes that the key of a token's holder signs. */
export function rebindDigest({ tokenId, to, deadline, ...domain }: Rebind): Uint8Array {
  return digest(domain, 'Rebind', Bytes.fromUint(tokenId, 32), wordOf(to), Bytes.fromUint(deadline, 32))
}

/** The same for the holder's wallet, as `eth_signTypedData_v4` takes it. */
export function rebindTypedData({ chainId, collection, tokenId, to, deadline }: Rebind) {
  const { EIP712Domain, Rebind } = types
  return {
    types: { EIP712Domain, Rebind },
    primaryType: 'Rebind',
    domain: { chainId, verifyingContract: collection },
    message: { tokenId: `${tokenId}`, to, deadline: `${deadline}` },
  } as const
}

function digest({ chainId, collection }: Domain, type: keyof typeof types, ...members: readonly Uint8Array[]) {
  return hash(
    Uint8Array.of(0x19, 0x01),
    hash(typeHash('EIP712Domain'), Bytes.fromUint(chainId, 32), wordOf(collection)),
    hash(typeHash(type), ...members),
  )
}

function typeHash(name: keyof typeof types): Uint8Array {
  const members = types[name].map((member) => `${member.type} ${member.name}`)
  return hash(Bytes.fromUtf8(`${name}(${members.join(',')})`))
}

/** Where Solidity keeps the value of a key in the mapping at a slot. */
function entryOf(key: Uint8Array, slot: number | Uint8Array): Uint8Array {
  return hash(key, typeof slot === 'number' ? Bytes.fromUint(slot, 32) : slot)
}

function after(slot: Uint8Array, offset: bigint): Uint8Array {
  return Bytes.fromUint(BigInt.asUintN(256, toBigInt(slot) + offset), 32)
}

function wordOf(address: Bytes.Hex): Uint8Array {
  return Bytes.concat(new Uint8Array(12), Bytes.fromHex(address, 20))
}

function word(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== 32) throw new TypeError('Words, ids, roots and digests have 32 bytes')
  return bytes
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(Bytes.toHex(bytes))
}

function hash(...parts: readonly Uint8Array[]): Uint8Array {
  return keccak_256(Bytes.concat(...parts))
}
