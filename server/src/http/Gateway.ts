import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import * as BakedPng from '@laurel/core/BakedPng'
import * as Car from '@laurel/core/Car'
import type { Request, RequestHandler, Response } from 'express'
import { CID } from 'multiformats/cid'
import type { ContentStore } from '../ports/ContentStore.ts'
import * as Problem from './Problem.ts'

const types = { raw: 'application/vnd.ipld.raw', car: 'application/vnd.ipld.car' } as const

/**
 * Serves public content by its identifier: the file, or what a stranger checks without trusting us: one block
 * (`?format=raw`), or an archive of the block and all below it (`?format=car`, the first alone with `dag-scope=block`),
 * as IPFS' Trustless Gateway Specification has it. `Accept` may ask for the same. What has an identifier never changes.
 */
export function create(content: ContentStore): RequestHandler<{ cid: string }> {
  return async (request, response) => {
    const { cid } = request.params
    response.vary('Accept')
    const format = formatOf(request)
    if (format === undefined) {
      Problem.send(response, 'REQUEST_INVALID', 'Content is served as it is, as raw or as car.')
      return
    }
    const bytes = format === 'file' ? await content.read(cid) : await content.get(cid)
    if (bytes === undefined) {
      Problem.send(response, 'CONTENT_UNKNOWN', 'There is nothing under this identifier here.')
      return
    }
    response.set({
      'Cache-Control': 'public, max-age=31536000, immutable',
      // Whatever somebody has made public here runs nothing in a browser and reads nothing of this origin.
      'Content-Security-Policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    })
    if (format === 'file') {
      response.set('ETag', `"${cid}"`).type(typeOf(bytes)).send(Buffer.from(bytes))
    } else if (format === 'raw') {
      response.set({ ETag: `"${cid}.raw"`, 'Content-Disposition': `attachment; filename="${cid}.bin"` })
      response.type(types.raw).send(Buffer.from(bytes))
    } else {
      const isBlock = request.query['dag-scope'] === 'block'
      await sendArchive(
        request,
        response,
        isBlock ? one({ cid, bytes }) : content.blocks(cid),
        isBlock ? 'block' : 'all',
      )
    }
  }
}

async function sendArchive(
  request: Request<{ cid: string }>,
  response: Response,
  blocks: ReturnType<ContentStore['blocks']>,
  scope: 'block' | 'all',
): Promise<void> {
  const { cid } = request.params
  response.set({
    ETag: `W/"${cid}.car.${scope}"`,
    'Content-Disposition': `attachment; filename="${cid}.car"`,
    'Content-Type': `${types.car}; version=1; order=dfs; dups=n`,
  })
  if (request.fresh) response.status(304).end()
  else if (request.method === 'HEAD') response.end()
  // A block that is missing in the midst breaks the connection: half an archive is no answer.
  else await pipeline(Readable.from(Car.write([CID.parse(cid).bytes], binary(blocks))), response).catch(() => {})
}

/** The parameter comes before the header (IPIP-523). */
function formatOf({ query, headers }: Request<{ cid: string }>): 'file' | 'raw' | 'car' | undefined {
  if (query.format === 'raw' || query.format === 'car') return query.format
  if (query.format !== undefined) return undefined
  if (headers.accept?.includes(types.raw)) return 'raw'
  return headers.accept?.includes(types.car) ? 'car' : 'file'
}

/** A page that shows an image, and `nosniff`, need the type; of all that is put here only these have one. */
function typeOf(bytes: Uint8Array): string {
  if (BakedPng.isPng(bytes)) return 'image/png'
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart()
  if (start.startsWith('{')) return 'application/json'
  if (/^(<\?xml[^>]*>\s*)?<svg[\s/>]/.test(start)) return 'image/svg+xml'
  return 'application/octet-stream'
}

async function* one<item>(item: item): AsyncGenerator<item> {
  yield item
}

async function* binary(blocks: ReturnType<ContentStore['blocks']>): AsyncGenerator<Car.Section> {
  for await (const { cid, bytes } of blocks) yield { cid: CID.parse(cid).bytes, bytes }
}
