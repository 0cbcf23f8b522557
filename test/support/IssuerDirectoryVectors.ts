import { readFileSync } from 'node:fs'
import type { Hex } from '@laurel/core/Bytes'

/** What version 1 of the directory of issuers computes: one file for TypeScript and Solidity. */
export type Vectors = {
  readonly format: 'laurel-issuer-directory-vectors'
  readonly version: 1
  readonly issuers: readonly Registration[]
  readonly keys: readonly { readonly multikey: string; readonly keyId: Hex }[]
  readonly slots: readonly {
    readonly issuerId: Hex
    readonly account: Hex
    readonly keyId: Hex
    readonly accountSlot: Hex
    readonly keySlot: Hex
    readonly issuerOfSlot: Hex
    readonly controllerSlot: Hex
    readonly candidateSlot: Hex
    readonly headSlot: Hex
    readonly profileDigestSlot: Hex
    readonly didSlot: Hex
  }[]
  readonly standings: readonly {
    readonly word: Hex
    readonly validFrom: number
    readonly retiredOn: number
    readonly compromisedFrom: number
    readonly reportedOn: number
    readonly answers: readonly { readonly time: number; readonly spoke: boolean }[]
  }[]
  /** Words that no directory stores. */
  readonly noStandings: readonly Hex[]
  readonly consents: readonly (Registration & {
    readonly directory: Hex
    readonly account: Hex
    readonly nonce: number
    readonly deadline: number
    readonly digest: Hex
    readonly signature: Hex
  })[]
  readonly history: {
    readonly chainId: number
    readonly directory: Hex
    readonly issuerId: Hex
    readonly steps: readonly { readonly from: Hex; readonly time: number; readonly calldata: Hex }[]
    readonly log: readonly { readonly time: number; readonly topics: readonly Hex[]; readonly data: Hex }[]
    readonly head: Hex
  }
}

type Registration = {
  readonly chainId: number
  readonly controller: Hex
  readonly salt: Hex
  readonly issuerId: Hex
}

export const vectors: Vectors = JSON.parse(
  readFileSync(new URL('../vectors/issuer-directory-v1.json', import.meta.url), 'utf8'),
)
