import * as Bytes from '@laurel/core/Bytes'

/**
 * The parts in which the body of an answer comes, of so many bytes together at most. Not every browser lets a stream be
 * iterated.
 *
 * @throws {TypeError} when more comes, of which nothing is read
 */
export async function* parts(body: ReadableStream<Uint8Array>, maximumBytes: number): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    size += value.length
    if (size > maximumBytes) {
      await reader.cancel()
      throw new TypeError('The answer is too long')
    }
    yield value
  }
}

/**
 * All of a body.
 *
 * @throws {TypeError} when it is longer than so many bytes
 */
export async function read(body: ReadableStream<Uint8Array>, maximumBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const part of parts(body, maximumBytes)) chunks.push(part)
  return Bytes.concat(...chunks)
}
