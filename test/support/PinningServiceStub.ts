import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/**
 * How the service behaves: by its specification, or as one that names another CID, says that it has failed, keeps blocks
 * of no bytes, forgets what it has acknowledged, never answers, answers with a page, is full, or is down.
 */
export type Mode =
  | 'honest'
  | 'slow'
  | 'other-cid'
  | 'failed'
  | 'zero-block'
  | 'forgets'
  | 'hangs'
  | 'html'
  | 'full'
  | 'down'

export type PinningServiceStub = {
  /** Of the service, and of a trustless gateway to what it has. */
  readonly url: string
  mode: Mode
  /** What the nodes have from which it fetches. */
  readonly elsewhere: Map<string, Uint8Array>
  readonly blocks: Map<string, Uint8Array>
  readonly pins: Map<string, { status: string; readonly origins: readonly string[] }>
  readonly stop: () => Promise<void>
}

export const token = 'a-token.of_ours~1'
const otherCid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

/** The part of the IPFS Pinning Service API 1.0 that Laurel uses, after its OpenAPI description, with a gateway beside it. */
export async function start(): Promise<PinningServiceStub> {
  const elsewhere = new Map<string, Uint8Array>()
  const blocks = new Map<string, Uint8Array>()
  const pins: PinningServiceStub['pins'] = new Map()
  const stub = { mode: 'honest' as Mode, elsewhere, blocks, pins }
  const describe = (cid: string, status: string) => ({
    requestid: `request-${cid}`,
    status,
    created: '2026-01-01T00:00:00Z',
    pin: { cid },
    delegates: [],
  })

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub')
    const body = await text(request)
    if (stub.mode === 'hangs') return
    if (stub.mode === 'down') return send(response, 503, {})
    if (stub.mode === 'html') return response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome')
    if (pathname.startsWith('/ipfs/')) {
      const bytes = blocks.get(pathname.slice('/ipfs/'.length))
      if (searchParams.get('format') !== 'raw' || bytes === undefined) return response.writeHead(404).end()
      return response.writeHead(200, { 'content-type': 'application/vnd.ipld.raw' }).end(bytes)
    }
    if (request.headers.authorization !== `Bearer ${token}`)
      return send(response, 401, { error: { reason: 'UNAUTHORIZED' } })
    if (pathname !== '/psa/pins') return send(response, 404, { error: { reason: 'NOT_FOUND' } })
    if (request.method === 'GET') {
      const states = (searchParams.get('status') ?? 'pinned').split(',')
      const cids = (searchParams.get('cid') ?? '').split(',')
      const results = [...pins]
        .filter(([cid, { status }]) => cids.includes(cid) && states.includes(status))
        .map(([cid, { status }]) => describe(cid, status))
      return send(response, 200, { count: results.length, results })
    }
    const { cid, origins } = JSON.parse(body)
    if (stub.mode === 'full') return send(response, 409, { error: { reason: 'INSUFFICIENT_FUNDS' } })
    if (stub.mode === 'other-cid') return send(response, 202, describe(otherCid, 'queued'))
    if (stub.mode === 'failed') return send(response, 202, describe(cid, 'failed'))
    if (stub.mode === 'slow') {
      pins.set(cid, { status: 'queued', origins })
      return send(response, 202, describe(cid, 'queued'))
    }
    pins.set(cid, { status: 'pinned', origins })
    if (stub.mode !== 'forgets')
      for (const [name, bytes] of elsewhere) blocks.set(name, stub.mode === 'zero-block' ? new Uint8Array() : bytes)
    return send(response, 202, describe(cid, 'pinned'))
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return Object.assign(stub, {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
