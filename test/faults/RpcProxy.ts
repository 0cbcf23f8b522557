import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One question that is asked through the proxy. */
export type Call = {
  readonly id: unknown
  readonly method: string
  readonly params: readonly unknown[]
  /** Which one it is of all, from 0, since the proxy was started or the count was reset. */
  readonly index: number
}

/**
 * What goes wrong with a call.
 *
 * `drop-before`: the connection breaks, and the node never heard. `drop-after`: the node did it, and nobody hears of it.
 * `twice`: the node is asked twice, and the second answer is handed on. The others do not ask the node at all, but for
 * `cut`, `wrong-id` and an edited answer.
 */
export type Fault =
  | 'drop-before'
  | 'drop-after'
  | 'twice'
  | 'error'
  | 'busy'
  | 'null'
  | 'empty'
  | 'html'
  | 'cut'
  | 'wrong-id'
  | 'endless'
  | { readonly edit: (result: unknown) => unknown }

/** Every fault that says nothing wrong: what is asked again is answered well. */
export const faults = [
  'drop-before',
  'drop-after',
  'twice',
  'error',
  'busy',
  'null',
  'empty',
  'html',
  'cut',
  'wrong-id',
] as const satisfies readonly Fault[]

export type RpcProxy = {
  readonly url: string
  /** Decides what goes wrong with each call from now on, and counts them from 0 again. */
  readonly plan: (fault: (call: Call) => Fault | undefined) => void
  /** What was asked since the plan was made. */
  readonly calls: () => readonly Call[]
  /** Hands everything on to another node from now on. */
  readonly redirect: (url: string) => void
  readonly stop: () => Promise<void>
}

/** Starts a proxy before a JSON-RPC that breaks what it is told to break. */
export async function start(url: string): Promise<RpcProxy> {
  let upstream = url
  let fault: (call: Call) => Fault | undefined = () => undefined
  let calls: Call[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const { id, method, params = [] } = JSON.parse(body)
    const call: Call = { id, method, params, index: calls.length }
    calls.push(call)
    const forward = async () => {
      const headers = { 'content-type': 'application/json' }
      return (await fetch(upstream, { method: 'POST', headers, body })).text()
    }
    await answer(call, fault(call), forward, response).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan: (next) => {
      fault = next
      calls = []
    },
    calls: () => calls,
    redirect: (next) => {
      upstream = next
    },
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function answer(
  { id }: Call,
  fault: Fault | undefined,
  forward: () => Promise<string>,
  response: ServerResponse,
): Promise<void> {
  const json = (value: object) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ jsonrpc: '2.0', id, ...value }))
  switch (fault) {
    case undefined:
      return void response.setHeader('content-type', 'application/json').end(await forward())
    case 'drop-before':
      return void response.destroy()
    case 'drop-after':
      await forward()
      return void response.destroy()
    case 'twice':
      await forward()
      return void response.setHeader('content-type', 'application/json').end(await forward())
    case 'error':
      return void json({ error: { code: -32000, message: 'the backend has no answer' } })
    case 'busy':
      response.statusCode = 502
      return void response.end('Bad Gateway')
    case 'null':
      return void json({ result: null })
    case 'empty':
      return void json({ result: '0x' })
    case 'html':
      return void response.setHeader('content-type', 'text/html').end('<html><body>Please log in</body></html>')
    case 'cut': {
      const text = await forward()
      return void response.setHeader('content-type', 'application/json').end(text.slice(0, text.length / 2))
    }
    case 'wrong-id':
      return void response.end(JSON.stringify({ ...JSON.parse(await forward()), id: 'another' }))
    case 'endless':
      // As much as would take up the memory of whoever reads it to the end.
      while (!response.destroyed) {
        if (!response.write('0'.repeat(1 << 20))) await Promise.race([once(response, 'drain'), once(response, 'close')])
      }
      return
    default: {
      const { result, ...rest } = JSON.parse(await forward())
      return void response.end(JSON.stringify({ ...rest, result: fault.edit(result) }))
    }
  }
}
