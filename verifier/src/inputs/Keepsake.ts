import * as AnchorSlot from '@laurel/core/AnchorSlot'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import * as Keepsake from '@laurel/core/Keepsake'
import * as Sha256 from '@laurel/core/Sha256'
import * as StorageProof from '@laurel/core/StorageProof'
import * as Checkpoint from '../Checkpoint.ts'
import type { Anchor, Readers } from '../Readers.ts'
import * as Report from '../Report.ts'
import type * as Trust from '../Trust.ts'

/** A keepsake laid open for one verification of its credential. */
export type Opened = {
  readonly document: Json.Object
  /** Those of the verifier, and behind them what the keepsake brings along. */
  readonly readers: Readers
  /** The report on the credential, which says where it rests on what only the keepsake claims. */
  readonly annotate: (report: Report.Report) => Report.Report
}

/**
 * Opens a keepsake from anybody. Manifest and status lists are held against the credential like any others, and a storage
 * proof against a block that the trust names. The DID document is its author's claim: it is used where nobody else has
 * one, so that the report can say what follows from it, and then the issuer is not bound.
 */
export function open(value: Json.Object, readers: Readers): Opened | Report.Result {
  let keepsake: Keepsake.Keepsake
  try {
    keepsake = Keepsake.read(value)
  } catch (error) {
    if (error instanceof Errors.BaseError) return Report.failed(error.code, error.message)
    throw error
  }
  const { credential, manifest, didDocument, statusLists } = keepsake
  let isClaimed = false
  return {
    document: credential,
    readers: {
      ...readers,
      anchor: async (chain, account, root) =>
        fromKeepsake(keepsake, chain, account, root) ?? readers.anchor(chain, account, root),
      content: async (digest) =>
        manifest !== undefined && Bytes.equals(Sha256.digest(manifest), digest) ? manifest : readers.content(digest),
      did: async (did) => {
        const published = await readers.did(did)
        if (published !== undefined || didDocument?.id !== did) return published
        isClaimed = true
        return didDocument
      },
      statusLists: async (url) => [
        ...(await readers.statusLists(url)),
        ...statusLists.filter((list) => list.url === url).map(({ bytes }) => ({ bytes, live: false })),
      ],
    },
    annotate: (report) =>
      isClaimed && report.issuer === didDocument?.id ? { ...report, checks: report.checks.map(unbound) } : report,
  }
}

function unbound(check: Report.Check): Report.Check {
  if (check.check !== 'issuer-bound' || check.outcome !== 'passed') return check
  const reason = Report.unknown('KEYS_CLAIMED', 'Whose keys these are only the keepsake says.')
  return { check: check.check, ...reason }
}

function fromKeepsake(
  { storageProofs }: Keepsake.Keepsake,
  chain: Trust.Chain,
  account: Bytes.Hex,
  root: Bytes.Hex,
): Anchor | undefined {
  const slot = AnchorSlot.of(account, root)
  for (const { chainId, proof } of storageProofs) {
    if (chainId !== chain.chainId) continue
    try {
      const anchor = Checkpoint.anchor(StorageProof.read(proof, chain.registry, slot), chain)
      if (anchor !== undefined) return anchor
    } catch (error) {
      // What proves nothing is as good as none: the chain can still be asked.
      if (!(error instanceof Errors.BaseError)) throw error
    }
  }
  return undefined
}
