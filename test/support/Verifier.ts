import { readFileSync } from 'node:fs'
import { Policy, type Readers, type Report, type Trust, verify } from '@laurel/verifier'
import * as NodeReaders from '@laurel/verifier/readers/node/NodeReaders'
import * as Chain from './Chain.ts'
import * as Golden from './Golden.ts'

/** A verifier that trusts the three issuers of the golden samples and two chains on which their anchors stand. */
export type Verifier = {
  readonly trust: Trust
  readonly readers: Readers
  readonly report: (document: Uint8Array | string) => Promise<Report>
  readonly decide: (document: Uint8Array | string) => Promise<Policy.Decision>
  readonly stop: () => Promise<void>
}

/** Within the validity of every sample, and as fresh as its first status lists. */
export const now = Date.parse('2026-03-20T00:00:00Z')

/** Starts both chains and replays the anchors. */
export async function start(): Promise<Verifier> {
  const anchors = Golden.anchors()
  const chains = await Promise.all([31337, 11155111].map((chainId) => Chain.start(chainId)))
  await Promise.all(chains.map((chain) => Chain.replay(chain, anchors)))
  const [local = '', sepolia = ''] = chains.map(({ url }) => url)
  const trust = trustIn(local, sepolia)
  // The second version of A's list, which revokes A-7-4, is left out.
  const lists = ['A', 'B'].flatMap((set) => ['revocation', 'suspension'].map((purpose) => `${set}-status-${purpose}`))
  const copies = new Map(lists.map((name) => [String(Golden.read(`${name}.json`).id), bytes(`${name}.json`)]))
  const { readers: all } = NodeReaders.create({ folders: [Golden.folder], gateways: [], allowLoopback: false })
  const readers: Readers = {
    ...all,
    statusLists: async (url) => {
      const copy = copies.get(url)
      return copy === undefined ? [] : [{ bytes: copy, live: false }]
    },
  }
  const report = (document: Uint8Array | string) => verify(document, { trust, readers, now })
  return {
    trust,
    readers,
    report,
    decide: async (document) => Policy.decide(await report(document)),
    stop: async () => {
      await Promise.all(chains.map((chain) => chain.stop()))
    },
  }
}

function trustIn(local: string, sepolia: string): Trust {
  const { registryStandIn } = Golden.anchors()
  const chain = (chainId: number, url: string) => ({
    chainId,
    name: `chain ${chainId}`,
    rpc: [url],
    quorum: 1,
    registry: registryStandIn.address as `0x${string}`,
    confirmations: 1,
    test: true,
  })
  return {
    chains: [chain(31337, local), chain(11155111, sepolia)],
    issuers: ['A', 'B', 'C'].map((set) => {
      const didDocument = Golden.read(`${set}-did.json`) as unknown as NonNullable<
        Trust['issuers'][number]['didDocument']
      >
      return { did: didDocument.id, name: `issuer ${set}`, didDocument, anchor: 'required' }
    }),
    status: { maximumAgeSeconds: 365 * 24 * 60 * 60 },
  }
}

/** The bytes of one file of the samples. */
export function bytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`${Golden.folder}${name}`))
}
