import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CarReader } from '@ipld/car'

/**
 * How the node behaves: as Kubo does, or as one that names another root, keeps blocks of no bytes, forgets what it has
 * acknowledged, never answers, breaks off with an `X-Stream-Error` trailer, has no space left, or stands behind a proxy
 * that is down.
 */
export type Mode = 'honest' | 'other-cid' | 'zero-block' | 'forgets' | 'hangs' | 'trailer' | 'full' | 'bad-gateway'

export type KuboStub = {
  readonly url: string
  mode: Mode
  readonly blocks: Map<string, Uint8Array>
  readonly pins: Set<string>
  readonly requests: string[]
  readonly stop: () => Promise<void>
}

const otherCid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'

/**
 * The part of Kubo's RPC (version 0) that Laurel uses, after its published reference: `dag/import` (multipart, answers in
 * NDJSON), `pin/ls` and `block/get`; errors are a 500 with `{Message, Code, Type}`.
 */
export async function start(): Promise<KuboStub> {
  const blocks = new Map<string, Uint8Array>()
  const pins = new Set<string>()
  const requests: string[] = []
  const stub = { mode: 'honest' as Mode, blocks, pins, requests }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://stub')
    requests.push(`${request.method} ${request.url}`)
    if (request.method !== 'POST') return response.writeHead(405).end()
    if (stub.mode === 'hangs') return request.resume()
    if (stub.mode === 'bad-gateway') return request.resume().on('end', () => response.writeHead(502).end('Bad Gateway'))
    const cid = searchParams.get('arg') ?? ''
    if (pathname === '/api/v0/dag/import') return importArchive(request, response, searchParams)
    if (pathname === '/api/v0/pin/ls') {
      if (!pins.has(cid)) return fail(response, `path '/ipfs/${cid}' is not pinned`)
      return answer(response, [{ Cid: cid, Type: searchParams.get('type') }])
    }
    if (pathname === '/api/v0/block/get') {
      const bytes = blocks.get(cid)
      if (bytes === undefined) {
        // Without offline Kubo asks the whole network, and does not come back.
        if (searchParams.get('offline') !== 'true') return
        return fail(response, `block was not found locally (offline): ipld: could not find ${cid}`)
      }
      response.writeHead(200, { 'content-type': 'application/octet-stream', trailer: 'X-Stream-Error' })
      if (stub.mode === 'trailer') {
        response.write(bytes.subarray(0, bytes.length >> 1))
        response.addTrailers({ 'X-Stream-Error': 'read failed' })
        return response.end()
      }
      return response.end(bytes)
    }
    return response.writeHead(404).end('404 page not found')
  })

  const importArchive = async (request: IncomingMessage, response: ServerResponse, parameters: URLSearchParams) => {
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    if (stub.mode === 'full') return fail(response, 'write /data/ipfs/blocks/put-1: no space left on device')
    const type = request.headers['content-type'] ?? ''
    const form = await new Response(Buffer.concat(chunks), { headers: { 'content-type': type } }).formData()
    const [file] = [...form.values()]
    if (!(file instanceof File)) return fail(response, 'file argument is required', 400)
    const archive = await CarReader.fromBytes(new Uint8Array(await file.arrayBuffer()))
    const roots = (await archive.getRoots()).map(String)
    if (stub.mode === 'trailer') {
      response.writeHead(200, { 'content-type': 'application/json', trailer: 'X-Stream-Error' })
      response.flushHeaders()
      response.addTrailers({ 'X-Stream-Error': 'unexpected EOF' })
      return response.end()
    }
    if (stub.mode !== 'forgets') {
      for await (const { cid, bytes } of archive.blocks())
        blocks.set(cid.toString(), stub.mode === 'zero-block' ? new Uint8Array() : bytes)
      if (parameters.get('pin-roots') === 'true') for (const root of roots) pins.add(root)
    }
    const named = stub.mode === 'other-cid' ? [otherCid] : roots
    return answer(
      response,
      named.map((cid) => ({ Root: { Cid: { '/': cid }, PinErrorMsg: '' } })),
    )
  }

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

function answer(response: ServerResponse, lines: readonly object[]): void {
  response.writeHead(200, { 'content-type': 'application/json', trailer: 'X-Stream-Error' })
  response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}

function fail(response: ServerResponse, message: string, status = 500): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ Message: message, Code: 0, Type: 'error' }))
}
