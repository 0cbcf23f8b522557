import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import * as Json from '@laurel/core/Json'
import * as Problem from './Problem.ts'

/** How long a body may take: some time at first, and then as long as it comes at this pace. */
export type Patience = { readonly milliseconds: number; readonly bytesPerSecond: number }

/** What a client sends at the least: a telephone's line from the nineties. */
export const patience: Patience = { milliseconds: 30_000, bytesPerSecond: 4 * 1024 }

/**
 * JSON as it comes from hostile hands: levels of nesting, and values. Ten thousand people with all that a roster says of
 * them are half as many; all the millions that fit into the bytes would keep everybody else waiting for seconds.
 */
const limits = { depth: 64, values: 600_000 } as const

/**
 * The media type of a body, of those that are taken.
 *
 * @throws {Problem.RefusedError} CONTENT_TYPE, also for a charset or an encoding that is not read
 */
export function mediaOf<media extends string>(request: IncomingMessage, taken: readonly media[]): media {
  const [type = '', ...parameters] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
  const media = taken.find((each) => each === type.trim())
  const charset = parameters.map((text) => text.trim()).filter((text) => text.startsWith('charset='))
  if (media === undefined || charset.some((text) => !/^charset="?utf-8"?$/.test(text)))
    throw new Problem.RefusedError('CONTENT_TYPE', `Send ${taken.join(' or ')} in UTF-8.`)
  encodingOf(request)
  return media
}

function encodingOf(request: IncomingMessage): 'identity' | 'gzip' {
  const encoding = (request.headers['content-encoding'] ?? 'identity').trim().toLowerCase()
  if (encoding === 'identity' || encoding === 'gzip') return encoding
  throw new Problem.RefusedError('CONTENT_TYPE', 'A body is sent as it is, or in gzip.')
}

/**
 * The bytes of a body, unpacked, as they come. Hostile: `limit` counts what comes out of a packed one.
 *
 * @throws {Problem.RefusedError} PAYLOAD_TOO_LARGE; REQUEST_TIMEOUT; REQUEST_INVALID when it is cut, or no gzip
 */
export async function* read(request: IncomingMessage, limit: number, pace: Patience): AsyncGenerator<Uint8Array> {
  const isPacked = encodingOf(request) === 'gzip'
  if (!isPacked && Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge(limit)
  const before = request.socket.bytesRead
  const stream = isPacked ? request.pipe(createGunzip()) : request
  // An unpacker hears nothing of a request that is cut.
  request.once('close', () => {
    if (!request.complete) stream.destroy(new Error('cut'))
  })
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const began = performance.now()
  const isSlow = () => {
    const received = request.socket.bytesRead - before
    return performance.now() - began > pace.milliseconds + (received / pace.bytesPerSecond) * 1_000
  }
  let length = 0
  try {
    for (;;) {
      const { value, done } = await inTime(chunks.next(), isSlow, pace)
      if (done) return
      length += value.length
      if (length > limit) throw tooLarge(limit)
      yield value
    }
  } catch (cause) {
    if (cause instanceof Problem.RefusedError) throw cause
    throw new Problem.RefusedError('REQUEST_INVALID', 'This body is cut, or not in the encoding that it says.', {
      cause,
    })
  } finally {
    request.unpipe()
  }
}

/** Waits for what comes next, and looks now and then whether it comes fast enough. */
async function inTime<result>(next: Promise<result>, isSlow: () => boolean, pace: Patience): Promise<result> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setInterval(
      () => {
        if (isSlow()) reject(new Problem.RefusedError('REQUEST_TIMEOUT', 'This body comes too slowly.'))
      },
      Math.min(1_000, pace.milliseconds / 4),
    )
  })
  try {
    return await Promise.race([next, late])
  } finally {
    clearInterval(timer)
    // Whoever is left waiting for a stream that ends badly has nobody to tell.
    next.catch(() => {})
  }
}

/**
 * A body that is JSON, read strictly: see `core/Json`.
 *
 * @throws {Problem.RefusedError} what {@link read} throws, and the code of what kept it from being read
 */
export async function json(request: IncomingMessage, limit: number, pace: Patience): Promise<Json.Value> {
  return parse(await bytes(request, limit, pace), limit)
}

/** The same of bytes that are there: a part of a form. */
export function parse(text: Uint8Array, limit: number): Json.Value {
  return Json.parse(text, { ...limits, bytes: limit })
}

/**
 * A body that is taken as it is, whole.
 *
 * @throws {Problem.RefusedError} what {@link read} throws
 */
export async function bytes(request: IncomingMessage, limit: number, pace: Patience): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of read(request, limit, pace)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

function tooLarge(limit: number): Problem.RefusedError {
  const size = limit >= 1024 * 1024 ? `${limit / 1024 / 1024} MiB` : `${limit / 1024} KiB`
  return new Problem.RefusedError('PAYLOAD_TOO_LARGE', `This body is larger than ${size}.`)
}
