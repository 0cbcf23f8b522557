import * as BakedPng from '@laurel/core/BakedPng'
import type * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'

/** The image of an achievement, where it is a PNG that is kept here; ours otherwise. Nothing is fetched. */
export async function imageOf(
  { definition }: Batch.Achievement,
  { content, badge }: Pick<Context, 'content' | 'badge'>,
): Promise<Uint8Array> {
  const { id } = (definition.image ?? {}) as { readonly id?: unknown }
  const [, cid] = /^ipfs:\/\/([a-z2-7]+)$/.exec(String(id)) ?? []
  if (cid === undefined) return badge
  const bytes = await content.get(cid).catch(() => undefined)
  return bytes !== undefined && BakedPng.isPng(bytes) ? bytes : badge
}
