import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'
import type * as Ticket from './Ticket.ts'

/** What an anchored root is made of, and who has anchored it: digests and roots of 32 bytes. */
export type Batch = {
  readonly account: Bytes.Hex
  readonly treeRoot: Uint8Array
  readonly ticketRoot: Uint8Array
  readonly manifestDigest: Uint8Array
}

/** The wallet that a key has signed for: the signature is `r ‖ s ‖ v`, 65 bytes, the deadline in seconds since 1970. */
export type Signed = { readonly to: Bytes.Hex; readonly deadline: number; readonly signature: Uint8Array }

/** The calldata that opens a batch for an achievement (the digest of its metadata, 32 bytes). Anybody may send it. */
export function open({ account, treeRoot, ticketRoot, manifestDigest }: Batch, achievement: Uint8Array): Uint8Array {
  return Bytes.concat(
    selector('open((address,bytes32,bytes32,bytes32),bytes32)'),
    addressWord(account),
    ...[treeRoot, ticketRoot, manifestDigest, achievement].map(word),
  )
}

/** The calldata that redeems a named wallet's ticket. Anybody may send it. Siblings are those of `TicketPath`. */
export function redeem(ticket: Ticket.Opening, siblings: readonly Uint8Array[]): Uint8Array {
  return Bytes.concat(
    selector('redeem((uint32,bytes32,address,bytes32),bytes32[])'),
    ticketWords(ticket),
    uintWord((4 + 1) * 32),
    wordList(siblings),
  )
}

/** The calldata that redeems a claim key's ticket for the wallet that it has signed for. Anybody may send it. */
export function redeemByKey(
  ticket: Ticket.Opening,
  siblings: readonly Uint8Array[],
  { to, deadline, signature }: Signed,
): Uint8Array {
  const list = wordList(siblings)
  const head = (4 + 4) * 32
  return Bytes.concat(
    selector('redeemByKey((uint32,bytes32,address,bytes32),bytes32[],address,uint256,bytes)'),
    ticketWords(ticket),
    uintWord(head),
    addressWord(to),
    uintWord(deadline),
    uintWord(head + list.length),
    list,
    bytes(signature),
  )
}

/** The calldata that binds a token to another wallet, as its holder has signed. For an account of the issuer. */
export function rebind(tokenId: bigint, { to, deadline, signature }: Signed): Uint8Array {
  return Bytes.concat(
    selector('rebind(uint256,address,uint256,bytes)'),
    uintWord(tokenId),
    addressWord(to),
    uintWord(deadline),
    uintWord(4 * 32),
    bytes(signature),
  )
}

function ticketWords({ index, achievement, address, salt }: Ticket.Opening): Uint8Array {
  return Bytes.concat(Bytes.fromUint(index, 32), word(achievement), addressWord(address), word(salt))
}

/** The first four bytes of the hash of a function's signature (Contract ABI Specification, function selector). */
function selector(signature: string): Uint8Array {
  return keccak_256(Bytes.fromUtf8(signature)).slice(0, 4)
}

function wordList(words: readonly Uint8Array[]): Uint8Array {
  return Bytes.concat(uintWord(words.length), ...words.map(word))
}

function bytes(value: Uint8Array): Uint8Array {
  return Bytes.concat(uintWord(value.length), value, new Uint8Array(-value.length & 31))
}

function addressWord(address: Bytes.Hex): Uint8Array {
  return Bytes.concat(new Uint8Array(12), Bytes.fromHex(address, 20))
}

function uintWord(value: number | bigint): Uint8Array {
  return Bytes.fromUint(value, 32)
}

function word(value: Uint8Array): Uint8Array {
  if (value.length !== 32) throw new TypeError('Roots, digests, salts and siblings have 32 bytes')
  return value
}
