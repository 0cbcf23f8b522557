import type { Readers } from '../Readers.ts'

type Part = Partial<Readers>

/**
 * One set of readers from several, the nearest first: content and DID documents come from the first that has them, status
 * lists from all.
 */
export function combine(anchor: Readers['anchor'], ...parts: readonly Part[]): Readers {
  return {
    anchor,
    content: async (digest) => {
      for (const { content } of parts) {
        const bytes = await content?.(digest)
        if (bytes !== undefined) return bytes
      }
      return undefined
    },
    did: async (did) => {
      for (const part of parts) {
        const document = await part.did?.(did)
        if (document !== undefined) return document
      }
      return undefined
    },
    statusLists: async (url) =>
      (await Promise.all(parts.map(async ({ statusLists }) => (await statusLists?.(url)) ?? []))).flat(),
  }
}
