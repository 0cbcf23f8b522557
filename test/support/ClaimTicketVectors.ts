import { readFileSync } from 'node:fs'
import type { Hex } from '@laurel/core/Bytes'

/** Tickets of version 1 as files, and what each leads to: one folder for TypeScript and Solidity. */
export type Vectors = {
  readonly format: 'laurel-claim-ticket-vectors'
  readonly version: 1
  readonly chainId: number
  /** Who registers the issuer, with which salt; and the account that anchors both batches. */
  readonly controller: Hex
  readonly salt: Hex
  readonly account: Hex
  readonly collection: {
    readonly address: Hex
    readonly issuerId: Hex
    readonly metadataDigest: Hex
    readonly name: string
    readonly symbol: string
  }
  readonly tickets: readonly {
    readonly file: string
    readonly secret: Hex
    readonly kind: 'holder' | 'ticket'
    /** What the ticket commits to: the wallet, or the address of the claim key. */
    readonly address: Hex
    readonly commitment: Hex
    readonly ticketRoot: Hex
    readonly root: Hex
    /** The wallet that has the token in the end. */
    readonly wallet: Hex
    /** Only of a claim key's. */
    readonly deadline?: number
    readonly signature?: Hex
    /** Calldata. */
    readonly open: Hex
    readonly redeem: Hex
  }[]
}

const folder = new URL('../vectors/claim-ticket-v1/', import.meta.url)

/** The text of a golden ticket. */
export function read(file: string): string {
  return readFileSync(new URL(file, folder), 'utf8')
}

export const vectors: Vectors = JSON.parse(read('expected.json'))
