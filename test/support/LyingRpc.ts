/** What an endpoint makes of an answer of the chain's. */
export type Lie = (truth: unknown, params: readonly unknown[]) => unknown

type Call = { readonly id: number; readonly method: string; readonly params: readonly unknown[] }

/**
 * A way to reach a chain on which several endpoints stand before the same node, each with lies of its own by method; what it
 * does not lie about it passes on. `asked` counts the requests.
 *
 * @param lies by the URL under which an endpoint is reached; none of them is ever asked for on the network
 */
export function before(
  node: string,
  lies: Readonly<Record<string, Readonly<Record<string, Lie>>>>,
): { readonly fetch: typeof fetch; readonly asked: () => number } {
  let asked = 0
  return {
    asked: () => asked,
    fetch: async (input, init) => {
      asked++
      const own = lies[String(input)]
      if (own === undefined) return fetch(input, init)
      const calls: readonly Call[] = JSON.parse(String(init?.body))
      const answers: readonly { readonly id: number; readonly result?: unknown }[] = await (
        await fetch(node, init)
      ).json()
      const given = calls.map(({ id, method, params }) => {
        const truth = answers.find((answer) => answer.id === id)?.result
        return { jsonrpc: '2.0', id, result: own[method]?.(truth, params) ?? (method in own ? undefined : truth) }
      })
      return new Response(JSON.stringify(given))
    },
  }
}
