import type * as Bytes from '@laurel/core/Bytes'
import type { CollectionStore } from '../../ports/CollectionStore.ts'
import type { Database } from './Database.ts'

/** The issuer's collection on each chain. */
export function collections({ db }: Pick<Database, 'db'>): CollectionStore {
  const find: CollectionStore['find'] = async (chainId) => {
    const row = await db.selectFrom('collections').selectAll().where('chain_id', '=', chainId).executeTakeFirst()
    if (row === undefined) return undefined
    return {
      address: row.address as Bytes.Hex,
      issuerId: row.issuer_id as Bytes.Hex,
      metadataDigest: row.metadata_digest as Bytes.Hex,
      name: row.name,
      symbol: row.symbol,
      metadata: row.metadata,
    }
  }
  return {
    find,
    found: async (chainId, collection, now) => {
      await db
        .insertInto('collections')
        .values({
          chain_id: chainId,
          issuer_id: collection.issuerId,
          address: collection.address,
          metadata: collection.metadata,
          metadata_digest: collection.metadataDigest,
          name: collection.name,
          symbol: collection.symbol,
          created_at: now,
        })
        .onConflict((on) => on.doNothing())
        .execute()
      return (await find(chainId)) ?? collection
    },
  }
}
