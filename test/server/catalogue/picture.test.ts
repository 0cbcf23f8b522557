import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'
import { expect } from 'chai'
import extract from 'png-chunks-extract'
import * as Picture from '../../../server/src/catalogue/Picture.ts'
import { png } from '../http/png.ts'

const pixels = (file: Uint8Array) =>
  inflateSync(
    Buffer.concat(
      extract(file)
        .filter(({ name }) => name === 'IDAT')
        .map(({ data }) => data),
    ),
  )
const names = (file: Uint8Array) => extract(file).map(({ name }) => name)

describe('Picture', () => {
  it('keeps the pixels and what makes them, and nothing else', () => {
    const odd = [
      ['PLTE', Buffer.from('ff0000', 'hex')],
      ['tRNS', Buffer.from('80', 'hex')],
      ['eXIf', Buffer.from('where it was taken')],
      ['zTXt', Buffer.from('Comment\0\0packed')],
    ] as const
    const picture = png(3, 2, { colour: 3, chunks: odd, text: 'who took it' })
    const encoded = Picture.reencode(picture)
    expect(names(encoded)).to.deep.equal(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])
    expect(pixels(encoded).equals(pixels(picture))).to.equal(true)
    expect(Buffer.from(Picture.reencode(encoded)).equals(encoded)).to.equal(true)
  })

  it('takes every kind of pixel there is, interlaced or not', () => {
    const rows: Readonly<Record<number, readonly number[]>> = {
      0: [1, 2, 4, 8, 16],
      2: [8, 16],
      4: [8, 16],
      6: [8, 16],
    }
    const samples: Readonly<Record<number, number>> = { 0: 1, 2: 3, 4: 2, 6: 4 }
    for (const [colour, depths] of Object.entries(rows)) {
      for (const depth of depths) {
        const length = 1 + Math.ceil((5 * depth * (samples[Number(colour)] ?? 0)) / 8)
        const plain = png(5, 5, { colour: Number(colour), depth, pixels: Buffer.alloc(5 * length) })
        expect(names(Picture.reencode(plain))).to.deep.equal(['IHDR', 'IDAT', 'IEND'])
      }
    }
    // Five by five in eight bits of grey: the passes have 1, 1, 2, 2, 3, 6 and 10 pixels, in 1, 1, 1, 2, 1, 3 and 2 rows.
    const interlaced = png(5, 5, { interlace: 1, pixels: Buffer.alloc(25 + 11) })
    expect(names(Picture.reencode(interlaced))).to.include('IDAT')
  })

  it('takes the badge that comes with the server', () => {
    const badge = readFileSync(new URL('../../../server/assets/badge.png', import.meta.url))
    expect(pixels(Picture.reencode(badge)).equals(pixels(badge))).to.equal(true)
  })

  for (const [title, file] of [
    ['no PNG', Buffer.from('<svg/>')],
    ['one that is cut', png(8, 8).subarray(0, 50)],
    ['one with something behind its end', Buffer.concat([png(8, 8), Buffer.from('<script>')])],
    ['one that is larger than it says', png(8, 8, { pixels: Buffer.alloc(9 * 8 + 1) })],
    ['one that is smaller than it says', png(8, 8, { pixels: Buffer.alloc(9 * 8 - 1) })],
    ['a bomb', png(8, 8, { pixels: Buffer.alloc(1 << 26) })],
    ['one with more pixels a side than may be', png(4_097, 1)],
    ['one without pixels', png(0, 1, { pixels: Buffer.alloc(0) })],
    ['one with a depth that does not exist', png(8, 8, { depth: 3 })],
    ['one with a row in a way that does not exist', png(8, 8, { pixels: Buffer.alloc(9 * 8, 5) })],
    ['one with a palette that is missing', png(8, 8, { colour: 3 })],
    [
      'one with two palettes',
      png(8, 8, {
        chunks: [
          ['PLTE', Buffer.alloc(3)],
          ['PLTE', Buffer.alloc(3)],
        ],
      }),
    ],
    ['one of more than a mebibyte', png(8, 8, { chunks: [['teSt', Buffer.alloc(1024 * 1024)]] })],
  ] as const)
    it(`refuses ${title}`, () => {
      expect(() => Picture.reencode(file)).to.throw(Picture.InvalidPictureError)
    })
})
