import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as Json from '@laurel/core/Json'

/** Where the golden samples of version 1 lie. */
export const folder = fileURLToPath(new URL('../vectors/laurel-v1/golden/', import.meta.url))

/** What was anchored, as `anchors.json` has it. */
export type Anchors = {
  readonly registryStandIn: { readonly address: string; readonly runtimeCode: string }
  readonly anchors: readonly {
    readonly batch: string
    readonly chainId: number
    readonly account: string
    readonly root: string
    readonly transactionHash: string
    readonly rawTransaction: string
    readonly block: number
    readonly time: number
    readonly slot: string
    readonly slotValue: string
  }[]
}

/** One file of the samples. */
export function read(name: string): Json.Object {
  return Json.parseObject(readFileSync(`${folder}${name}`))
}

export function anchors(): Anchors {
  return read('anchors.json') as unknown as Anchors
}

/** The names of the 33 credentials, or of those of one set. */
export function credentials(set: 'A' | 'B' | 'C' | '[ABC]' = '[ABC]'): readonly string[] {
  return readdirSync(folder).filter((name) => new RegExp(`^${set}-\\d-\\d\\.json$`).test(name))
}
