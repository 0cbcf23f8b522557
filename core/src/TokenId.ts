import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'

/**
 * What the id of a token says. `awarded`: the wallet at an index of an award's list has it, or had it. `bound`: it was
 * redeemed for a wallet, or bound to it in place of another one.
 */
export type Token =
  | { readonly kind: 'awarded'; readonly award: number; readonly index: number }
  | { readonly kind: 'bound'; readonly series: bigint; readonly wallet: Bytes.Hex }

const ofBatch = 1n << 95n

/** What stands behind the number of a batch's series (32 bytes): Keccak-256 of both. */
export function seal(ticketRoot: Uint8Array, achievement: Uint8Array): Uint8Array {
  if (ticketRoot.length !== 32 || achievement.length !== 32) throw new TypeError('Roots and digests have 32 bytes')
  return keccak_256(Bytes.concat(ticketRoot, achievement))
}

/** The number of the series of an achievement (the digest of its metadata) of a batch: the first 96 bits of its seal, the first of them set. */
export function seriesOfBatch(ticketRoot: Uint8Array, achievement: Uint8Array): bigint {
  return ofBatch | (toBigInt(seal(ticketRoot, achievement)) >> 160n)
}

/** The number of the series of an award: the award's own. Awards are counted from 1. */
export function seriesOfAward(award: number): bigint {
  if (!Number.isSafeInteger(award) || award < 1) throw new TypeError('Awards are counted from 1')
  return BigInt(award)
}

/** Whether a series is that of a batch. It is an award's otherwise. */
export function isOfBatch(series: bigint): boolean {
  return (series & ofBatch) !== 0n
}

/** The id of the token that an award gave to the wallet at an index (0-based) of its list. */
export function awarded(award: number, index: number): bigint {
  if (!Number.isSafeInteger(index) || index < 0 || index >= 2 ** 32) throw new TypeError('An index is below 2^32')
  return (seriesOfAward(award) << 32n) | BigInt(index)
}

/** The id of the token of a series that a wallet has by redeeming, or in place of another wallet's. */
export function bound(series: bigint, wallet: Bytes.Hex): bigint {
  if (series < 1n || series >> 96n !== 0n) throw new TypeError('The number of a series has 96 bits, and is not zero')
  return (series << 160n) | toBigInt(Bytes.fromHex(wallet, 20))
}

/** Takes an id apart; undefined where no token can have it. */
export function parse(tokenId: bigint): Token | undefined {
  if (tokenId < 0n || tokenId >> 256n !== 0n) return undefined
  const series = tokenId >> 160n
  if (series !== 0n) {
    const isNumbered = isOfBatch(series) || series >> 64n === 0n
    return isNumbered
      ? { kind: 'bound', series, wallet: Bytes.toHex(Bytes.fromUint(tokenId, 32).slice(12)) }
      : undefined
  }
  const award = Number(tokenId >> 32n)
  if (award === 0 || !Number.isSafeInteger(award)) return undefined
  return { kind: 'awarded', award, index: Number(tokenId & 0xffff_ffffn) }
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(Bytes.toHex(bytes))
}
