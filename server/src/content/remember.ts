import type { Context } from '../Context.ts'
import type { ContentStore } from '../ports/ContentStore.ts'

/**
 * A content store that writes down what was put into it, so that it is wanted at every place that keeps public content.
 *
 * If we die between the two: whoever puts content puts it again when the step is repeated.
 */
export function remember(content: ContentStore, { pins, clock }: Pick<Context, 'pins' | 'clock'>): ContentStore {
  return {
    ...content,
    put: async (bytes) => {
      const cid = await content.put(bytes)
      await pins.add(cid, clock.now())
      return cid
    },
  }
}
