import * as Bytes from '@laurel/core/Bytes'
import * as Jcs from '@laurel/core/Jcs'
import type { Head } from './Entry.ts'

/** On which chain, in which registry and by which account the heads of the audit log are anchored. */
export type Place = { readonly chainId: number; readonly registry: Bytes.Hex; readonly account: Bytes.Hex }

/** The heads of all chains of entries at a time, whose digest is to be anchored, or is. */
export type Anchor = Place & {
  /** From 1, without gaps. */
  readonly number: number
  /** In milliseconds since 1970. */
  readonly at: number
  readonly heads: readonly Head[]
  /** What is anchored: 32 bytes. */
  readonly digest: Bytes.Hex
  /** Where it is, once that is final: the time of the block in seconds since 1970. */
  readonly settled: { readonly transactionHash: Bytes.Hex; readonly time: number } | null
}

/** What is anchored of heads: SHA-256 of their canonical form, with the number and the time that make it the only one. */
export function digestOf({ number, at, heads }: Pick<Anchor, 'number' | 'at' | 'heads'>): Bytes.Hex {
  return Bytes.toHex(
    Jcs.digest({
      type: 'LaurelAuditHeads',
      version: 1,
      number,
      at: new Date(at).toISOString(),
      heads: heads.map(({ organisation, sequence, hash }) => ({ organisation, sequence, hash })),
    }),
  )
}
