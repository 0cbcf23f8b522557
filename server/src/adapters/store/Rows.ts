import type * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import type { Generated, GeneratedAlways, Selectable } from 'kysely'
import type * as Member from '../../access/Member.ts'
import type * as Role from '../../access/Role.ts'
import type * as Session from '../../access/Session.ts'
import type * as Batch from '../../Batch.ts'
import type { Block } from '../../ports/BatchStore.ts'
import * as Uuid from '../../Uuid.ts'

/** The tables as the migrations make them. Whose a row is, the way into the database says. */
export type Tables = {
  migrations: { number: number; name: string }
  organisations: { id: string; name: string; settings: string; quotas: string; created_at: number }
  departments: { id: string; organisation: Generated<string>; name: string; created_at: number }
  usage: { organisation: Generated<string>; period: string; recipients: number; bytes: number }
  turns: { organisation: string; at: number }
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
    status_list: GeneratedAlways<number | null>
    chain_id: number
    account: string
    number: number | null
    root: string | null
    anchoring: string | null
    anchor: string | null
    checked: number
    issuer: GeneratedAlways<string>
    registry: GeneratedAlways<string>
    held: number
    title: string | null
    department: string | null
    organisation: Generated<string>
  }
  recipients: { batch: number; row: number; fields: string }
  drafts: {
    batch: number
    row: number
    credential_id: Uint8Array
    proof_id: Uint8Array
    secret: Uint8Array
    status_list: number | null
    status_index: number | null
  }
  signatures: {
    batch: number
    row: number
    created: string
    proof_value: string
    document_digest: Uint8Array
    leaf: Uint8Array
  }
  blocks: { batch: number; place: number; first: Uint8Array; rows: Uint8Array; leaves: Uint8Array }
  tickets: { batch: number; place: number; rows: Uint8Array; leaves: Uint8Array }
  nonces: {
    chain_id: number
    account: string
    nonce: number
    state: 'open' | 'mined' | 'lost'
    block_number: number | null
    block_hash: string | null
    reorgs: number
    cost: string
    taken_at: number
  }
  carried: { intent: number; try: number; chain_id: number; account: string; nonce: number }
  attempts: {
    chain_id: number
    account: string
    nonce: number
    version: number
    hash: string
    raw: string
    created_at: number
  }
  lanes: {
    chain_id: number
    account: string
    floor: number
    condition: string | null
    facts: string
    since: number
  }
  chains: { chain_id: number; genesis: string }
  leases: { name: string; host: string | null; pid: number | null; epoch: number; until: number; due: number }
  status_lists: {
    number: number
    issuer: string
    public_url: string
    size: number
    taken: Generated<number>
    organisation: Generated<string>
  }
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
    credential_id: Uint8Array
    status_list: number
    status_index: number
    version: number
    reason: string | null
    at: number
  }
  collections: {
    chain_id: number
    issuer_id: string
    address: string
    metadata: string
    metadata_digest: string
    name: string
    symbol: string
    created_at: number
    organisation: Generated<string>
  }
  suspensions: {
    credential_id: Uint8Array
    status_list: number
    status_index: number
    version: number
    suspended: 0 | 1
    reason: string | null
    at: number
  }
  status_publications: {
    seq: Generated<number>
    list: number
    purpose: 'revocation' | 'suspension'
    version: number
    at: number
    digest: string
    cid: string
  }
  status_digests: {
    seq: Generated<number>
    chain_id: number
    account: string
    publication: number
    list: number
    purpose: 'revocation' | 'suspension'
    planned_at: number
    transaction_hash: string | null
    time: number | null
  }
  intents: {
    id: Generated<number>
    chain_id: number
    account: string
    to: string
    data: string
    purpose: string
    subject: string
    state: 'open' | 'done' | 'refused'
    transaction_hash: string | null
    created_at: number
  }
  contents: { seq: Generated<number>; cid: string; added_at: number }
  pins: {
    cid: string
    place: string
    state: 'waiting' | 'pinned' | 'lost'
    seen_at: number | null
    failures: number
    due_at: number
    reason: string | null
  }
  api_keys: {
    id: string
    name: string
    digest: Uint8Array
    scopes: string
    created_at: number
    expires_at: number | null
    revoked_at: number | null
    organisation: Generated<string>
    made_by: string | null
  }
  members: {
    id: string
    organisation: string
    email: string | null
    role: Role.Role
    department: string | null
    issuer: string | null
    created_at: number
    removed_at: number | null
  }
  invitations: {
    id: string
    organisation: string
    email: string | null
    role: Role.Role
    department: string | null
    issuer: string | null
    digest: Uint8Array
    invited_by: string | null
    created_at: number
    ends_at: number
    outcome: 'accepted' | 'withdrawn' | null
    settled_at: number | null
  }
  sign_ins: {
    digest: Uint8Array
    member: string | null
    browser: Uint8Array | null
    code: Uint8Array | null
    tries: Generated<number>
    created_at: number
    ends_at: number
    used_at: number | null
  }
  sessions: {
    digest: Uint8Array
    id: string
    member: string
    organisation: string
    method: Session.Method
    agent: string
    created_at: number
    proven_at: number
    seen_at: number
    ends_at: number
  }
  passkeys: {
    id: string
    organisation: string
    member: string
    name: string
    public_key: Uint8Array
    counter: number
    transports: string
    created_at: number
    used_at: number | null
  }
  passkey_challenges: { browser: Uint8Array; purpose: 'add' | 'sign-in'; challenge: string; ends_at: number }
  approval_rules: { organisation: string; rules: string; changed_at: number }
  approvals: {
    seq: Generated<number>
    id: string
    organisation: string
    rule: string
    operation: string
    subject: string | null
    asked: string
    proposer_kind: 'key' | 'member'
    proposer: string
    proposer_member: string | null
    state: 'pending' | 'approved' | 'done' | 'failed' | 'declined' | 'withdrawn'
    reason: string | null
    created_at: number
    ends_at: number
    decided_by: string | null
    decided_at: number | null
    settled_at: number | null
  }
  revocation_allowances: { organisation: string; credential: string; at: number }
  achievements: {
    name: string
    version: number
    digest: string
    definition: string
    metadata: string
    created_at: number
    organisation: Generated<string>
  }
  issuer_keys: {
    issuer: string
    /** From 1. */
    generation: number
    organisation: Generated<string>
    /** A Multikey. */
    public_key: string
    created_at: number
    reported_from: number | null
    reported_at: number | null
  }
  issuer_profiles: {
    issuer: string
    version: number
    profile: string
    created_at: number
    organisation: Generated<string>
  }
  issuers: {
    seq: Generated<number>
    id: string
    organisation: Generated<string>
    name: string
    did: string
    created_at: number
  }
  imports: {
    id: string
    organisation: Generated<string>
    kind: string
    digest: string
    total: number
    wrong: string
    created_at: number
    finished_at: number | null
  }
  originals: {
    import: string
    row: number
    name: string
    form: string
    address: string | null
    digest: string
    said: string
    judged: string
    recipient: string
    bytes: Uint8Array
  }
  receipts: {
    principal: string
    key: string
    fingerprint: string
    status: number | null
    headers: string | null
    body: string | null
    created_at: number
    organisation: Generated<string>
  }
  endpoints: {
    seq: Generated<number>
    id: string
    url: string
    description: string | null
    types: string | null
    created_at: number
    ended_at: number | null
    ended_reason: string | null
    failing_since: number | null
    secret_key: string
    generation: number
    previous_until: number | null
    organisation: Generated<string>
  }
  events: {
    seq: Generated<number>
    id: string
    type: string
    subject: string
    sequence: number
    at: number
    data: string
    organisation: Generated<string>
  }
  deliveries: {
    endpoint: number
    event: number
    state: 'waiting' | 'delivered' | 'failed' | 'dropped'
    reason: string | null
    failures: number
    round: Generated<number>
    due: number
  }
  tries: {
    seq: Generated<number>
    endpoint: number
    event: number
    at: number
    status: number | null
    duration: number
    code: string
    excerpt: string
  }
  mails: {
    seq: Generated<number>
    id: string
    organisation: Generated<string>
    template: string
    language: string
    about: string | null
    recipient: string | null
    content: string | null
    state: 'queued' | 'sent' | 'bounced' | 'failed'
    reason: string | null
    epoch: Generated<number>
    failures: Generated<number>
    created_at: number
    due: number
    expires_at: number | null
    sent_at: number | null
  }
  mail_suppressions: {
    organisation: Generated<string>
    address: string
    reason: 'bounced' | 'complained' | 'unsubscribed'
    at: number
  }
  mailings: {
    number: Generated<number>
    batch: number
    whom: 'all' | 'unreached'
    reached: Generated<number>
    written: Generated<number>
    begun_at: number
    ended_at: number | null
  }
  learners: { id: string; created_at: number }
  addresses: {
    seq: Generated<number>
    key: string
    email: string
    learner: string | null
    verified_at: number | null
  }
  claim_settings: { organisation: Generated<string>; on_delivery: 0 | 1; days: number; waiting_days: number }
  claim_rounds: {
    seq: Generated<number>
    batch: number
    renews: 0 | 1
    reached: Generated<number>
    begun_at: number
    ended_at: number | null
  }
  claims: {
    batch: number
    row: number
    address: number
    state: 'offered' | 'accepted' | 'declined'
    changes: Generated<number>
    decided_at: number | null
    token: Uint8Array
    sent_at: number
    expires_at: number
  }
  claim_moves: {
    id: string
    batch: number
    row: number
    source: number
    target: number
    reason: string
    state: 'waiting' | 'done' | 'objected' | 'dropped'
    token: Uint8Array
    asked_at: number
    due: number
    ended_at: number | null
  }
  learner_sessions: {
    digest: Uint8Array
    id: string
    learner: string
    way: 'address' | 'did' | 'wallet'
    created_at: number
    expires_at: number
  }
  challenges: {
    digest: Uint8Array
    kind: 'address' | 'did' | 'wallet'
    session: Uint8Array | null
    learner: string | null
    address: number | null
    token: Uint8Array | null
    code: Uint8Array | null
    attempts: Generated<number>
    created_at: number
    expires_at: number
    used_at: number | null
  }
  learner_bindings: { kind: 'did' | 'wallet'; value: string; learner: string; bound_at: number }
  backups: { seq: Generated<number>; at: number }
  restorations: { seq: Generated<number>; backup_at: number; restored_at: number; reconciled_at: number | null }
  found_roots: {
    chain_id: number
    account: string
    number: number
    root: string
    block_number: number
    transaction_hash: string
  }
  orders: {
    seq: Generated<number>
    id: string
    achievement: string
    version: number
    fields: string
    redeemable: Generated<number>
    accepted_at: number
    batch: number | null
    row: number | null
    organisation: Generated<string>
  }
  erasures: {
    id: string
    organisation: Generated<string>
    at: number
    others: number
    receipt: string | null
    finished_at: number | null
  }
  erased: { credential_id: Uint8Array; erasure: string; batch: number; row: number; at: number }
  retentions: { organisation: string; rosters: number | null; reasons: number | null; changed_at: number }
  audit_entries: {
    organisation: string
    sequence: number
    at: number
    principal: string
    operation: string
    objects: string
    request: string
    outcome: string
    code: string | null
    previous: Uint8Array
    hash: Uint8Array
  }
  audit_heads: { organisation: string; sequence: number; hash: Uint8Array }
  audit_anchors: {
    number: number
    at: number
    heads: string
    digest: string
    chain_id: number
    registry: string
    account: string
    transaction_hash: string | null
    time: number | null
  }
}

/** A member as it is stored. */
export function toMember(row: Selectable<Tables['members']>): Member.Member {
  const { id, organisation, email, role, department, issuer, created_at, removed_at } = row
  return {
    ...{ id, organisation, email, role, limits: { department, issuer } },
    ...{ createdAt: created_at, removedAt: removed_at },
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
    checked: row.checked,
    held: row.held === 1,
    title: row.title,
    department: row.department,
  }
}

/** A recipient with all that has been made of it: what is missing is `null`. */
export type RecipientRow = Pick<Tables['recipients'], 'row' | 'fields'> &
  Nullable<Omit<Tables['drafts'], 'batch' | 'row' | 'status_list'>> &
  Nullable<Omit<Tables['signatures'], 'batch' | 'row'>>

type Nullable<row> = { readonly [column in keyof row]: row[column] | null }

/** A recipient as it is stored: what a step has not made yet is `null`. */
export function toRecipient(row: RecipientRow): Batch.Recipient {
  const { credential_id, proof_id, secret, created, proof_value, document_digest, leaf } = row
  return {
    row: row.row,
    fields: JSON.parse(row.fields) as Json.Object,
    draft:
      credential_id === null || proof_id === null || secret === null
        ? null
        : {
            credentialId: Uuid.fromBytes(credential_id),
            proofId: Uuid.fromBytes(proof_id),
            secret,
            statusIndex: row.status_index,
          },
    signature:
      created === null || proof_value === null || document_digest === null || leaf === null
        ? null
        : { created, proofValue: proof_value, documentDigest: document_digest, leaf },
  }
}

/** The 16 bytes of an id that was made here. */
export function fromId(urn: string): Uint8Array {
  const bytes = Uuid.toBytes(urn)
  if (bytes === undefined) throw new TypeError('An id is the URN of a UUID')
  return bytes
}

/** A block as it is stored. */
export function toBlock({ first, rows, leaves }: Pick<Tables['blocks'], 'first' | 'rows' | 'leaves'>): Block {
  return { first: Uuid.fromBytes(first), rows: toRows(rows), leaves }
}

/** The rows of a block as they are stored: four bytes a row, the highest first. */
export function toRows(rows: Uint8Array): Uint32Array {
  const view = new DataView(rows.buffer, rows.byteOffset, rows.byteLength)
  return Uint32Array.from({ length: rows.length / 4 }, (_, i) => view.getUint32(4 * i))
}

/** The rows of a block as they are stored. */
export function fromRows(rows: Uint32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * rows.length))
  for (const [i, row] of rows.entries()) view.setUint32(4 * i, row)
  return new Uint8Array(view.buffer)
}
