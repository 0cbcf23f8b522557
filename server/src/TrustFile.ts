import * as Caip10 from '@laurel/core/Caip10'
import type * as DidDocument from '@laurel/core/DidDocument'
import type { TrustFile } from '@laurel/verifier/cli/trust-file'
import type * as Batch from './Batch.ts'
import { byChainId } from './networks.ts'
import type { Chain } from './ports/Chain.ts'

/** What of this home a verifier on the same machine may trust. */
export type Home = {
  readonly terms: Batch.Terms
  readonly chain: Pick<Chain, 'chainId' | 'registry' | 'confirmations' | 'test'>
  readonly rpc: string
  readonly didDocument: DidDocument.DidDocument
}

/**
 * The trust file of a home: its own issuer, account and chain, beside those that an earlier run has left in it under
 * other ids, so that older batches keep verifying.
 */
export function update(previous: TrustFile | undefined, { terms, chain, rpc, didDocument }: Home): TrustFile {
  const account = Caip10.format(terms.chainId, terms.account)
  const issuers = previous?.issuers ?? []
  const { accounts = [], recorders, directory } = issuers.find(({ did }) => did === terms.issuer.id) ?? {}
  return {
    chains: [
      ...(previous?.chains ?? []).filter(({ chainId }) => chainId !== chain.chainId),
      {
        chainId: chain.chainId,
        name: byChainId(chain.chainId).title,
        rpc: [rpc],
        registry: chain.registry as `0x${string}`,
        confirmations: chain.confirmations,
        test: chain.test,
      },
    ],
    issuers: [
      ...issuers.filter(({ did }) => did !== terms.issuer.id),
      {
        did: terms.issuer.id,
        name: terms.issuer.name,
        accounts: [...new Set([...accounts, account])],
        ...(recorders === undefined ? {} : { recorders }),
        ...(directory === undefined ? {} : { directory }),
        ...(terms.issuer.id.startsWith('did:web:') ? { didDocument } : {}),
      },
    ],
    content: { gateways: [`${terms.publicUrl}/ipfs/`] },
    status: { folders: ['public/status-lists'] },
    // The defaults of an embedded issuer name this machine, from whose status lists alone a copy can be told.
    allowLoopback: new URL(terms.publicUrl).hostname === '127.0.0.1',
  }
}

/** The same trust file, in which an account (CAIP-10) records the status lists of an issuer. */
export function addRecorder(file: TrustFile, did: string, account: string): TrustFile {
  return change(file, did, ({ recorders = [] }) => ({ recorders: [...new Set([...recorders, account])] }))
}

/** The same trust file, whose reader asks a directory who speaks for an issuer, and believes none of its accounts unasked. */
export function addDirectory(file: TrustFile, did: string, directory: NonNullable<Issuer['directory']>): TrustFile {
  return change(file, did, () => ({ directory }))
}

/** An issuer beside the home's own, as verifiers have to know it. */
export type Beside = Pick<Issuer, 'did' | 'name' | 'didDocument'>

/**
 * The same trust file, with issuers beside the home's own: the home's accounts anchor for them, and record their lists.
 */
export function addBeside(file: TrustFile, own: string, beside: readonly Beside[]): TrustFile {
  const { accounts, recorders } = file.issuers.find(({ did }) => did === own) ?? {}
  const before = new Map(file.issuers.map((each) => [each.did, each]))
  const added = beside.map((each) => ({
    ...before.get(each.did),
    ...each,
    ...(accounts === undefined ? {} : { accounts }),
    ...(recorders === undefined ? {} : { recorders }),
  }))
  const dids = new Set(added.map(({ did }) => did))
  return { ...file, issuers: [...file.issuers.filter(({ did }) => !dids.has(did)), ...added] }
}

type Issuer = TrustFile['issuers'][number]

function change(file: TrustFile, did: string, changes: (issuer: Issuer) => Partial<Issuer>): TrustFile {
  const issuers = file.issuers.map((each) => (each.did === did ? { ...each, ...changes(each) } : each))
  return { ...file, issuers }
}
