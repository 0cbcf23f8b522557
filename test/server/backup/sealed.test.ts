import { randomBytes } from 'node:crypto'
import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import * as fc from 'fast-check'
import * as Archive from '../../../server/src/adapters/backup/Archive.ts'
import * as Sealed from '../../../server/src/adapters/backup/Sealed.ts'

const passphrase = 'a passphrase that nobody guesses'

async function* each<item>(items: Iterable<item>): AsyncGenerator<item> {
  yield* items
}
async function all(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of source) chunks.push(chunk)
  return Bytes.concat(...chunks)
}
const seal = (plain: Uint8Array) => all(Sealed.seal(each([plain]), passphrase))
const open = (sealed: Uint8Array, by = passphrase) => all(Sealed.open(each([sealed]), by))
const code = (opening: Promise<unknown>) =>
  opening.then(
    () => 'OPENED',
    (error: { readonly code?: string }) => error.code,
  )

describe('A sealed file', function () {
  this.timeout(60_000)
  const piece = 64 * 1024

  it('is what was sealed, whatever its length and however it comes', async () => {
    for (const length of [0, 1, piece - 1, piece, piece + 1, 2 * piece, 2 * piece + 1, 3 * piece + 12_345]) {
      const plain = new Uint8Array(randomBytes(length))
      const sealed = await seal(plain)
      expect(Bytes.equals(await open(sealed), plain), String(length)).to.equal(true)
      const parts = Array.from({ length: Math.ceil(sealed.length / 1_000) }, (_, i) =>
        sealed.subarray(i * 1_000, (i + 1) * 1_000),
      )
      expect(Bytes.equals(await all(Sealed.open(each(parts), passphrase)), plain), String(length)).to.equal(true)
    }
  })

  it('opens by its passphrase alone', async () => {
    const sealed = await seal(Bytes.fromUtf8('secret'))
    expect(await code(open(sealed, `${passphrase} `))).to.equal('BACKUP_PASSPHRASE')
    expect(Buffer.from(sealed).includes('secret')).to.equal(false)
    expect(Buffer.from(sealed).equals(Buffer.from(await seal(Bytes.fromUtf8('secret'))))).to.equal(false)
  })

  it('does not open when a piece is missing at its end, in its midst, or comes twice or in another order', async () => {
    const sealed = await seal(new Uint8Array(randomBytes(3 * piece)))
    const start = sealed.indexOf(0x0a) + 1
    const header = sealed.subarray(0, start)
    const at = (i: number) => sealed.subarray(start + i * (piece + 16), start + (i + 1) * (piece + 16))
    expect(await code(open(Bytes.concat(header, at(0), at(1), at(2))))).to.equal('OPENED')
    for (const [name, pieces] of [
      ['cut at a piece', [at(0), at(1)]],
      ['cut in a piece', [at(0), at(1), at(2).subarray(0, 100)]],
      ['without the first', [at(1), at(2)]],
      ['without the second', [at(0), at(2)]],
      ['in another order', [at(0), at(2), at(1)]],
      ['with one twice', [at(0), at(1), at(1), at(2)]],
      ['with more behind it', [at(0), at(1), at(2), at(2)]],
      ['with nothing', []],
    ] as const)
      expect(await code(open(Bytes.concat(header, ...pieces))), name).to.match(/^BACKUP_(DAMAGED|PASSPHRASE)$/)
  })

  it('does not open when a bit of it is another', async () => {
    const sealed = await seal(new Uint8Array(randomBytes(100)))
    const at = fc.nat({ max: sealed.length - 1 })
    await fc.assert(
      fc.asyncProperty(at, fc.nat({ max: 7 }), async (place, bit) => {
        const changed = Uint8Array.from(sealed)
        changed[place] = (changed[place] ?? 0) ^ (1 << bit)
        expect(await code(open(changed))).to.not.equal('OPENED')
      }),
      { numRuns: 12 },
    )
  })

  it('is told from what is none, from a later version, and from one that asks for all memory', async () => {
    const sealed = await seal(Bytes.fromUtf8('x'))
    const start = sealed.indexOf(0x0a)
    const header = JSON.parse(new TextDecoder().decode(sealed.subarray(0, start)))
    const with_ = (more: object) =>
      Bytes.concat(Bytes.fromUtf8(JSON.stringify({ ...header, ...more })), sealed.subarray(start))
    for (const [bytes, expected] of [
      [Bytes.fromUtf8('no backup'), 'BACKUP_FORMAT'],
      [new Uint8Array(100_000), 'BACKUP_FORMAT'],
      [new Uint8Array(0), 'BACKUP_FORMAT'],
      [with_({ type: 'LaurelKey' }), 'BACKUP_FORMAT'],
      [with_({ version: 2 }), 'BACKUP_VERSION'],
      [with_({ kdf: { ...header.kdf, n: 2 ** 40 } }), 'BACKUP_FORMAT'],
      [with_({ kdf: { ...header.kdf, p: 8 } }), 'BACKUP_PASSPHRASE'],
    ] as const)
      expect(await code(open(bytes)), expected).to.equal(expected)
  })
})

describe('An archive', () => {
  const entry = (path: string, ...parts: readonly string[]): Archive.Entry => ({
    path,
    bytes: each(parts.map((part) => Bytes.fromUtf8(part))),
  })
  const read = async (bytes: Uint8Array) => {
    const found: [string, string][] = []
    for await (const { path, bytes: body } of Archive.read(each([bytes])))
      found.push([path, new TextDecoder().decode(await all(body))])
    return found
  }

  it('has the entries that were put in, in their order', async () => {
    const bytes = await all(
      Archive.write(each([entry('a', 'one', '', 'two'), entry('b/.c/d-e_f.json'), entry('z', 'z')])),
    )
    expect(await read(bytes)).to.deep.equal([
      ['a', 'onetwo'],
      ['b/.c/d-e_f.json', ''],
      ['z', 'z'],
    ])
  })

  it('leads nowhere but down', async () => {
    for (const path of ['../a', 'a/../b', '/etc/passwd', 'a//b', './a', 'a/', 'a\\b', 'C:a', 'a\u0000b', 'ä'])
      expect(await code(all(Archive.write(each([entry(path, 'x')]))).then(read)), path).to.equal('BACKUP_DAMAGED')
  })

  it('is not read as whole when it is not', async () => {
    const bytes = await all(Archive.write(each([entry('a', 'one'), entry('b', 'two')])))
    for (let length = 0; length < bytes.length; length++)
      expect(await code(read(bytes.subarray(0, length))), String(length)).to.equal('BACKUP_DAMAGED')
    expect(await code(read(Bytes.concat(bytes, new Uint8Array(1))))).to.equal('BACKUP_DAMAGED')
  })
})
