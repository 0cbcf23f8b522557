/**
 * What a column holds. `personal`: it says something about a person, or may. `pseudonymous`: by itself it says nothing, and
 * with something else that is kept it leads to a person. `public`: it is published, and about nobody but the issuer.
 * `technical`: none of these.
 */
export type Kind = 'personal' | 'pseudonymous' | 'public' | 'technical'

export type Table = {
  /** What it is for. */
  readonly purpose: string
  /** How long it is kept. */
  readonly kept: string
  /** What erasing a person does to it; absent where there is nothing of a person in it. */
  readonly erased?: string
  readonly columns: Readonly<Record<string, Kind>>
}

const forever = 'for good: it is what proofs, chains or strangers rest on'
const untilErased = 'until its person is erased'
const whileUseful = 'while it is of use to the program'

/** Every column of every table, in both databases; a test holds this against them. */
export const tables: Readonly<Record<string, Table>> = {
  migrations: {
    purpose: 'which changes of the tables were made',
    kept: forever,
    columns: { number: 'technical', name: 'technical' },
  },
  batches: {
    purpose: 'what is issued together, and how far it is',
    kept: forever,
    erased: 'the digest of the request gives way to random bytes; the title goes with the last person of the batch',
    columns: {
      seq: 'technical',
      id: 'technical',
      request_hash: 'pseudonymous',
      repetition: 'technical',
      state: 'technical',
      interrupted: 'technical',
      reason: 'technical',
      epoch: 'technical',
      created_at: 'technical',
      size: 'public',
      terms: 'public',
      achievement: 'public',
      metadata: 'public',
      status_lists: 'public',
      status_list: 'public',
      chain_id: 'public',
      account: 'public',
      number: 'public',
      root: 'public',
      anchoring: 'public',
      anchor: 'public',
      checked: 'technical',
      issuer: 'public',
      registry: 'public',
      held: 'technical',
      title: 'personal',
    },
  },
  recipients: {
    purpose:
      'what a roster or an order says of a person: their credential is made of it, each time that it is asked for',
    kept: untilErased,
    erased: 'overwritten with nothing',
    columns: { batch: 'technical', row: 'pseudonymous', fields: 'personal' },
  },
  drafts: {
    purpose: 'what was drawn for a credential: its id, its secret, its place in the status lists',
    kept: 'the secret until its person is erased; the id and the place for good, so that its status can still be told',
    erased: 'secret and id of the proof overwritten with zeros; blind, salt and claim key follow from the secret',
    columns: {
      batch: 'technical',
      row: 'pseudonymous',
      credential_id: 'pseudonymous',
      proof_id: 'pseudonymous',
      secret: 'pseudonymous',
      status_list: 'public',
      status_index: 'pseudonymous',
    },
  },
  signatures: {
    purpose: 'the signature of a credential, and its leaf in the tree of its batch',
    kept: 'signature and digest until the person is erased; the leaf for good, because the proofs of others rest on it',
    erased: 'signature and digest overwritten; the leaf is blinded by the secret, and leads to nobody without it',
    columns: {
      batch: 'technical',
      row: 'pseudonymous',
      created: 'technical',
      proof_value: 'pseudonymous',
      document_digest: 'pseudonymous',
      leaf: 'pseudonymous',
    },
  },
  blocks: {
    purpose: 'the tree of a batch: its leaves in their order',
    kept: forever,
    erased: 'stays: of a person whose secret is destroyed a leaf is 32 random bytes',
    columns: {
      batch: 'technical',
      place: 'technical',
      first: 'pseudonymous',
      rows: 'pseudonymous',
      leaves: 'pseudonymous',
    },
  },
  tickets: {
    purpose: 'the tree of the tickets of a batch, in an order of its own',
    kept: forever,
    erased: 'stays: salt and claim key are destroyed with the secret',
    columns: { batch: 'technical', place: 'technical', rows: 'pseudonymous', leaves: 'pseudonymous' },
  },
  revocations: {
    purpose: 'which credentials were revoked, and why',
    kept: 'the revocation for good; the reason until its person is erased',
    erased: 'the reason',
    columns: {
      credential_id: 'pseudonymous',
      status_list: 'public',
      status_index: 'pseudonymous',
      version: 'technical',
      reason: 'personal',
      at: 'technical',
    },
  },
  suspensions: {
    purpose: 'which credentials were suspended and reinstated, and why',
    kept: 'the decision for good; the reason until its person is erased',
    erased: 'the reason',
    columns: {
      credential_id: 'pseudonymous',
      status_list: 'public',
      status_index: 'pseudonymous',
      version: 'technical',
      suspended: 'technical',
      reason: 'personal',
      at: 'technical',
    },
  },
  status_lists: {
    purpose: 'which status lists there are',
    kept: forever,
    columns: { number: 'public', issuer: 'public', public_url: 'public', size: 'public', taken: 'technical' },
  },
  status_versions: {
    purpose: 'the status lists as they were published last',
    kept: forever,
    columns: {
      list: 'public',
      purpose: 'public',
      version: 'technical',
      published: 'technical',
      published_at: 'public',
      text: 'public',
      digest: 'public',
    },
  },
  status_publications: {
    purpose: 'every status list that was ever published',
    kept: forever,
    columns: {
      seq: 'technical',
      list: 'public',
      purpose: 'public',
      version: 'technical',
      at: 'public',
      digest: 'public',
      cid: 'public',
    },
  },
  status_digests: {
    purpose: 'which of them stand on a chain',
    kept: forever,
    columns: {
      seq: 'technical',
      chain_id: 'public',
      account: 'public',
      publication: 'technical',
      list: 'public',
      purpose: 'public',
      planned_at: 'technical',
      transaction_hash: 'public',
      time: 'public',
    },
  },
  intents: {
    purpose: 'what is to happen on chains',
    kept: forever,
    erased: 'stays: an award names wallets, which the chain has for good (see “Tokens” in privacy.md)',
    columns: {
      id: 'technical',
      chain_id: 'public',
      account: 'public',
      to: 'public',
      data: 'personal',
      purpose: 'technical',
      subject: 'personal',
      state: 'technical',
      transaction_hash: 'public',
      created_at: 'technical',
    },
  },
  nonces: {
    purpose: 'the places of transactions',
    kept: forever,
    columns: {
      chain_id: 'public',
      account: 'public',
      nonce: 'public',
      state: 'technical',
      block_number: 'public',
      block_hash: 'public',
      reorgs: 'technical',
      cost: 'public',
      taken_at: 'technical',
    },
  },
  carried: {
    purpose: 'which transaction does what',
    kept: forever,
    columns: { intent: 'technical', try: 'technical', chain_id: 'public', account: 'public', nonce: 'public' },
  },
  attempts: {
    purpose: 'the transactions that were signed, before anybody saw them',
    kept: forever,
    erased: 'stays: what was sent, the chain has for good',
    columns: {
      chain_id: 'public',
      account: 'public',
      nonce: 'public',
      version: 'technical',
      hash: 'public',
      raw: 'personal',
      created_at: 'technical',
    },
  },
  lanes: {
    purpose: 'what holds an account up',
    kept: whileUseful,
    columns: {
      chain_id: 'public',
      account: 'public',
      floor: 'technical',
      condition: 'technical',
      facts: 'technical',
      since: 'technical',
    },
  },
  chains: {
    purpose: 'which chain is the right one',
    kept: forever,
    columns: { chain_id: 'public', genesis: 'public' },
  },
  leases: {
    purpose: 'which process works on what',
    kept: whileUseful,
    columns: {
      name: 'technical',
      host: 'technical',
      pid: 'technical',
      epoch: 'technical',
      until: 'technical',
      due: 'technical',
    },
  },
  collections: {
    purpose: 'the collections of badge tokens',
    kept: forever,
    columns: {
      chain_id: 'public',
      issuer_id: 'public',
      address: 'public',
      metadata: 'public',
      metadata_digest: 'public',
      name: 'public',
      symbol: 'public',
      created_at: 'public',
    },
  },
  contents: {
    purpose: 'what is public under an identifier of its content',
    kept: forever,
    columns: { seq: 'technical', cid: 'public', added_at: 'technical' },
  },
  pins: {
    purpose: 'where that is kept elsewhere',
    kept: whileUseful,
    columns: {
      cid: 'public',
      place: 'technical',
      state: 'technical',
      seen_at: 'technical',
      failures: 'technical',
      due_at: 'technical',
      reason: 'technical',
    },
  },
  api_keys: {
    purpose: 'which programs may ask',
    kept: 'for good: the audit log names keys by their ids',
    columns: {
      id: 'pseudonymous',
      name: 'personal',
      digest: 'technical',
      scopes: 'technical',
      created_at: 'technical',
      expires_at: 'technical',
      revoked_at: 'technical',
    },
    erased: 'stays: a key belongs to a program of the issuer, and its name is the issuer’s own word for it',
  },
  achievements: {
    purpose: 'what can be awarded',
    kept: forever,
    columns: {
      name: 'public',
      version: 'public',
      digest: 'public',
      definition: 'public',
      metadata: 'public',
      created_at: 'technical',
    },
  },
  issuer_profiles: {
    purpose: 'what the issuer says of itself in its credentials',
    kept: forever,
    columns: { issuer: 'public', version: 'public', profile: 'public', created_at: 'technical' },
  },
  receipts: {
    purpose: 'the answers to requests that may be repeated',
    kept: 'sixty days',
    erased: 'the fingerprint of the request, which is a digest of what it said; the same key is then refused',
    columns: {
      principal: 'pseudonymous',
      key: 'technical',
      fingerprint: 'pseudonymous',
      status: 'technical',
      headers: 'technical',
      body: 'technical',
      created_at: 'technical',
    },
  },
  orders: {
    purpose: 'credentials that were asked for one by one',
    kept: untilErased,
    erased: 'one that waits is deleted; of one that is in a batch what it says of the person',
    columns: {
      seq: 'technical',
      id: 'pseudonymous',
      achievement: 'public',
      version: 'public',
      fields: 'personal',
      redeemable: 'technical',
      accepted_at: 'technical',
      batch: 'technical',
      row: 'pseudonymous',
    },
  },
  endpoints: {
    purpose: 'whom to tell what happens',
    kept: 'for good: deliveries name them',
    columns: {
      seq: 'technical',
      id: 'technical',
      url: 'technical',
      description: 'technical',
      types: 'technical',
      created_at: 'technical',
      ended_at: 'technical',
      ended_reason: 'technical',
      failing_since: 'technical',
      secret_key: 'technical',
      generation: 'technical',
      previous_until: 'technical',
    },
  },
  events: {
    purpose: 'what has happened: ids and codes',
    kept: 'ninety days',
    erased: 'stays: it has the id of a credential, and nothing of its person',
    columns: {
      seq: 'technical',
      id: 'technical',
      type: 'technical',
      subject: 'pseudonymous',
      sequence: 'technical',
      at: 'technical',
      data: 'pseudonymous',
    },
  },
  deliveries: {
    purpose: 'whom that is still to be told',
    kept: 'as long as the event',
    columns: {
      endpoint: 'technical',
      event: 'technical',
      state: 'technical',
      reason: 'technical',
      failures: 'technical',
      due: 'technical',
    },
  },
  tries: {
    purpose: 'what endpoints have answered',
    kept: 'as long as the event',
    erased: 'the beginning of the answer to what was told of a credential',
    columns: {
      seq: 'technical',
      endpoint: 'technical',
      event: 'technical',
      at: 'technical',
      status: 'technical',
      duration: 'technical',
      code: 'technical',
      excerpt: 'personal',
    },
  },
  erasures: {
    purpose: 'what was erased at one time, with the receipt of it',
    kept: 'for good: it shows that the issuer has done what it was asked for',
    erased: 'stays: it has ids of credentials, and nothing of their person',
    columns: {
      id: 'technical',
      organisation: 'technical',
      at: 'technical',
      others: 'technical',
      receipt: 'pseudonymous',
      finished_at: 'technical',
    },
  },
  erased: {
    purpose: 'the credentials that were erased: their ways answer 410 for good',
    kept: forever,
    erased: 'is what erasure leaves',
    columns: {
      credential_id: 'pseudonymous',
      erasure: 'technical',
      batch: 'technical',
      row: 'pseudonymous',
      at: 'technical',
    },
  },
  retentions: {
    purpose: 'for how long an organisation keeps what it knows of people',
    kept: whileUseful,
    columns: { organisation: 'technical', rosters: 'technical', reasons: 'technical', changed_at: 'technical' },
  },
  audit_entries: {
    purpose: 'who asked for what, and what became of it',
    kept: 'for good: whatever is taken out of a chain of hashes breaks it',
    erased: 'stays: it has ids, and never a name, an address or a value',
    columns: {
      organisation: 'technical',
      sequence: 'technical',
      at: 'technical',
      principal: 'pseudonymous',
      operation: 'technical',
      objects: 'pseudonymous',
      request: 'technical',
      outcome: 'technical',
      code: 'technical',
      previous: 'technical',
      hash: 'technical',
    },
  },
  audit_heads: {
    purpose: 'where that chain ends',
    kept: forever,
    columns: { organisation: 'technical', sequence: 'technical', hash: 'technical' },
  },
  audit_anchors: {
    purpose: 'what of it stands on a chain',
    kept: forever,
    columns: {
      number: 'technical',
      at: 'technical',
      heads: 'technical',
      digest: 'public',
      chain_id: 'public',
      registry: 'public',
      account: 'public',
      transaction_hash: 'public',
      time: 'public',
    },
  },
}

/** What is kept beside the database, in the home and in the memory of processes. */
export const elsewhere: readonly {
  readonly what: string
  readonly kind: Kind
  readonly kept: string
  readonly erased: string
}[] = [
  {
    what: '`batches/`: credentials, images and tickets as files or lines',
    kind: 'personal',
    kept: untilErased,
    erased: 'the files are removed; files of lines are written anew',
  },
  {
    what: '`uploads/`: rosters above 1 MiB while they are read',
    kind: 'personal',
    kept: 'until they are stored; what a process that died has left, for a day',
    erased: 'is gone by then',
  },
  {
    what: '`laurel.db`, `laurel.db-wal`',
    kind: 'personal',
    kept: 'as its rows',
    erased: 'all pages are written anew (VACUUM), and the log is cut, before the receipt is signed',
  },
  {
    what: '`public/`, `ipfs/`: status lists, manifests, metadata, images of achievements',
    kind: 'public',
    kept: forever,
    erased: 'there is nothing of a person in it',
  },
  {
    what: '`keys/`: the keys of the issuer, encrypted',
    kind: 'technical',
    kept: forever,
    erased: 'there is nothing of a person in it',
  },
  {
    what: 'Up to 2,000 credentials in the memory of a process that serves',
    kind: 'personal',
    kept: 'until others were asked for more lately',
    erased: 'within a second, in every process',
  },
]
