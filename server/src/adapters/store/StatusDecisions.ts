import type * as Json from '@laurel/core/Json'
import { sql, type Transaction } from 'kysely'
import type * as Batch from '../../Batch.ts'
import { announce } from '../../mail/announce.ts'
import * as BatchStore from '../../ports/BatchStore.ts'
import * as Status from '../../Status.ts'
import * as Uuid from '../../Uuid.ts'
import * as Event from '../../webhooks/Event.ts'
import type { Database } from './Database.ts'
import * as Events from './Events.ts'
import * as Mails from './Mails.ts'
import type { Tables } from './Rows.ts'

type Reader = Pick<Transaction<Tables>, 'selectFrom'>

/** Who decided what about which credential, and when. */
export function statusDecisions(database: Database): Pick<BatchStore.BatchStore, 'decide' | 'decisions'> {
  const { db, reader, alone } = database
  return {
    decide: (act, credentialId, reason, now) =>
      db.transaction().execute(async (tx) => {
        const id = Uuid.toBytes(credentialId)
        const entry =
          id &&
          (await tx
            .selectFrom('drafts')
            .select(['status_list', 'status_index'])
            .where('credential_id', '=', id)
            .executeTakeFirst())
        if (id === undefined || entry === undefined) throw new BatchStore.UnknownCredentialError(credentialId)
        const { status_list, status_index } = entry
        if (status_list === null || status_index === null) throw new BatchStore.NoStatusError(credentialId)
        await alone(tx, `status-list-${status_list}`)
        const made = await read(tx, id)
        const before = Status.after(made)
        if (Status.decide(before, act, credentialId) === before) return { repeated: true }
        const { version } = await tx
          .updateTable('status_versions')
          .set((eb) => ({ version: eb('version', '+', 1) }))
          .where('list', '=', status_list)
          .where('purpose', '=', Status.purposeOf[act])
          .returning('version')
          .executeTakeFirstOrThrow()
        // Decisions are in the order of their times, whatever clocks do.
        const at = Math.max(now, made.at(-1)?.at ?? 0)
        const row = { credential_id: id, status_list, status_index, version, reason, at }
        if (act === 'revoke') await tx.insertInto('revocations').values(row).execute()
        else
          await tx
            .insertInto('suspensions')
            .values({ ...row, suspended: act === 'suspend' ? 1 : 0 })
            .execute()
        await Events.record(tx, database, {
          type: Event.ofAct[act],
          subject: credentialId,
          sequence: made.length + 1 + (await erasedTimes(tx, id)),
          data: { credential: credentialId },
          organisation: sql<string>`(SELECT organisation FROM status_lists WHERE number = ${status_list})`,
        })
        await tell(tx, database, id, act)
        return { repeated: false }
      }),
    decisions: async (credentialId) => {
      const id = Uuid.toBytes(credentialId)
      return id === undefined ? [] : read(reader, id)
    },
  }
}

/** Writes to the learner of a credential about a decision, where they were written to about it before. */
async function tell(
  tx: Transaction<Tables>,
  database: Pick<Database, 'now' | 'of'>,
  id: Uint8Array,
  act: Status.Act,
): Promise<void> {
  const credentialId = Uuid.fromBytes(id)
  const before = await tx.selectFrom('mails').select('id').where('about', '=', credentialId).limit(1).executeTakeFirst()
  if (before === undefined) return
  const { fields, terms, achievement, metadata, email } = await tx
    .selectFrom('drafts')
    .innerJoin('recipients', (on) =>
      on.onRef('recipients.batch', '=', 'drafts.batch').onRef('recipients.row', '=', 'drafts.row'),
    )
    .innerJoin('batches', 'batches.seq', 'drafts.batch')
    .leftJoin('claims', (on) => on.onRef('claims.batch', '=', 'drafts.batch').onRef('claims.row', '=', 'drafts.row'))
    .leftJoin('addresses', 'addresses.seq', 'claims.address')
    .select(['recipients.fields', 'batches.terms', 'batches.achievement', 'batches.metadata', 'addresses.email'])
    .where('drafts.credential_id', '=', id)
    .executeTakeFirstOrThrow()
  const mail = announce(
    templates[act],
    { terms: JSON.parse(terms) as Batch.Terms, achievement: { definition: JSON.parse(achievement), metadata } },
    { fields: JSON.parse(fields) as Json.Object, draft: { credentialId } },
  )
  // It goes to where the credential is now, which the roster need not know.
  if (mail !== undefined) await Mails.insert(tx, database, { ...mail, to: email ?? mail.to })
}

const templates = { revoke: 'revoked', suspend: 'suspended', reinstate: 'reinstated' } as const

/** Of an erasure was told too. */
async function erasedTimes(tx: Reader, id: Uint8Array): Promise<number> {
  const erased = await tx.selectFrom('erased').select('erasure').where('credential_id', '=', id).executeTakeFirst()
  return erased === undefined ? 0 : 1
}

async function read(db: Reader, id: Uint8Array): Promise<readonly Status.Decision[]> {
  const suspensions = await db
    .selectFrom('suspensions')
    .select(['suspended', 'reason', 'at'])
    .where('credential_id', '=', id)
    .orderBy('version')
    .execute()
  const revocations = await db
    .selectFrom('revocations')
    .select(['reason', 'at'])
    .where('credential_id', '=', id)
    .execute()
  // Nothing is decided any more after a revocation.
  return [
    ...suspensions.map(
      ({ suspended, ...row }) => ({ act: suspended === 1 ? 'suspend' : 'reinstate', ...row }) as const,
    ),
    ...revocations.map((row) => ({ act: 'revoke', ...row }) as const),
  ]
}
