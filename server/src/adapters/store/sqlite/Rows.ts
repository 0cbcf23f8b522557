import type * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import type { Selectable } from 'kysely'
import type * as Batch from '../../../Batch.ts'

/** The tables as the migrations make them. */
export type Tables = {
  batches: {
    seq: number
    id: string
    request_hash: string
    repetition: number
    state: string
    interrupted: string | null
    reason: string | null
    epoch: number
    created_at: number
    size: number
    terms: string
    achievement: string
    metadata: string
    status_lists: string | null
    chain_id: number
    account: string
    number: number | null
    root: string | null
    anchoring: string | null
    anchor: string | null
  }
  recipients: {
    batch: string
    row: number
    fields: string
    credential_id: string | null
    proof_id: string | null
    secret: Uint8Array | null
    status_list: number | null
    status_index: number | null
    created: string | null
    proof_value: string | null
    document_digest: Uint8Array | null
    leaf: Uint8Array | null
    position: number | null
  }
  attempts: {
    hash: string
    batch: string
    chain_id: number
    account: string
    nonce: number
    raw: string
    created_at: number
  }
  nonces: { chain_id: number; account: string; nonce: number; batch: string }
  leases: { name: string; host: string; pid: number; epoch: number; until: number }
  status_lists: { number: number; issuer: string; public_url: string; size: number }
  status_versions: {
    list: number
    purpose: 'revocation' | 'suspension'
    version: number
    published: number
    published_at: number
    text: string | null
    digest: string | null
  }
  revocations: {
    credential_id: string
    status_list: number
    status_index: number
    version: number
    reason: string | null
    at: number
  }
}

/** The URLs of a pair of status lists. */
export function toLists(list: Pick<Tables['status_lists'], 'number' | 'public_url'>): Batch.StatusLists {
  const url = (purpose: string) => `${list.public_url}/status-lists/${purpose}-${list.number}`
  return { number: list.number, revocation: url('revocation'), suspension: url('suspension') }
}

/** A batch as it is stored. */
export function toBatch(row: Selectable<Tables['batches']>): Batch.Batch {
  return {
    id: row.id,
    requestHash: row.request_hash as Bytes.Hex,
    state: row.state as Batch.State,
    interrupted: row.interrupted as Batch.State | null,
    reason: row.reason,
    epoch: row.epoch,
    createdAt: row.created_at,
    size: row.size,
    terms: JSON.parse(row.terms) as Batch.Terms,
    achievement: { definition: JSON.parse(row.achievement) as Json.Object, metadata: row.metadata },
    statusLists: row.status_lists === null ? null : (JSON.parse(row.status_lists) as Batch.StatusLists),
    anchoring: row.anchoring === null ? null : (JSON.parse(row.anchoring) as Batch.Anchoring),
    anchor: row.anchor === null ? null : (JSON.parse(row.anchor) as Batch.Anchor),
  }
}

/** A recipient as it is stored: what a step has not made yet is `null`. */
export function toRecipient(row: Selectable<Tables['recipients']>): Batch.Recipient {
  const { credential_id, proof_id, secret, created, proof_value, document_digest, leaf } = row
  return {
    row: row.row,
    fields: JSON.parse(row.fields) as Json.Object,
    draft:
      credential_id === null || proof_id === null || secret === null
        ? null
        : { credentialId: credential_id, proofId: proof_id, secret, statusIndex: row.status_index },
    signature:
      created === null || proof_value === null || document_digest === null || leaf === null
        ? null
        : { created, proofValue: proof_value, documentDigest: document_digest, leaf },
    position: row.position,
  }
}
