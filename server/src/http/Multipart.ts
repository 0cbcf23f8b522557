import * as Problem from './Problem.ts'

/** One field of a form, or one file. Its bytes come as they are taken; what is left of them is passed over. */
export type Part = { readonly name: string; readonly body: AsyncIterable<Uint8Array> }

/** How many parts a form has, what stands before each, and what a field that is no file has, in bytes, at most. */
const most = { parts: 20, head: 8 * 1024, field: 64 * 1024 } as const

const line = Buffer.from('\r\n')
const blank = Buffer.from('\r\n\r\n')

/**
 * The boundary of a body that is a form (RFC 2046 §5.1.1).
 *
 * @throws {Problem.RefusedError} MULTIPART_INVALID
 */
export function boundaryOf(contentType: string): string {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]*)"|([^\s;"]*))\s*(?:;|$)/i.exec(contentType) ?? []
  const boundary = quoted ?? bare ?? ''
  if (!/^[\w'()+,\-./:=? ]{0,69}[\w'()+,\-./:=?]$/.test(boundary)) throw invalid('The boundary of this form is none.')
  return boundary
}

/**
 * The parts of a form (RFC 7578), one after the other: never more than one is under way, and nothing of them is held but a
 * chunk. Hostile: names of files are not read at all, a name that comes twice is refused, and so is whatever a program that
 * sends forms does not send.
 *
 * @throws {Problem.RefusedError} MULTIPART_INVALID, MULTIPART_TOO_MANY_PARTS, and what the bytes throw as they come
 */
export async function* read(bytes: AsyncIterable<Uint8Array>, boundary: string): AsyncGenerator<Part> {
  const source = bytes[Symbol.asyncIterator]()
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  // The first delimiter has no line before it.
  let held: Buffer = line
  const more = async () => {
    const { value, done } = await source.next()
    if (done === true) throw invalid('This form is cut.')
    held = Buffer.concat([held, value])
  }
  const need = async (length: number) => {
    while (held.length < length) await more()
  }
  const take = (length: number) => {
    const taken = held.subarray(0, length)
    held = held.subarray(length)
    return taken
  }
  let isUnderWay = false
  async function* body(): AsyncGenerator<Uint8Array> {
    while (isUnderWay) {
      const at = held.indexOf(delimiter)
      if (at > 0) yield take(at)
      if (at >= 0) {
        take(delimiter.length)
        isUnderWay = false
        return
      }
      // The end of what is here may be the beginning of a delimiter.
      if (held.length >= delimiter.length) yield take(held.length - delimiter.length + 1)
      await more()
    }
  }
  try {
    await need(delimiter.length)
    if (!take(delimiter.length).equals(delimiter)) throw invalid('This form does not begin with its boundary.')
    const names = new Set<string>()
    for (;;) {
      await need(2)
      const after = take(2)
      if (after.toString('latin1') === '--') break
      if (!after.equals(line)) throw invalid('Behind a boundary of this form stands something else than a line’s end.')
      let end = held.indexOf(blank)
      while (end < 0 && held.length <= most.head) {
        await more()
        end = held.indexOf(blank)
      }
      if (end < 0 || end > most.head) throw invalid('What stands before a part of this form is too long.')
      const name = nameOf(take(end).toString('utf8'))
      take(blank.length)
      if (names.has(name)) throw invalid('This form has a part twice.')
      if (names.size === most.parts)
        throw new Problem.RefusedError('MULTIPART_TOO_MANY_PARTS', `A form has at most ${most.parts} parts.`)
      names.add(name)
      isUnderWay = true
      yield { name, body: body() }
      // What nobody has taken.
      for await (const _ of body());
    }
    while (held.length <= line.length) {
      const { value, done } = await source.next()
      if (done === true) break
      held = Buffer.concat([held, value])
    }
    if (held.length > 0 && !held.equals(line)) throw invalid('Behind the end of this form stands something.')
  } finally {
    await source.return?.()
  }
}

/**
 * A part that is a text.
 *
 * @throws {Problem.RefusedError} MULTIPART_INVALID when it is too long, or no UTF-8
 */
export async function text({ body }: Part): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await bytes({ body }, most.field))
  } catch (cause) {
    if (cause instanceof Problem.RefusedError) throw cause
    throw invalid('A text in this form is not UTF-8.')
  }
}

/**
 * The bytes of a part, whole.
 *
 * @throws {Problem.RefusedError} MULTIPART_INVALID when they are more than `limit`
 */
export async function bytes({ body }: Pick<Part, 'body'>, limit: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.length
    if (length > limit) throw invalid('A part of this form is too long.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The name in the headers of a part. Only two headers mean anything (RFC 7578 §4.8), and one of them nothing here. */
function nameOf(head: string): string {
  const headers = new Map<string, string>()
  for (const header of head.split('\r\n')) {
    const [, name = '', value = ''] = /^([\w-]+):[ \t]*(.*?)[ \t]*$/.exec(header) ?? []
    if (name === '' || headers.has(name.toLowerCase()))
      throw invalid('What stands before a part of this form is no header.')
    headers.set(name.toLowerCase(), value)
  }
  const encoding = headers.get('content-transfer-encoding')
  if (encoding !== undefined && !/^(7bit|8bit|binary)$/i.test(encoding))
    throw invalid('The parts of a form are sent as they are.')
  const disposition = headers.get('content-disposition') ?? ''
  // A name is quoted, and has no quotation mark in it (WHATWG HTML, "multipart form data").
  const [, name = ''] =
    /^form-data;(?:.*;)?[ \t]*name="([^"\p{Cc}]{1,100})"/iu.exec(disposition.replaceAll(/filename\*?="[^"]*"/gi, '')) ??
    []
  if (name === '') throw invalid('A part of this form has no name.')
  return name
}

function invalid(detail: string): Problem.RefusedError {
  return new Problem.RefusedError('MULTIPART_INVALID', detail)
}
