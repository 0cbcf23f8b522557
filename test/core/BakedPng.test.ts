import { readFileSync } from 'node:fs'
import { crc32, deflateSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import extractChunks from 'png-chunks-extract'
import * as BakedPng from '../../core/src/BakedPng.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import { anyText, failure } from './support.ts'

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const keyword = 'openbadgecredential'

/** A chunk, its checksum by node. */
function chunk(type: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const body = Bytes.concat(latin1(type), data)
  return Bytes.concat(Bytes.fromUint(data.length, 4), body, Bytes.fromUint(crc32(body), 4))
}

const header = chunk('IHDR', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0))
const pixels = chunk('IDAT', new Uint8Array(deflateSync(Uint8Array.of(0, 0))))
const end = chunk('IEND')
const png = (...extra: readonly Uint8Array[]) => Bytes.concat(signature, header, ...extra, pixels, end)
const text = (content: Uint8Array | string, flags = '\0\0\0\0\0') =>
  chunk(
    'iTXt',
    Bytes.concat(latin1(`${keyword}${flags}`), typeof content === 'string' ? Bytes.fromUtf8(content) : content),
  )

describe('BakedPng', () => {
  it('extracts what it baked, and leaves everything else as it was', () => {
    fc.assert(
      fc.property(anyText, (credential) => {
        const baked = BakedPng.bake(png(), credential)
        expect(BakedPng.extract(baked)).to.deep.equal({ standard: 'Open Badges 3.0', text: credential })
        expect(Buffer.from(baked).equals(Bytes.concat(signature, header, pixels, text(credential), end))).to.equal(true)
      }),
    )
  })

  it('keeps a byte order mark, so that the reader of the JSON sees and refuses it', () => {
    expect(BakedPng.extract(BakedPng.bake(png(), '\ufeff{}')).text).to.equal('\ufeff{}')
  })

  it('replaces whatever credential is there already', () => {
    const twice = BakedPng.bake(BakedPng.bake(png(), '{"a":1}'), '{"b":2}')
    expect(twice).to.deep.equal(BakedPng.bake(png(), '{"b":2}'))
    const older = [
      chunk('iTXt', latin1('openbadges\0\0\0\0\0{}')),
      chunk('tEXt', latin1('openbadges\0https://a.example')),
    ]
    expect(BakedPng.bake(png(text('x'), text('y'), ...older), 'z')).to.deep.equal(BakedPng.bake(png(), 'z'))
  })

  it('bakes many times into an image that was checked once, whatever becomes of its bytes', () => {
    const image = png(chunk('tEXt', latin1('Author\0A')))
    const prepared = BakedPng.prepare(image)
    const expected = ['{"a":1}', '{"b":2}', 'a.b.c'].map((credential) => BakedPng.bake(image, credential))
    image.fill(0)
    for (const [i, credential] of ['{"a":1}', '{"b":2}', 'a.b.c'].entries()) {
      expect(BakedPng.bake(prepared, credential)).to.deep.equal(expected[i])
      expect(Bytes.concat(...BakedPng.parts(prepared, credential))).to.deep.equal(expected[i])
    }
  })

  it('bakes what png-chunks-extract reads: the same chunks, and the credential before the end', () => {
    const image = new Uint8Array(readFileSync(new URL('../../server/assets/badge.png', import.meta.url)))
    const judged = extractChunks(BakedPng.bake(image, '{"name":"Žofie 🎓"}'))
    const before = extractChunks(image)
    const [credential] = judged.splice(-2, 1)
    expect(judged).to.deep.equal(before)
    expect(credential?.name).to.equal('iTXt')
    expect(Buffer.from(credential?.data ?? []).toString()).to.equal(`${keyword}\0\0\0\0\0{"name":"Žofie 🎓"}`)
  })

  it('tells what was baked by the rules of version 2 of the standard', () => {
    const assertion = Bytes.concat(latin1('openbadges\0\0\0\0\0'), Bytes.fromUtf8('{"name":"é"}'))
    const address = latin1('openbadges\0https://a.example/1')
    const older = { standard: 'Open Badges 2.0' }
    expect(BakedPng.extract(png(chunk('iTXt', assertion)))).to.deep.equal({ ...older, text: '{"name":"é"}' })
    expect(BakedPng.extract(png(chunk('tEXt', address)))).to.deep.equal({ ...older, text: 'https://a.example/1' })
    expect(failure(() => BakedPng.extract(png(chunk('tEXt', address), chunk('iTXt', assertion)))).code).to.equal(
      'BAKED_TWICE',
    )
    // An issuer may serve readers of both versions.
    expect(BakedPng.extract(png(chunk('tEXt', address), text('{}')))).to.deep.equal({
      standard: 'Open Badges 3.0',
      text: '{}',
    })
  })

  it('reads a chunk with a language and a translated keyword, before the pixels too', () => {
    expect(BakedPng.extract(png(text('{"é":1}', '\0\0\0de\0Urkunde\0'))).text).to.equal('{"é":1}')
    expect(BakedPng.extract(png(text(''))).text).to.equal('')
  })

  it('reads a file that is a part of a larger buffer', () => {
    const baked = BakedPng.bake(png(), 'x')
    const larger = Bytes.concat(new Uint8Array(7), baked, new Uint8Array(9))
    expect(BakedPng.extract(larger.subarray(7, 7 + baked.length)).text).to.equal('x')
  })

  it('tells a PNG by its first eight bytes', () => {
    expect(BakedPng.isPng(png())).to.equal(true)
    for (const file of [new Uint8Array(0), signature.slice(0, 7), latin1('GIF89a..'), latin1('{"a":1}')])
      expect(BakedPng.isPng(file)).to.equal(false)
  })

  it('finds no credential in other chunks, and never unpacks them', () => {
    const bomb = deflateSync(new Uint8Array(2 ** 24))
    for (const other of [
      png(),
      png(chunk('tEXt', latin1(`${keyword}\0x`))),
      png(chunk('zTXt', Bytes.concat(latin1('Comment\0\0'), bomb))),
      png(chunk('iTXt', latin1(`${keyword}2\0\0\0\0\0x`))),
      png(chunk('iTXt', latin1(`OpenBadgeCredential\0\0\0\0\0x`))),
      png(chunk('iTXt', latin1(`${'k'.repeat(79)}\0\0\0\0\0x`))),
      png(chunk('tEXt', latin1(`constructor\0x`))),
    ]) {
      const error = failure(() => BakedPng.extract(other))
      expect(error).to.include({ code: 'BAKED_MISSING', name: 'Baked.MissingError' })
    }
  })

  it('refuses two credentials, equal ones too', () => {
    for (const second of ['{"a":1}', '{"a":2}']) {
      const error = failure(() => BakedPng.extract(png(text('{"a":1}'), text(second))))
      expect(error).to.include({ code: 'BAKED_TWICE', name: 'Baked.TwiceError' })
    }
  })

  const unreadable: Readonly<Record<string, Uint8Array>> = {
    compressed: text(new Uint8Array(deflateSync(Buffer.from('{}'))), '\0\x01\0\0\0'),
    'a compressed bomb': text(new Uint8Array(deflateSync(new Uint8Array(2 ** 26))), '\0\x01\0\0\0'),
    'marked by an unknown flag': text('{}', '\0\x02\0\0\0'),
    'cut after its keyword': text('', '\0'),
    'cut after its flags': text('', '\0\0\0'),
    'cut after its language': text('', '\0\0\0de\0Urkunde'),
    'not UTF-8': text(Uint8Array.of(0x7b, 0xff, 0x7d)),
    'in Latin-1': text(latin1('{"é":1}')),
  }
  for (const [what, credential] of Object.entries(unreadable))
    it(`refuses a credential that is ${what}`, () => {
      const error = failure(() => BakedPng.extract(png(credential)))
      expect(error).to.include({ code: 'BAKED_INVALID', name: 'Baked.ContentError' })
    })

  const baked = BakedPng.bake(png(), '{"a":1}')
  const withBit = (at: number) => baked.map((byte, i) => (i === at ? byte ^ 1 : byte))
  const broken: Readonly<Record<string, Uint8Array>> = {
    nothing: new Uint8Array(0),
    'a JPEG': Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 0x10),
    JSON: latin1('{"a":1}'),
    'a signature alone': signature,
    'no end': Bytes.concat(signature, header, pixels),
    'no header': Bytes.concat(signature, pixels, end),
    'an end at once': Bytes.concat(signature, end),
    'a header that is not first': Bytes.concat(signature, pixels, header, end),
    'a ZIP behind the end': Bytes.concat(baked, latin1('PK\x03\x04')),
    'a byte behind the end': Bytes.concat(baked, Uint8Array.of(0)),
    'a chunk behind the end': Bytes.concat(baked, text('{"b":2}')),
    'a byte missing': baked.slice(0, -1),
    'a wrong checksum of the credential': withBit(baked.length - end.length - 1),
    'a letter of the credential changed': withBit(baked.length - end.length - 6),
    'a wrong checksum of the end': withBit(baked.length - 1),
    'line ends converted': Bytes.concat(signature.slice(0, 4), Uint8Array.of(0x0a, 0x1a, 0x0a), baked.slice(8)),
    'a chunk of four gigabytes': Bytes.concat(signature, header, Bytes.fromUint(2 ** 32 - 1, 4), latin1('iTXt'), end),
    'thousands of empty chunks': Bytes.concat(
      signature,
      header,
      ...Array.from({ length: 5000 }, () => chunk('tEXt')),
      end,
    ),
    'no pixels': Bytes.concat(signature, header, end),
    'two headers': png(header),
    'a header that is cut': Bytes.concat(signature, chunk('IHDR', new Uint8Array(12)), pixels, end),
    'an end with something in it': Bytes.concat(signature, header, pixels, chunk('IEND', latin1('x'))),
    'a chunk whose type is no word': png(chunk('tE\0t', latin1('a\0'))),
    'a text without a keyword': png(chunk('iTXt', latin1('\0\0\0\0\0x'))),
    'a text whose keyword does not end': png(chunk('iTXt', latin1(keyword))),
    'a text whose keyword is too long': png(chunk('tEXt', latin1(`${'k'.repeat(80)}\0x`))),
    'a text of nothing': png(chunk('iTXt')),
    'more than 16 MiB': png(chunk('tEXt', new Uint8Array(16 * 1024 * 1024))),
  }
  for (const [what, file] of Object.entries(broken))
    it(`refuses a file with ${what}`, () => {
      const expected = { code: 'PNG_INVALID', name: 'BakedPng.InvalidPngError' }
      expect(failure(() => BakedPng.extract(file))).to.include(expected)
      expect(failure(() => BakedPng.bake(file, '{}'))).to.include(expected)
    })

  it('refuses every cut of a file', () => {
    for (let length = 0; length < baked.length; length++)
      expect(failure(() => BakedPng.extract(baked.slice(0, length))).code).to.equal('PNG_INVALID')
  })

  it('sees every bit that is changed anywhere in a file', () => {
    fc.assert(
      fc.property(fc.nat(baked.length * 8 - 1), (bit) => {
        const copy = baked.slice()
        copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
        expect(failure(() => BakedPng.extract(copy)).code).to.equal('PNG_INVALID')
      }),
    )
  })
})
