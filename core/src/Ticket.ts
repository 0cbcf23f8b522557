import * as Bytes from './Bytes.ts'
import * as Sha256 from './Sha256.ts'

/**
 * What opens a ticket. `holder`: mint to `address`, anybody may relay. `ticket`: mint only to the wallet that the
 * claim key at `address` signs. `achievement` (the metadata's digest) and `salt` are 32 bytes, `collection` and
 * `address` 20, `index` is the ticket's position, below 2^32.
 */
export type Opening = {
  readonly kind: 'holder' | 'ticket'
  readonly chainId: number
  readonly collection: Bytes.Hex
  readonly achievement: Uint8Array
  readonly index: number
  readonly address: Bytes.Hex
  readonly salt: Uint8Array
}

/** The ticket's 32 bytes: SHA-256 of its 156-byte tagged preimage, which no 64-byte node can be read as. */
export function commitment(opening: Opening): Uint8Array {
  const { kind, chainId, collection, achievement, index, address, salt } = opening
  const holder = Bytes.fromHex(address, 20)
  if (holder.every((byte) => byte === 0)) throw new TypeError('A ticket is never for the zero address')
  if (achievement.length !== 32 || salt.length !== 32) throw new TypeError('Achievement and salt have 32 bytes')
  return Sha256.digest(
    Bytes.fromUtf8(`laurel/${kind}/v1`),
    Bytes.fromUint(chainId, 32),
    Bytes.fromHex(collection, 20),
    achievement,
    Bytes.fromUint(index, 4),
    holder,
    salt,
  )
}
