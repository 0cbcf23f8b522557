import type { Readers } from '../Readers.ts'

/** What asks a chain. */
type Chain = Pick<Readers, 'anchor' | 'words' | 'history' | 'transaction'>

type Part = Partial<Omit<Readers, keyof Chain>>

/**
 * One set of readers from several, the nearest first: content, DID documents and resources come from the first that has
 * them, status lists from all. Federations, and what an address or a refresh service gives out itself, are asked by the first
 * that can.
 *
 * @param chain what asks the chain
 */
export function combine({ anchor, words, history, transaction }: Chain, ...parts: readonly Part[]): Readers {
  const [trustChains] = parts.flatMap((part) => part.trustChains ?? [])
  const [hosted] = parts.flatMap((part) => part.hosted ?? [])
  const resources = parts.flatMap(({ resource }) => resource ?? [])
  const [refreshed] = parts.flatMap((part) => part.refreshed ?? [])
  return {
    anchor,
    ...(words && { words }),
    ...(history && { history }),
    ...(transaction && { transaction }),
    content: nearest(parts.flatMap(({ content }) => content ?? [])),
    did: nearest(parts.flatMap(({ did }) => did ?? [])),
    ...(trustChains && { trustChains }),
    ...(hosted && { hosted }),
    ...(refreshed && { refreshed }),
    ...(resources.length > 0 && { resource: nearest(resources) }),
    statusLists: async (url) =>
      (await Promise.all(parts.map(async ({ statusLists }) => (await statusLists?.(url)) ?? []))).flat(),
  }
}

function nearest<asked, found>(readers: readonly ((asked: asked) => Promise<found | undefined>)[]) {
  return async (asked: asked): Promise<found | undefined> => {
    for (const read of readers) {
      const found = await read(asked)
      if (found !== undefined) return found
    }
    return undefined
  }
}
