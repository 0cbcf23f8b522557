import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import { crc32 } from './internal/Crc32.ts'

type Chunk = { readonly type: string; readonly data: Uint8Array; readonly start: number; readonly end: number }

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const keyword = 'openbadgecredential'
const maximumBytes = 16 * 1024 * 1024
const maximumChunks = 4096

/**
 * Bakes a credential into a PNG as Open Badges 3.0 §5.3.1 has it: one uncompressed `iTXt` chunk, put before `IEND`;
 * one that is there already is replaced. The pixels are not touched.
 *
 * @param credential the JSON text, or a compact JWS
 * @throws {InvalidPngError} PNG_INVALID
 */
export function bake(png: Uint8Array, credential: string): Uint8Array {
  const chunks = readChunks(png)
  const kept = chunks.filter((chunk) => !isCredential(chunk)).map((chunk) => png.subarray(chunk.start, chunk.end))
  const end = kept.pop() ?? new Uint8Array(0)
  return Bytes.concat(signature, ...kept, writeChunk('iTXt', textData(credential)), end)
}

/**
 * The text of the credential in a baked PNG from anybody.
 *
 * @throws {InvalidPngError} PNG_INVALID when the file is not a whole PNG
 * @throws {NotBakedError} BAKED_MISSING
 * @throws {BakedTwiceError} BAKED_TWICE
 * @throws {ChunkError} BAKED_INVALID when the chunk is compressed, or not UTF-8
 */
export function extract(png: Uint8Array): string {
  const [chunk, second] = readChunks(png).filter(isCredential)
  if (chunk === undefined) throw new NotBakedError()
  if (second !== undefined) throw new BakedTwiceError()
  return readText(chunk.data)
}

/** Whether a file starts like a PNG. */
export function isPng(file: Uint8Array): boolean {
  return Bytes.equals(file.subarray(0, signature.length), signature)
}

function readChunks(png: Uint8Array): readonly Chunk[] {
  if (!isPng(png) || png.length > maximumBytes) throw new InvalidPngError()
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength)
  const chunks: Chunk[] = []
  let at = signature.length
  while (chunks.at(-1)?.type !== 'IEND') {
    if (at + 12 > png.length || chunks.length === maximumChunks) throw new InvalidPngError()
    const end = at + 12 + view.getUint32(at)
    if (end > png.length) throw new InvalidPngError()
    const type = new TextDecoder('latin1').decode(png.subarray(at + 4, at + 8))
    if (view.getUint32(end - 4) !== crc32(png.subarray(at + 4, end - 4))) throw new InvalidPngError()
    chunks.push({ type, data: png.subarray(at + 8, end - 4), start: at, end })
    at = end
  }
  if (at !== png.length || chunks[0]?.type !== 'IHDR') throw new InvalidPngError()
  return chunks
}

function writeChunk(type: string, data: Uint8Array): Uint8Array {
  const body = Bytes.concat(Bytes.fromUtf8(type), data)
  return Bytes.concat(Bytes.fromUint(data.length, 4), body, Bytes.fromUint(crc32(body), 4))
}

// Keyword, NUL, no compression (two zeros), no language and no translated keyword (a NUL each), text.
function textData(text: string): Uint8Array {
  return Bytes.concat(Bytes.fromUtf8(keyword), new Uint8Array(5), Bytes.fromUtf8(text))
}

function isCredential({ type, data }: Chunk): boolean {
  const head = Bytes.concat(Bytes.fromUtf8(keyword), new Uint8Array(1))
  return type === 'iTXt' && Bytes.equals(data.subarray(0, head.length), head)
}

function readText(data: Uint8Array): string {
  const flag = keyword.length + 1
  const language = data.indexOf(0, flag + 2)
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1)
  if (translated < 0 || data[flag] !== 0) throw new ChunkError()
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(data.subarray(translated + 1))
  } catch (cause) {
    throw new ChunkError(cause)
  }
}

/** Thrown when a file is not a whole PNG: a chunk is cut, its checksum is wrong, or something follows the end. */
export class InvalidPngError extends Errors.BaseError<'PNG_INVALID'> {
  override readonly name = 'BakedPng.InvalidPngError'
  constructor() {
    super('PNG_INVALID', 'This is not a whole PNG image.')
  }
}

/** Thrown when a PNG holds no credential. */
export class NotBakedError extends Errors.BaseError<'BAKED_MISSING'> {
  override readonly name = 'BakedPng.NotBakedError'
  constructor() {
    super('BAKED_MISSING', 'There is no credential in this image.')
  }
}

/** Thrown when a PNG holds two credentials: readers would disagree on which counts. */
export class BakedTwiceError extends Errors.BaseError<'BAKED_TWICE'> {
  override readonly name = 'BakedPng.BakedTwiceError'
  constructor() {
    super('BAKED_TWICE', 'There is more than one credential in this image.')
  }
}

/** Thrown when the credential's chunk is compressed, cut, or not UTF-8. */
export class ChunkError extends Errors.BaseError<'BAKED_INVALID'> {
  override readonly name = 'BakedPng.ChunkError'
  constructor(cause?: unknown) {
    super('BAKED_INVALID', 'The credential in this image cannot be read.', { cause })
  }
}
