import { expect } from 'chai'
import fc from 'fast-check'
import * as Multipart from '../../../server/src/http/Multipart.ts'

/** Bytes in pieces of these lengths, over and over. */
async function* pieces(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1
    yield bytes.subarray(at, at + length)
    at += length
  }
}

async function readAll(bytes: Uint8Array, boundary: string, lengths: readonly number[]) {
  const found: [string, string][] = []
  for await (const part of Multipart.read(pieces(bytes, lengths), boundary))
    found.push([part.name, Buffer.from(await Multipart.bytes(part, 1 << 20)).toString('base64')])
  return found
}

const crlf = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'))
const refusal = (text: string, lengths = [7]) =>
  readAll(crlf(text), 'b', lengths).then(
    () => 'nothing',
    ({ code }: { code: string }) => code,
  )
const part = (name: string, body = 'x') => `--b\nContent-Disposition: form-data; name="${name}"\n\n${body}\n`

describe('A form', () => {
  it('is read as fetch writes it, in whatever pieces it comes', async () => {
    const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => /^[^\p{C}"%\\]+$/u.test(text))
    // Pieces of a boundary, and what stands around it, are what a body is mistaken for.
    const body = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...['\r\n', '--', '\r\n--', '\r\n------']))
    const fields = fc.uniqueArray(fc.tuple(name, body), { maxLength: 5, selector: ([name]) => name })
    await fc.assert(
      fc.asyncProperty(fields, fc.array(fc.integer({ min: 1, max: 80 }), { minLength: 1 }), async (fields, lengths) => {
        const form = new FormData()
        for (const [name, body] of fields) form.append(name, new Blob([body as BlobPart]), 'a"b\u0000.csv')
        const request = new Request('http://127.0.0.1/', { method: 'POST', body: form })
        const boundary = Multipart.boundaryOf(request.headers.get('content-type') ?? '')
        const bytes = new Uint8Array(await request.arrayBuffer())
        const expected = fields.map(([name, body]) => [name, Buffer.from(body as Uint8Array).toString('base64')])
        expect(await readAll(bytes, boundary, lengths)).to.deep.equal(expected)
      }),
    )
  })

  it('goes on behind what nobody has taken', async () => {
    const names: string[] = []
    const bytes = crlf(`${part('a', 'left\nalone')}${part('b', 'broken off')}${part('c')}--b--\n`)
    for await (const { name, body } of Multipart.read(pieces(bytes, [5]), 'b')) {
      names.push(name)
      if (name === 'b') for await (const _ of body) break
    }
    expect(names).to.deep.equal(['a', 'b', 'c'])
  })

  it('holds no more of a file than has come at once', async () => {
    const chunk = Buffer.alloc(64 * 1024, '\r\n--')
    let sent = 0
    async function* large() {
      yield crlf('--b\nContent-Disposition: form-data; name="file"\n\n')
      for (; sent < 1_000; sent++) yield chunk
      yield crlf('\n--b--')
    }
    let taken = 0
    for await (const { body } of Multipart.read(large(), 'b'))
      for await (const piece of body) {
        taken += piece.length
        expect(sent * chunk.length - taken).to.be.below(3 * chunk.length)
      }
    expect(taken).to.equal(1_000 * chunk.length)
  })

  for (const [title, text] of [
    ['that is empty', ''],
    ['that begins with something else', `preamble\n${part('a')}--b--`],
    ['that is cut in a part', '--b\nContent-Disposition: form-data; name="a"\n\nx'],
    ['that is cut before its end', part('a')],
    ['with something behind its end', `${part('a')}--b--\n--b`],
    ['with something behind a boundary', '--b x\nContent-Disposition: form-data; name="a"\n\nx\n--b--'],
    ['with a part without a name', `${part('')}--b--`],
    ['with a part without headers', '--b\n\nx\n--b--'],
    ['with a name that is not quoted', '--b\nContent-Disposition: form-data; name=a\n\nx\n--b--'],
    ['with a name only in that of its file', '--b\nContent-Disposition: form-data; filename="; name=\\"a"\n\nx\n--b--'],
    ['with a part of something else', '--b\nContent-Disposition: attachment; name="a"\n\nx\n--b--'],
    ['with a part twice', `${part('a')}${part('a')}--b--`],
    [
      'with a header twice',
      '--b\nContent-Disposition: form-data; name="a"\nContent-Disposition: form-data; name="b"\n\nx\n--b--',
    ],
    ['with a long header', `--b\nX: ${'x'.repeat(9_000)}\n\nx\n--b--`],
    ['with headers without an end', `--b\n${'X: x\n'.repeat(10_000)}`],
    [
      'with a part that is packed',
      '--b\nContent-Disposition: form-data; name="a"\nContent-Transfer-Encoding: base64\n\nx\n--b--',
    ],
  ] as const)
    it(`is refused ${title}`, async () => {
      for (const lengths of [[1], [7], [1 << 20]]) expect(await refusal(text, lengths)).to.equal('MULTIPART_INVALID')
    })

  it('has no more parts than it may have', async () => {
    const parts = Array.from({ length: 21 }, (_, n) => part(`a${n}`))
    expect(await refusal(`${parts.slice(1).join('')}--b--`)).to.equal('nothing')
    expect(await refusal(`${parts.join('')}--b--`)).to.equal('MULTIPART_TOO_MANY_PARTS')
  })

  it('has texts that are texts, and no longer than they may be', async () => {
    const read = async (body: Uint8Array) => {
      const bytes = Buffer.concat([crlf('--b\nContent-Disposition: form-data; name="a"\n\n'), body, crlf('\n--b--')])
      for await (const part of Multipart.read(pieces(bytes, [1 << 16]), 'b')) return Multipart.text(part)
      return undefined
    }
    expect(await read(Buffer.from('Žofie'))).to.equal('Žofie')
    for (const body of [Buffer.from([0xff]), Buffer.alloc(64 * 1024 + 1, 'x')])
      expect(await read(body).catch(({ code }) => code)).to.equal('MULTIPART_INVALID')
  })

  it('has a boundary that is one', () => {
    expect(Multipart.boundaryOf('multipart/form-data; boundary=Ab-1')).to.equal('Ab-1')
    expect(Multipart.boundaryOf('Multipart/Form-Data; charset=utf-8; boundary="a b:c"')).to.equal('a b:c')
    for (const type of [
      '',
      '; boundary=',
      '; boundary="',
      '; boundary="a\u00e4"',
      `; boundary=${'x'.repeat(71)}`,
      '; boundary="a "',
    ])
      expect(() => Multipart.boundaryOf(`multipart/form-data${type}`), type).to.throw()
  })
})
