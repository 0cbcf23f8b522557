import { readFileSync } from 'node:fs'
import type { Hex } from '@laurel/core/Bytes'

/** What version 1 of a collection of badge tokens computes: one file for TypeScript and Solidity. */
export type Vectors = {
  readonly format: 'laurel-badge-collection-vectors'
  readonly version: 1
  /** Series are decimal numbers. */
  readonly series: readonly {
    readonly ticketRoot: Hex
    readonly achievement: Hex
    readonly seal: Hex
    readonly series: string
    readonly wallet: Hex
    readonly tokenId: Hex
  }[]
  readonly awarded: readonly { readonly award: number; readonly index: number; readonly tokenId: Hex }[]
  readonly reboundAward: readonly { readonly award: number; readonly wallet: Hex; readonly tokenId: Hex }[]
  /** Ids that no token can have. */
  readonly noTokens: readonly Hex[]
  readonly trees: { readonly chainId: number; readonly collection: Hex; readonly trees: readonly TicketTree[] }
  /** Of every index and length below a few: the sides of the siblings, `null` where no tree has such a path. */
  readonly shapes: readonly { readonly index: number; readonly length: number; readonly sides: string | null }[]
  readonly collections: readonly {
    readonly factory: Hex
    readonly implementation: Hex
    readonly issuerId: Hex
    readonly metadataDigest: Hex
    readonly name: string
    readonly symbol: string
    readonly arguments: Hex
    readonly code: Hex
    readonly address: Hex
  }[]
  readonly cohorts: readonly { readonly wallets: readonly Hex[]; readonly list: Hex; readonly code: Hex }[]
  /** Bytes that are no list of wallets. */
  readonly noCohorts: readonly Hex[]
  readonly rebinds: readonly (Signed & {
    readonly chainId: number
    readonly collection: Hex
    readonly tokenId: Hex
    readonly holder: Hex
  })[]
  readonly slots: readonly {
    readonly award: number
    readonly awardSlot: Hex
    readonly listSlot: Hex
    readonly series: string
    readonly headSlot: Hex
    readonly achievementSlot: Hex
    readonly anchorSlot: Hex
    readonly wallet: Hex
    readonly holding: Held
    readonly holdingOfAward: Held
    readonly index: number
    readonly goneSlot: Hex
    readonly goneBit: number
    readonly ticketRoot: Hex
    readonly ticketIndex: number
    readonly spentSlot: Hex
    readonly spentBit: number
    readonly tokenId: Hex
    readonly rebindingSlot: Hex
  }[]
}

export type TicketTree = {
  readonly size: number
  readonly ticketRoot: Hex
  readonly tickets: readonly {
    readonly kind: 'holder' | 'ticket'
    readonly index: number
    readonly achievement: Hex
    readonly address: Hex
    readonly salt: Hex
    readonly ticket: Hex
    /** `L` and `R` for each sibling, bottom first. */
    readonly sides: string
    readonly siblings: readonly Hex[]
    /** Only of a claim key's. */
    readonly redeem?: Signed
  }[]
}

type Signed = {
  readonly to: Hex
  readonly deadline: number
  readonly digest: Hex
  readonly signature: Hex
}

type Held = { readonly lane: string; readonly slot: Hex; readonly bit: number }

export const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../vectors/badge-collection-v1.json', import.meta.url), 'utf8'),
)
