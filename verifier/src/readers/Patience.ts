import type { Fetch } from './JsonRpc.ts'

/** How long an address is left alone that has kept somebody waiting in vain, in milliseconds. */
const rest = 10_000

/**
 * A way to reach endpoints that waits for one that does not answer once, and not again for each of the hundreds of questions
 * of a run: for ten seconds whoever asks it hears at once that it is away. One that refuses is asked again, since it says so
 * at once.
 *
 * @param clock milliseconds since any moment
 */
export function create(fetch: Fetch, clock: () => number = () => performance.now()): Fetch {
  const resting = new Map<string, number>()
  return async (input, init) => {
    const address = String(input instanceof Request ? input.url : input)
    if ((resting.get(address) ?? Number.NEGATIVE_INFINITY) > clock()) throw new TypeError('It has not answered lately')
    try {
      const response = await fetch(input, init)
      resting.delete(address)
      return response
    } catch (error) {
      if (init?.signal?.aborted) resting.set(address, clock() + rest)
      throw error
    }
  }
}
