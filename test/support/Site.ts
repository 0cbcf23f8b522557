import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'

/** What a site answers at a path; nothing is 404. */
export type Content = { readonly type: string; readonly body: string | Uint8Array }

export type Site = {
  readonly origin: string
  /** Every request so far. */
  readonly asked: readonly IncomingMessage[]
  readonly close: () => Promise<void>
}

/** A web site on this machine, with the same headers on everything. */
export async function start(
  find: (path: string) => Content | undefined,
  headers: Readonly<Record<string, string>> = {},
): Promise<Site> {
  const asked: IncomingMessage[] = []
  const server = createServer((request, response) => {
    asked.push(request)
    const found = find(request.url ?? '')
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    if (found === undefined) response.writeHead(404).end()
    else response.writeHead(200, { 'content-type': found.type }).end(found.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  return {
    origin: `http://127.0.0.1:${port}`,
    asked,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
