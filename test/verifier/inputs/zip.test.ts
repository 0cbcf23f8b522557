import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Zip from '@laurel/verifier/inputs/Zip'
import { expect } from 'chai'
import fc from 'fast-check'
import { type Zippable, zipSync } from 'fflate'

const text = Bytes.fromUtf8
const zip = (files: Zippable, options = {}) => zipSync(files, options)
const contents = (file: Uint8Array) => Zip.open(file).map(({ name, read }) => [name, new TextDecoder().decode(read())])

/** The code with which an archive is refused, or one of its files. */
function refusal(file: Uint8Array, limits?: Zip.Limits): string {
  try {
    for (const { read } of Zip.open(file, limits)) read()
  } catch (error) {
    if (error instanceof Errors.BaseError) return error.code
    throw error
  }
  return 'read'
}

/** An archive with a number of its headers exchanged: 16 bits, at an offset behind every such signature. */
function patched(file: Uint8Array, signature: number, offset: number, value: number, size: 2 | 4 = 2): Uint8Array {
  const changed = file.slice()
  const data = new DataView(changed.buffer)
  for (let at = 0; at + 4 <= changed.length; at++)
    if (data.getUint32(at, true) === signature)
      size === 2 ? data.setUint16(at + offset, value, true) : data.setUint32(at + offset, value, true)
  return changed
}

const central = 0x02014b50
const local = 0x04034b50
const plain = zip({ 'a.json': text('{"a":1}'), 'b/c.json': text('{}'.repeat(500)) })

describe('A ZIP file', () => {
  it('is read as it was packed, stored or deflated', () => {
    const expected = [
      ['a.json', '{"a":1}'],
      ['b/c.json', '{}'.repeat(500)],
    ]
    expect(contents(plain)).to.deep.equal(expected)
    expect(
      contents(zip({ 'a.json': text('{"a":1}'), 'b/c.json': text('{}'.repeat(500)) }, { level: 0 })),
    ).to.deep.equal(expected)
    expect(Zip.isZip(plain)).to.equal(true)
    expect(Zip.isZip(text('{"a":1}'.repeat(9)))).to.equal(false)
    expect(contents(zip({}))).to.deep.equal([])
  })

  it('is read as another program has packed it', function () {
    const folder = mkdtempSync(join(tmpdir(), 'laurel-zip-'))
    try {
      const path = join(folder, 'x.zip')
      const script =
        'import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED)\nz.writestr("d/", "")\nz.writestr("d/é.json", "{}" * 999)\nz.comment = b"PK\\x05\\x06"\nz.close()'
      try {
        execFileSync('python3', ['-c', script, path])
      } catch {
        console.log('      SKIPPED: this machine has no Python')
        this.skip()
      }
      expect(contents(readFileSync(path))).to.deep.equal([['d/é.json', '{}'.repeat(999)]])
      writeFileSync(path, plain)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  for (const name of ['../a.json', '/a.json', 'a/../../b.json', 'a\\b.json', 'C:a.json', 'a/./b.json', 'a\0.json'])
    it(`is refused with the name ${JSON.stringify(name)}`, () => {
      expect(refusal(zip({ [name]: text('{}') }))).to.equal('ZIP_INVALID')
    })

  for (const [what, file, code] of [
    ['that is cut off', plain.subarray(0, -1), 'ZIP_INVALID'],
    ['that something follows', Bytes.concat(plain, Uint8Array.of(0)), 'ZIP_INVALID'],
    ['that something precedes', Bytes.concat(Uint8Array.of(0), plain), 'ZIP_INVALID'],
    ['that is empty', new Uint8Array(), 'ZIP_INVALID'],
    ['that is encrypted', patched(plain, central, 8, 1), 'ZIP_INVALID'],
    ['that is packed in an unknown way', patched(plain, central, 10, 12), 'ZIP_INVALID'],
    ['that declares less than it has', patched(plain, central, 24, 5, 4), 'ZIP_LIMIT'],
    ['that declares more than it has', patched(plain, central, 24, 5_000, 4), 'ZIP_INVALID'],
    ['that declares gigabytes', patched(plain, central, 24, 0xfffffff0, 4), 'ZIP_LIMIT'],
    ['whose files lie in one another', patched(plain, central, 42, 0, 4), 'ZIP_INVALID'],
    ['whose file begins beyond the end', patched(plain, central, 42, 0x7fffffff, 4), 'ZIP_INVALID'],
    ['whose headers name different files', patched(plain, local, 30, 0x7a7a), 'ZIP_INVALID'],
  ] as const)
    it(`is refused ${what}`, () => expect(refusal(file)).to.equal(code))

  it('does not unpack more than is allowed, whatever it declares', () => {
    const limits = { entries: 2, entryBytes: 1_000, bytes: 1_500 }
    expect(refusal(plain, limits)).to.equal('read')
    expect(refusal(plain, { ...limits, entryBytes: 999 })).to.equal('ZIP_LIMIT')
    expect(refusal(plain, { ...limits, bytes: 1_000 })).to.equal('ZIP_LIMIT')
    expect(refusal(plain, { ...limits, entries: 1 })).to.equal('ZIP_LIMIT')
    // Thirty megabytes in thirty kilobytes, declared as one byte: it stops at a megabyte of them at the latest.
    const bomb = patched(zip({ 'a.json': new Uint8Array(30_000_000) }, { level: 9 }), central, 24, 1, 4)
    const before = process.memoryUsage().arrayBuffers
    expect(refusal(bomb)).to.equal('ZIP_LIMIT')
    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(8_000_000)
  })

  it('is read, or refused with a code, whatever is changed in it', () => {
    fc.assert(
      fc.property(fc.nat(plain.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
        const changed = plain.slice()
        changed[at] = (changed[at] as number) ^ mask
        expect(refusal(changed)).to.be.oneOf(['read', 'ZIP_INVALID', 'ZIP_LIMIT'])
      }),
      { numRuns: 500 },
    )
  })
})
