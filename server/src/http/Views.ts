import * as Bytes from '@laurel/core/Bytes'
import * as Sha256 from '@laurel/core/Sha256'
import type { z } from 'zod'
import type * as ApiKey from '../access/ApiKey.ts'
import * as Batch from '../Batch.ts'
import type { Looked } from '../pipeline/1-intake.ts'
import type * as CatalogueStore from '../ports/CatalogueStore.ts'
import type * as schemas from './schemas.ts'

/** What goes out is built member by member: nothing that is kept slips out because somebody has added it. */
type View<schema extends z.ZodType> = z.output<schema>

export function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}

export function key(key: ApiKey.Stored): View<typeof schemas.Key> {
  return {
    id: key.id,
    name: key.name,
    scopes: [...key.scopes],
    createdAt: time(key.createdAt),
    expiresAt: key.expiresAt === null ? null : time(key.expiresAt),
    revokedAt: key.revokedAt === null ? null : time(key.revokedAt),
  }
}

export function achievement(version: CatalogueStore.Version): View<typeof schemas.Achievement> {
  return {
    name: version.name,
    version: version.version,
    digest: version.digest,
    metadataDigest: Bytes.toHex(Sha256.digest(Bytes.fromUtf8(version.metadata))),
    createdAt: time(version.createdAt),
    definition: version.definition,
  }
}

/** Whether the chain has the root for good. While a reorganisation is mended, it has not. */
function isAnchored(batch: Batch.Batch): boolean {
  return ['final', 'assembled', 'delivered'].includes(Batch.stage(batch))
}

export function batch(batch: Batch.Batch, looked?: Pick<Looked, 'formulas'>): View<typeof schemas.BatchView> {
  const { terms, anchoring, anchor } = batch
  return {
    id: batch.id,
    title: batch.title,
    state: Batch.told(batch),
    reason: batch.reason,
    size: batch.size,
    createdAt: time(batch.createdAt),
    achievement: named(batch.achievement),
    collection: terms.collection?.address ?? null,
    ...(looked === undefined ? {} : { warnings: warnings(looked) }),
    anchor:
      anchoring === null || anchor === null || !isAnchored(batch)
        ? null
        : {
            chainId: terms.chainId,
            registry: terms.registry,
            account: terms.account,
            root: anchoring.root,
            transactionHash: anchor.transactionHash,
            block: anchor.block,
            time: time(anchor.time * 1_000),
          },
  }
}

export function named({ definition }: Batch.Achievement): { readonly id: string; readonly name: string } {
  return { id: definition.id as string, name: definition.name as string }
}

export function warnings({ formulas }: Pick<Looked, 'formulas'>): { code: string; row: number; column: string }[] {
  return formulas.map(({ row, column }) => ({ code: 'CSV_FORMULA_LIKE', row, column }))
}
