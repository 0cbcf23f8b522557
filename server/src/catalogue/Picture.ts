import { constants, crc32, deflateSync, inflateSync } from 'node:zlib'
import * as BakedPng from '@laurel/core/BakedPng'
import * as Bytes from '@laurel/core/Bytes'
import * as Cid from '@laurel/core/Cid'
import * as Errors from '@laurel/core/Errors'

/** What a picture may have: bytes as it comes, bytes once encoded (one block of IPFS), and pixels a side. */
const limits = { bytes: 1024 * 1024, encoded: 256 * 1024, side: 4096 } as const

/** PNG §11.2.2: how many samples a pixel has by colour type, and the depths that each may have. */
const colours: Readonly<Record<number, { readonly samples: number; readonly depths: readonly number[] }>> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
}

/** PNG §8.2: where the passes of an interlaced picture begin, and how far apart their pixels are. */
const passes = [
  { x: 0, y: 0, dx: 8, dy: 8 },
  { x: 4, y: 0, dx: 8, dy: 8 },
  { x: 0, y: 4, dx: 4, dy: 8 },
  { x: 2, y: 0, dx: 4, dy: 4 },
  { x: 0, y: 2, dx: 2, dy: 4 },
  { x: 1, y: 0, dx: 2, dy: 2 },
  { x: 0, y: 1, dx: 1, dy: 2 },
] as const

/** The chunks that make what is seen (PNG §5.6), in the order in which they may stand, each once at most. */
const kept: readonly string[] = ['cHRM', 'gAMA', 'sRGB', 'PLTE', 'tRNS']

/**
 * Encodes a PNG from hostile hands anew: the same pixels, and nothing else of it. Texts, times, profiles, what stands
 * behind the end and what hides in the compressed stream are gone.
 *
 * @param png at most 1 MiB, 4096 pixels a side
 * @returns at most 256 KiB
 * @throws {InvalidPictureError} IMAGE_INVALID
 */
export function reencode(png: Uint8Array): Uint8Array {
  if (png.length > limits.bytes) throw new InvalidPictureError('is larger than 1 MiB')
  const chunks = read(png)
  const header = chunks.find(({ type }) => type === 'IHDR')?.data as Uint8Array
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength)
  const [width, height] = [view.getUint32(0), view.getUint32(4)]
  const [depth, colour, compression, filter, interlace] = header.subarray(8) as unknown as number[]
  const format = colours[colour as number]
  if (width < 1 || height < 1 || width > limits.side || height > limits.side)
    throw new InvalidPictureError('has no pixels, or more than 4096 a side')
  if (!format?.depths.includes(depth as number) || compression !== 0 || filter !== 0 || (interlace as number) > 1)
    throw new InvalidPictureError('is of a kind that does not exist')
  if (colour === 3 && !chunks.some(({ type }) => type === 'PLTE')) throw new InvalidPictureError('has no palette')

  const rows = layout(width, height, format.samples * (depth as number), interlace === 1)
  const size = rows.reduce((sum, { length, count }) => sum + count * (length + 1), 0)
  const pixels = unpack(Bytes.concat(...chunks.filter(({ type }) => type === 'IDAT').map(({ data }) => data)), size)
  let at = 0
  for (const { length, count } of rows)
    for (let row = 0; row < count; row++, at += length + 1)
      if ((pixels[at] as number) > 4) throw new InvalidPictureError('has a row in a way that does not exist')
  const encoded = Bytes.concat(
    signature,
    write('IHDR', header),
    ...kept.flatMap((wanted) => chunks.filter(({ type }) => type === wanted).map(({ data }) => write(wanted, data))),
    write('IDAT', deflateSync(pixels, { level: constants.Z_BEST_COMPRESSION })),
    write('IEND', new Uint8Array(0)),
  )
  if (encoded.length > limits.encoded) throw new InvalidPictureError('takes more than 256 KiB; make it smaller')
  return encoded
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)

type Chunk = { readonly type: string; readonly data: Uint8Array }

/** The chunks of a whole PNG, those aside into which credentials were baked. */
function read(png: Uint8Array): readonly Chunk[] {
  let whole: Uint8Array
  try {
    const { before, after } = BakedPng.prepare(png)
    whole = Bytes.concat(before, after)
  } catch (cause) {
    if (cause instanceof Errors.BaseError) throw new InvalidPictureError('is not a whole PNG', cause)
    throw cause
  }
  const view = new DataView(whole.buffer, whole.byteOffset, whole.byteLength)
  const chunks: Chunk[] = []
  for (let at = signature.length; at < whole.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...whole.subarray(at + 4, at + 8))
    // Which one counts is not for readers to disagree on.
    if (kept.includes(type) && chunks.some((chunk) => chunk.type === type))
      throw new InvalidPictureError(`has ${type} twice`)
    chunks.push({ type, data: whole.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

/** How long the rows are, in bytes without the one that says how each is filtered, and how many there are. */
function layout(
  width: number,
  height: number,
  bits: number,
  interlaced: boolean,
): readonly { readonly length: number; readonly count: number }[] {
  const bytes = (pixels: number) => Math.ceil((pixels * bits) / 8)
  if (!interlaced) return [{ length: bytes(width), count: height }]
  return passes
    .map(({ x, y, dx, dy }) => ({ columns: Math.ceil((width - x) / dx), count: Math.ceil((height - y) / dy) }))
    .filter(({ columns, count }) => columns > 0 && count > 0)
    .map(({ columns, count }) => ({ length: bytes(columns), count }))
}

/** Unpacks to exactly as many bytes as the pixels are; a bomb is not unpacked any further. */
function unpack(packed: Uint8Array, size: number): Uint8Array {
  try {
    const pixels = inflateSync(packed, { maxOutputLength: size + 1 })
    if (pixels.length === size) return pixels
  } catch (cause) {
    throw new InvalidPictureError('has pixels that cannot be unpacked', cause)
  }
  throw new InvalidPictureError('has more or fewer pixels than it says')
}

function write(type: string, data: Uint8Array): Uint8Array {
  const body = Bytes.concat(Bytes.fromUtf8(type), data)
  return Bytes.concat(Bytes.fromUint(data.length, 4), body, Bytes.fromUint(crc32(body), 4))
}

/**
 * The name of an image that is brought along as a `data:` address, with its bytes encoded anew; any other as it is.
 *
 * @throws {InvalidPictureError} IMAGE_INVALID
 */
export function detach(id: string): { readonly id: string; readonly picture?: Uint8Array } {
  if (!/^data:/i.test(id)) return { id }
  const [, base64] = /^data:image\/png;base64,([A-Za-z0-9+/]+={0,2})$/.exec(id) ?? []
  if (base64 === undefined) throw new InvalidPictureError('is no PNG; an SVG can run scripts')
  const picture = reencode(Buffer.from(base64, 'base64'))
  return { id: `ipfs://${Cid.fromBytes(picture)}`, picture }
}

/** Thrown when a picture is not one that is shown to others. */
export class InvalidPictureError extends Errors.BaseError<'IMAGE_INVALID'> {
  override readonly name = 'Picture.InvalidPictureError'
  constructor(flaw: string, cause?: unknown) {
    super('IMAGE_INVALID', `This picture ${flaw}.`, { cause })
  }
}
