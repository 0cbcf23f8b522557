import type * as Bytes from '@laurel/core/Bytes'
import type { Selectable } from 'kysely'
import type { List, Planned, Recorded, Recorder, StatusHistoryStore } from '../../ports/StatusHistoryStore.ts'
import type { Database } from './Database.ts'
import { type Tables, toLists } from './Rows.ts'

/** Which lists were published, and which of their digests stand on a chain. */
export function statusHistories({ db, reader }: Pick<Database, 'db' | 'reader'>): StatusHistoryStore {
  const digests = ({ chainId, account }: Recorder) =>
    reader
      .selectFrom('status_digests')
      .innerJoin('status_publications', 'status_publications.seq', 'status_digests.publication')
      .innerJoin('status_lists', 'status_lists.number', 'status_digests.list')
      .select([
        'status_publications.seq',
        'status_publications.version',
        'status_publications.at',
        'status_publications.digest',
        'status_publications.cid',
        'status_digests.purpose',
        'status_digests.planned_at',
        'status_digests.transaction_hash',
        'status_digests.time',
        'status_lists.number',
        'status_lists.public_url',
      ])
      .where('chain_id', '=', chainId)
      .where('account', '=', account)
  const digestsOf = ({ number, purpose }: List, recorder: Recorder) =>
    digests(recorder).where('status_digests.list', '=', number).where('status_digests.purpose', '=', purpose)
  return {
    published: async ({ number, purpose }, moment) => {
      const row = await reader
        .selectFrom('status_publications')
        .select(['seq', 'version', 'at', 'digest', 'cid'])
        .where('list', '=', number)
        .where('purpose', '=', purpose)
        .where('at', '<=', moment)
        .orderBy('seq', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row && { ...row, digest: row.digest as Bytes.Hex }
    },
    last: async (list, recorder) => {
      const row = await digestsOf(list, recorder).orderBy('status_digests.seq', 'desc').limit(1).executeTakeFirst()
      return row && toDigest(row)
    },
    digests: async (list, recorder) =>
      (await digestsOf(list, recorder).orderBy('status_digests.seq').execute()).map(toDigest),
    plan: async ({ seq }, { number, purpose }, { chainId, account }, now) => {
      await db
        .insertInto('status_digests')
        .values({ chain_id: chainId, account, publication: seq, list: number, purpose, planned_at: now })
        .onConflict((on) => on.doNothing())
        .execute()
    },
    planned: async (recorder) =>
      (await digests(recorder).where('status_digests.time', 'is', null).orderBy('status_digests.seq').execute()).map(
        toDigest,
      ),
    settle: async ({ seq }, { chainId, account }, transactionHash, time) => {
      await db
        .updateTable('status_digests')
        .set({ transaction_hash: transactionHash, time })
        .where('chain_id', '=', chainId)
        .where('account', '=', account)
        .where('publication', '=', seq)
        .where('time', 'is', null)
        .execute()
    },
  }
}

type Row = Pick<Selectable<Tables['status_publications']>, 'seq' | 'version' | 'at' | 'digest' | 'cid'> &
  Pick<Selectable<Tables['status_digests']>, 'purpose' | 'planned_at' | 'transaction_hash' | 'time'> &
  Pick<Selectable<Tables['status_lists']>, 'number' | 'public_url'>

function toDigest({ public_url, planned_at, transaction_hash, time, ...row }: Row): Planned | Recorded {
  const { number, purpose } = row
  const planned: Planned = {
    ...row,
    digest: row.digest as Bytes.Hex,
    url: toLists({ number, public_url })[purpose],
    plannedAt: planned_at,
  }
  if (transaction_hash === null || time === null) return planned
  return { ...planned, transactionHash: transaction_hash as Bytes.Hex, time }
}
