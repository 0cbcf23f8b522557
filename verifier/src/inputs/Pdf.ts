import type * as Baked from '@laurel/core/Baked'
import * as Errors from '@laurel/core/Errors'
import { Unzlib } from 'fflate'

/** How many attached files are looked at, how long one may be, unpacked, and how far from its name its dictionary goes. */
const most = { files: 32, bytes: 16 * 1024 * 1024, dictionary: 4_096 } as const
/** How many packed bytes are unpacked before the limit is looked at: they become a thousand times as many at most. */
const chunk = 1_024

/** Whether a file says of itself that it is a PDF (ISO 32000-1 §7.5.2). */
export function isPdf(file: Uint8Array): boolean {
  return latin(file.subarray(0, 5)) === '%PDF-'
}

/**
 * The credential that is attached to a PDF from anybody (ISO 32000-1 §7.11.4), which is what a certificate stands for: what
 * is drawn on its page proves nothing. The attached file is found by its type wherever it stands, so that what a program has
 * added when it saved the certificate again is no matter. Encrypted files are not read.
 *
 * @throws {InvalidPdfError} PDF_WITHOUT_CREDENTIAL where none is attached that can be read, or more than one
 */
export function extract(file: Uint8Array): Baked.Content {
  const text = latin(file)
  const found: string[] = []
  let at = 0
  for (let count = 0; count < most.files; count++) {
    at = text.indexOf('/EmbeddedFile', at)
    if (at < 0) break
    const content = read(file, text, at)
    if (content !== undefined && /^\s*(?:\{|eyJ)/.test(content.slice(0, 64))) found.push(content)
    at += 1
  }
  const [content, second] = found
  if (content === undefined || second !== undefined) throw new InvalidPdfError()
  return { standard: 'Open Badges 3.0', text: content }
}

/** The text of the stream whose dictionary has its type at a place; nothing where there is none, or it is packed otherwise. */
function read(file: Uint8Array, text: string, at: number): string | undefined {
  // The plural is the name of the tree that lists the files.
  if (/^[A-Za-z]/.test(text.slice(at + '/EmbeddedFile'.length, at + '/EmbeddedFile'.length + 1))) return undefined
  const from = text.lastIndexOf('obj', at)
  const keyword = text.indexOf('stream', at)
  if (from < 0 || keyword < 0 || at - from > most.dictionary || keyword - at > most.dictionary) return undefined
  const dictionary = text.slice(from, keyword)
  const start = keyword + 'stream'.length + (text[keyword + 'stream'.length] === '\r' ? 2 : 1)
  const end = text.indexOf('endstream', start)
  if (end < 0) return undefined
  const [, length] = /\/Length\s+(\d{1,10})(?!\s+\d+\s+R)\b/.exec(dictionary) ?? []
  const packed = file.subarray(start, length === undefined ? end : Math.min(start + Number(length), file.length))
  if (!dictionary.includes('/Filter')) return utf8(packed)
  return /\/Filter\s*(?:\/FlateDecode\b|\[\s*\/FlateDecode\s*\])/.test(dictionary) ? unpack(packed) : undefined
}

function unpack(packed: Uint8Array): string | undefined {
  const parts: Uint8Array[] = []
  let length = 0
  const stream = new Unzlib((part) => {
    length += part.length
    if (length > most.bytes) throw new InvalidPdfError()
    parts.push(part)
  })
  try {
    for (let at = 0; at < packed.length; at += chunk)
      stream.push(packed.subarray(at, at + chunk), at + chunk >= packed.length)
  } catch {
    return undefined
  }
  const bytes = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return utf8(bytes)
}

function utf8(bytes: Uint8Array): string | undefined {
  if (bytes.length > most.bytes) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** Bytes as characters, one for each: what is looked for in it is ASCII. */
function latin(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return text
}

/** Thrown when no credential is attached to a PDF, or more than one: readers would disagree on which counts. */
export class InvalidPdfError extends Errors.BaseError<'PDF_WITHOUT_CREDENTIAL'> {
  override readonly name = 'Pdf.InvalidPdfError'
  constructor() {
    super('PDF_WITHOUT_CREDENTIAL', 'There is not one credential attached to this PDF that can be read.')
  }
}
