import type * as Bytes from '@laurel/core/Bytes'
import type * as CollectionStore from '../../ports/CollectionStore.ts'
import * as Location from './Location.ts'

/**
 * Opens the store of collections in a database, and brings its tables up to date.
 *
 * @param location see {@link Location.open}
 */
export async function open(location: string): Promise<CollectionStore.CollectionStore> {
  const { db, close } = await Location.open(location)
  const find: CollectionStore.CollectionStore['find'] = async (chainId) => {
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
    close,
  }
}
