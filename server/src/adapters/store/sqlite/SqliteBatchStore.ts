import type * as Bytes from '@laurel/core/Bytes'
import { type Insertable, Kysely, type Transaction } from 'kysely'
import * as Batch from '../../../Batch.ts'
import { crashpoint } from '../../../internal/crashpoint.ts'
import * as BatchStore from '../../../ports/BatchStore.ts'
import * as NodeSqlite from './NodeSqlite.ts'
import { type Tables, toBatch, toLists, toRecipient } from './Rows.ts'

const minimumListSize = 131_072
const purposes = ['revocation', 'suspension'] as const

/**
 * Opens the embedded batch store in one SQLite file, and brings its tables up to date.
 *
 * @throws {NodeSqlite.NewerDatabaseError} when a later version of Laurel has written to it
 */
export function open(path: string): BatchStore.BatchStore {
  const database = NodeSqlite.open(path)
  NodeSqlite.migrate(database, new URL('migrations/', import.meta.url))
  const db = new Kysely<Tables>({ dialect: NodeSqlite.dialect(database) })

  const fenced = <result>(lease: BatchStore.Lease, work: (tx: Transaction<Tables>) => Promise<result>) =>
    db.transaction().execute(async (tx) => {
      await holds(tx, lease)
      return work(tx)
    })

  return {
    lease: (owner, now, ttl) =>
      db.transaction().execute(async (tx) => {
        const held = await tx.selectFrom('leases').selectAll().where('name', '=', 'worker').executeTakeFirst()
        if (held !== undefined && held.until > now && isAlive(held, owner)) return undefined
        const epoch = (held?.epoch ?? 0) + 1
        const row = { name: 'worker', ...owner, epoch, until: now + ttl }
        await tx
          .insertInto('leases')
          .values(row)
          .onConflict((on) => on.column('name').doUpdateSet(row))
          .execute()
        return { owner, epoch }
      }),
    renew: (lease, now, ttl) =>
      fenced(lease, async (tx) => {
        await tx
          .updateTable('leases')
          .set({ until: now + ttl })
          .where('name', '=', 'worker')
          .execute()
        return lease
      }),
    release: async (lease) => {
      await db
        .updateTable('leases')
        .set({ until: 0 })
        .where('name', '=', 'worker')
        .where('epoch', '=', lease.epoch)
        .execute()
    },

    accept: async (request) => {
      const outcome = await db.transaction().execute(async (tx) => {
        const before = await tx
          .selectFrom('batches')
          .selectAll()
          .where('request_hash', '=', request.hash)
          .where('state', '!=', 'cancelled')
          .orderBy('seq', 'desc')
          .executeTakeFirst()
        // An open batch is finished first, even where a further one is asked for: a retry after a crash says the same.
        if (before !== undefined && (!request.again || Batch.isOpen(toBatch(before))))
          return { batch: toBatch(before), repeated: true }
        const { count } = await tx
          .selectFrom('batches')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('request_hash', '=', request.hash)
          .executeTakeFirstOrThrow()
        const row = await tx
          .insertInto('batches')
          .values({
            id: request.id,
            request_hash: request.hash,
            repetition: count,
            state: 'accepted',
            epoch: 1,
            created_at: request.now,
            size: request.recipients.length,
            terms: JSON.stringify(request.terms),
            achievement: JSON.stringify(request.achievement.definition),
            metadata: request.achievement.metadata,
            chain_id: request.terms.chainId,
            account: request.terms.account,
          } as Insertable<Tables['batches']>)
          .returningAll()
          .executeTakeFirstOrThrow()
        for (const [i, fields] of request.recipients.entries()) {
          await tx
            .insertInto('recipients')
            .values({ batch: request.id, row: i + 1, fields: JSON.stringify(fields) } as Insertable<
              Tables['recipients']
            >)
            .execute()
        }
        crashpoint('intake:before-commit')
        return { batch: toBatch(row), repeated: false }
      })
      crashpoint('intake:after-commit')
      return outcome
    },
    list: async () => (await db.selectFrom('batches').selectAll().orderBy('seq').execute()).map(toBatch),
    get: async (id) => {
      const row = await db.selectFrom('batches').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toBatch(row)
    },
    recipients: async (batch) =>
      (await db.selectFrom('recipients').selectAll().where('batch', '=', batch).orderBy('row').execute()).map(
        toRecipient,
      ),
    find: async (credentialId) => {
      const recipient = await db
        .selectFrom('recipients')
        .selectAll()
        .where('credential_id', '=', credentialId)
        .executeTakeFirst()
      if (recipient === undefined) return undefined
      const batch = await db
        .selectFrom('batches')
        .selectAll()
        .where('id', '=', recipient.batch)
        .executeTakeFirstOrThrow()
      return { batch: toBatch(batch), recipient: toRecipient(recipient) }
    },

    move: (batch, to, reason, lease) => fenced(lease, (tx) => advance(tx, batch, to, reason)),
    draft: (batch, drafts, lists, lease) =>
      unique(batch.id, () =>
        fenced(lease, async (tx) => {
          for (const [row, draft] of drafts) {
            await tx
              .updateTable('recipients')
              .set({
                credential_id: draft.credentialId,
                proof_id: draft.proofId,
                secret: draft.secret,
                status_list: lists?.number ?? null,
                status_index: draft.statusIndex,
              })
              .where('batch', '=', batch.id)
              .where('row', '=', row)
              .execute()
          }
          return advance(tx, batch, 'drafted', null, { status_lists: lists && JSON.stringify(lists) })
        }),
      ),
    sign: (batch, signatures, lease) =>
      fenced(lease, async (tx) => {
        await unmoved(tx, batch)
        for (const [row, signature] of signatures) {
          await tx
            .updateTable('recipients')
            .set({
              created: signature.created,
              proof_value: signature.proofValue,
              document_digest: signature.documentDigest,
              leaf: signature.leaf,
            })
            .where('batch', '=', batch.id)
            .where('row', '=', row)
            .execute()
        }
      }),
    last: async (chainId, account) => {
      const batch = await db
        .selectFrom('batches')
        .select(['number', 'root'])
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .where('number', 'is not', null)
        .orderBy('number', 'desc')
        .executeTakeFirst()
      const { nonce } = await db
        .selectFrom('nonces')
        .select((eb) => eb.fn.max<number | null>('nonce').as('nonce'))
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .executeTakeFirstOrThrow()
      return { number: batch?.number ?? 0, root: (batch?.root as Bytes.Hex | undefined) ?? null, nonce }
    },
    root: (batch, anchoring, positions, attempt, lease) =>
      unique(batch.id, () =>
        fenced(lease, async (tx) => {
          for (const [row, position] of positions) {
            await tx
              .updateTable('recipients')
              .set({ position })
              .where('batch', '=', batch.id)
              .where('row', '=', row)
              .execute()
          }
          await tx
            .insertInto('nonces')
            .values({
              chain_id: batch.terms.chainId,
              account: batch.terms.account,
              nonce: attempt.nonce,
              batch: batch.id,
            })
            .execute()
          await insertAttempt(tx, batch, attempt)
          return Batch.rooted(
            await advance(tx, batch, 'rooted', null, {
              number: anchoring.number,
              root: anchoring.root,
              anchoring: JSON.stringify(anchoring),
            }),
          )
        }),
      ),
    attempts: async (batch) =>
      (
        await db
          .selectFrom('attempts')
          .selectAll()
          .where('batch', '=', batch)
          .orderBy('created_at')
          .orderBy('nonce')
          .execute()
      ).map((row) => ({
        hash: row.hash as Bytes.Hex,
        raw: row.raw as Bytes.Hex,
        nonce: row.nonce,
        createdAt: row.created_at,
      })),
    attempt: (batch, attempt, lease) =>
      unique(batch.id, () =>
        fenced(lease, async (tx) => {
          await unmoved(tx, batch)
          const nonce = {
            chain_id: batch.terms.chainId,
            account: batch.terms.account,
            nonce: attempt.nonce,
            batch: batch.id,
          }
          const taken = await tx
            .selectFrom('nonces')
            .select('batch')
            .where('chain_id', '=', nonce.chain_id)
            .where('account', '=', nonce.account)
            .where('nonce', '=', nonce.nonce)
            .executeTakeFirst()
          if (taken === undefined) await tx.insertInto('nonces').values(nonce).execute()
          else if (taken.batch !== batch.id) throw new BatchStore.ConflictError(batch.id)
          await insertAttempt(tx, batch, attempt)
        }),
      ),
    final: (batch, anchor, lease) =>
      fenced(lease, async (tx) =>
        Batch.final(await advance(tx, batch, 'final', null, { anchor: JSON.stringify(anchor) })),
      ),

    statusLists: (issuer, publicUrl, size) =>
      db.transaction().execute(async (tx) => {
        const candidates = await tx
          .selectFrom('status_lists')
          .selectAll()
          .where('issuer', '=', issuer)
          .where('public_url', '=', publicUrl)
          .orderBy('number', 'desc')
          .execute()
        for (const list of candidates) {
          const taken = await takenIndices(tx, list.number)
          // Beyond half full, drawing a free index at random would say where the others are.
          if (taken.size + size <= list.size / 2) return { ...toLists(list), size: list.size, taken }
        }
        const { last } = await tx
          .selectFrom('status_lists')
          .select((eb) => eb.fn.max<number | null>('number').as('last'))
          .executeTakeFirstOrThrow()
        const list = {
          number: (last ?? 0) + 1,
          issuer,
          public_url: publicUrl,
          size: Math.max(minimumListSize, 2 ** Math.ceil(Math.log2(2 * size))),
        }
        await tx.insertInto('status_lists').values(list).execute()
        for (const purpose of purposes) {
          await tx
            .insertInto('status_versions')
            .values({ list: list.number, purpose, version: 1, published: 0, published_at: 0, text: null, digest: null })
            .execute()
        }
        return { ...toLists(list), size: list.size, taken: new Set<number>() }
      }),
    revoke: (credentialId, reason, now) =>
      db.transaction().execute(async (tx) => {
        const recipient = await tx
          .selectFrom('recipients')
          .select(['status_list', 'status_index'])
          .where('credential_id', '=', credentialId)
          .executeTakeFirst()
        if (recipient === undefined) throw new BatchStore.UnknownCredentialError(credentialId)
        const { status_list, status_index } = recipient
        if (status_list === null || status_index === null) throw new BatchStore.NoStatusError(credentialId)
        const before = await tx
          .selectFrom('revocations')
          .select('at')
          .where('credential_id', '=', credentialId)
          .executeTakeFirst()
        if (before !== undefined) return { repeated: true }
        const { version } = await tx
          .updateTable('status_versions')
          .set((eb) => ({ version: eb('version', '+', 1) }))
          .where('list', '=', status_list)
          .where('purpose', '=', 'revocation')
          .returning('version')
          .executeTakeFirstOrThrow()
        await tx
          .insertInto('revocations')
          .values({ credential_id: credentialId, status_list, status_index, version, reason, at: now })
          .execute()
        return { repeated: false }
      }),
    revocation: async (credentialId) =>
      db
        .selectFrom('revocations')
        .select(['at', 'reason'])
        .where('credential_id', '=', credentialId)
        .executeTakeFirst(),
    lists: async () =>
      (
        await db
          .selectFrom('status_versions')
          .innerJoin('status_lists', 'status_lists.number', 'status_versions.list')
          .select([
            'status_lists.number',
            'status_lists.issuer',
            'status_lists.public_url',
            'status_lists.size',
            'status_versions.purpose',
            'status_versions.version',
            'status_versions.published',
            'status_versions.published_at',
          ])
          .orderBy('status_lists.number')
          .orderBy('status_versions.purpose')
          .execute()
      ).map((row) => ({
        id: `${row.purpose}-${row.number}`,
        number: row.number,
        issuer: row.issuer,
        url: toLists(row)[row.purpose],
        purpose: row.purpose,
        size: row.size,
        version: row.version,
        published: row.published,
        publishedAt: row.published_at,
      })),
    bits: (list) =>
      db.transaction().execute(async (tx) => {
        const { version } = await tx
          .selectFrom('status_versions')
          .select('version')
          .where('list', '=', list.number)
          .where('purpose', '=', list.purpose)
          .executeTakeFirstOrThrow()
        // Nothing is suspended yet; the list is there because the manifest names it for ever.
        if (list.purpose === 'suspension') return { version, set: [] }
        const rows = await tx
          .selectFrom('revocations')
          .select('status_index')
          .where('status_list', '=', list.number)
          .orderBy('status_index')
          .execute()
        return { version, set: rows.map((row) => row.status_index) }
      }),
    publish: async (list, version, publication) => {
      await db
        .updateTable('status_versions')
        .set({
          published: version,
          published_at: publication.at,
          text: publication.text,
          digest: publication.digest,
        })
        .where('list', '=', list.number)
        .where('purpose', '=', list.purpose)
        .where('published', '<=', version)
        .where('published_at', '<=', publication.at)
        .execute()
    },
    publication: async (id) => {
      const [purpose, number] = id.split('-')
      const row = await db
        .selectFrom('status_versions')
        .select(['text', 'digest', 'published_at'])
        .where('list', '=', Number(number))
        .where('purpose', '=', purpose as 'revocation' | 'suspension')
        .executeTakeFirst()
      if (row === undefined || row.text === null || row.digest === null) return undefined
      return { text: row.text, digest: row.digest as Bytes.Hex, at: row.published_at }
    },

    close: () => db.destroy(),
  }
}

/** Compare-and-swap on state and epoch: the one place where a batch's state changes. */
async function advance(
  tx: Transaction<Tables>,
  batch: Batch.Batch,
  to: Batch.State,
  reason: string | null,
  also: Partial<Pick<Tables['batches'], 'status_lists' | 'number' | 'root' | 'anchoring' | 'anchor'>> = {},
): Promise<Batch.Batch> {
  const row = await tx
    .updateTable('batches')
    .set({ ...Batch.move(batch, to, reason), ...also, epoch: batch.epoch + 1 })
    .where('id', '=', batch.id)
    .where('state', '=', batch.state)
    .where('epoch', '=', batch.epoch)
    .returningAll()
    .executeTakeFirst()
  if (row === undefined) throw new BatchStore.ConflictError(batch.id)
  return toBatch(row)
}

async function unmoved(tx: Transaction<Tables>, batch: Batch.Batch): Promise<void> {
  const row = await tx
    .selectFrom('batches')
    .select('id')
    .where('id', '=', batch.id)
    .where('state', '=', batch.state)
    .where('epoch', '=', batch.epoch)
    .executeTakeFirst()
  if (row === undefined) throw new BatchStore.ConflictError(batch.id)
}

async function holds(tx: Transaction<Tables>, lease: BatchStore.Lease): Promise<void> {
  const row = await tx
    .selectFrom('leases')
    .select('epoch')
    .where('name', '=', 'worker')
    .where('epoch', '=', lease.epoch)
    .executeTakeFirst()
  if (row === undefined) throw new BatchStore.LeaseLostError()
}

async function insertAttempt(tx: Transaction<Tables>, batch: Batch.Batch, attempt: Batch.Attempt): Promise<void> {
  await tx
    .insertInto('attempts')
    .values({
      hash: attempt.hash,
      batch: batch.id,
      chain_id: batch.terms.chainId,
      account: batch.terms.account,
      nonce: attempt.nonce,
      raw: attempt.raw,
      created_at: attempt.createdAt,
    })
    .execute()
}

async function takenIndices(tx: Transaction<Tables>, list: number): Promise<ReadonlySet<number>> {
  const rows = await tx
    .selectFrom('recipients')
    .select('status_index')
    .where('status_list', '=', list)
    .where('status_index', 'is not', null)
    .execute()
  return new Set(rows.map((row) => row.status_index as number))
}

/** Turns SQLite's refusal of something that must be unique into the port's error. */
async function unique<result>(batch: string, work: () => Promise<result>): Promise<result> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof Error && /UNIQUE constraint failed/.test(cause.message))
      throw new BatchStore.ConflictError(batch, cause)
    throw cause
  }
}

/** Whether a lease's owner still runs. One on another machine is believed until its lease runs out. */
function isAlive(held: BatchStore.Owner, asking: BatchStore.Owner): boolean {
  if (held.host !== asking.host) return true
  if (held.pid === asking.pid) return false
  try {
    process.kill(held.pid, 0)
    return true
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}
