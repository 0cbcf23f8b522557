import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** One request that a receiver has heard, as it came. */
export type Heard = {
  readonly path: string
  readonly id: string
  readonly timestamp: number
  readonly headers: Headers
  readonly body: string
}

/** A server on this machine to which webhooks lead. */
export type Receiver = {
  /** Its address; whatever is appended is a path of its own. */
  readonly url: string
  /** All that it has heard, the oldest first. */
  readonly heard: readonly Heard[]
  readonly stop: () => Promise<void>
}

/** Starts a receiver, which answers 200 unless it is told how. */
export async function start(
  answer: (heard: Heard, response: ServerResponse) => void = (_, response) => response.end(),
): Promise<Receiver> {
  const heard: Heard[] = []
  const server = createServer(async (request, response) => {
    const one = await read(request)
    heard.push(one)
    answer(one, response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function read(request: IncomingMessage): Promise<Heard> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const headers = new Headers(request.headers as Record<string, string>)
  return {
    path: request.url ?? '',
    id: headers.get('webhook-id') ?? '',
    timestamp: Number(headers.get('webhook-timestamp')),
    headers,
    body: Buffer.concat(chunks).toString(),
  }
}
