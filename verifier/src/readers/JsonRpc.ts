import * as Body from './Body.ts'

export type Fetch = typeof globalThis.fetch

export type Call = readonly [method: string, params: readonly unknown[]]

/** How long an endpoint may take for one answer, in milliseconds, and how long the answer may be, in bytes. */
const timeout = 10_000
const maximumBytes = 8 * 1024 * 1024

/**
 * Asks an endpoint several things at once (JSON-RPC 2.0 §6). What it answers with an error is `undefined`: it may not
 * know the method, or not remember the block. Rejects when anything but a whole answer comes back.
 */
export async function batch(fetch: Fetch, url: string, calls: readonly Call[]): Promise<readonly unknown[]> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(calls.map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }))),
    signal: AbortSignal.timeout(timeout),
  })
  const answers: unknown = JSON.parse(await read(response))
  if (!Array.isArray(answers)) throw new TypeError('A batch is answered by a list')
  const byId = new Map(answers.map((answer) => [answer?.id, answer]))
  return calls.map((_, id) => {
    const answer = byId.get(id)
    if (answer === undefined) throw new TypeError('A call was not answered')
    return answer.error === undefined ? answer.result : undefined
  })
}

/** The number that `0x` and hexadecimal digits are, below 2²⁵⁶. */
export function quantity(value: unknown): bigint {
  if (typeof value !== 'string' || !/^0x[0-9a-fA-F]{1,64}$/.test(value)) throw new TypeError('This is not a quantity')
  return BigInt(value)
}

/** The last second that a calendar of four digits has, in seconds since 1970. What is dated later is made up. */
export const lastSecond = 253402300799

/** The time of a block, in seconds since 1970. */
export function time(value: unknown): number {
  const seconds = Number(quantity(value))
  if (seconds > lastSecond) throw new TypeError('This is not the time of a block')
  return seconds
}

async function read({ body }: Response): Promise<string> {
  if (body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  for await (const part of Body.parts(body, maximumBytes)) text += decoder.decode(part, { stream: true })
  return text + decoder.decode()
}
