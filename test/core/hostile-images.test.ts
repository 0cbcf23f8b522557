import { crc32, deflateSync } from 'node:zlib'
import { expect } from 'chai'
import extractChunks from 'png-chunks-extract'
import * as BakedPng from '../../core/src/BakedPng.ts'
import * as BakedSvg from '../../core/src/BakedSvg.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import { failure, sharedJsonOf } from './support.ts'

type Entry = {
  readonly id: string
  readonly surface: string
  readonly description: string
  readonly input?: { readonly kind: string; readonly value: unknown }
}

const latin1 = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Bytes.concat(latin1(type), data)
  return Bytes.concat(Bytes.fromUint(data.length, 4), body, Bytes.fromUint(crc32(body), 4))
}

/** An image of one pixel with other chunks before the pixel. */
function pngWith(...extra: readonly Uint8Array[]): Uint8Array {
  return Bytes.concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0)),
    ...extra,
    chunk('IDAT', new Uint8Array(deflateSync(Uint8Array.of(0, 0)))),
    chunk('IEND', new Uint8Array(0)),
  )
}

const bytesOf = ({ input }: Entry) =>
  new Uint8Array(Buffer.from(String(input?.value), input?.kind === 'base64' ? 'base64' : 'utf8'))

const extract = (image: Uint8Array) =>
  BakedSvg.isXml(image) && !BakedPng.isPng(image) ? BakedSvg.extract(image) : BakedPng.extract(image)
const refuses = (code: string, image: (entry: Entry) => Uint8Array = bytesOf) => ({
  [`is refused: ${code}`]: (entry: Entry) => expect(failure(() => extract(image(entry))).code).to.equal(code),
})

// The entries that have a generator instead of bytes. What unpacks to 256 MiB there unpacks to 32 here: nothing does.
const bomb = () => new Uint8Array(deflateSync(new Uint8Array(2 ** 25)))
const compressed = () => pngWith(chunk('iTXt', Bytes.concat(latin1('openbadgecredential\0\x01\0\0\0'), bomb())))
const unrelated = () => pngWith(chunk('zTXt', Bytes.concat(latin1('Comment\0\0'), bomb())))
const crowded = () => {
  const one = chunk('tEXt', latin1('a\0'))
  const many = new Uint8Array(1_000_000 * one.length)
  for (let i = 0; i < 1_000_000; i++) many.set(one, i * one.length)
  return pngWith(many)
}
const nested = () =>
  Bytes.fromUtf8(`<svg xmlns="http://www.w3.org/2000/svg">${'<g>'.repeat(200_000)}${'</g>'.repeat(200_000)}</svg>`)

/** What is expected of each entry. Codes are ours; what the server does with images that are handed in is its own. */
const expected: Readonly<Record<string, Readonly<Record<string, (entry: Entry) => void>>>> = {
  'IMG-002': refuses('BAKED_TWICE'),
  'IMG-003': {
    'is an address by the rules of version 2, and not fetched': (entry) =>
      expect(extract(bytesOf(entry))).to.deep.equal({
        standard: 'Open Badges 2.0',
        text: 'http://169.254.169.254/latest/meta-data/',
      }),
  },
  'IMG-004': refuses('BAKED_INVALID', compressed),
  'IMG-005': refuses('BAKED_MISSING', unrelated),
  'IMG-007': refuses('PNG_INVALID'),
  'IMG-008': refuses('PNG_INVALID'),
  'IMG-009': refuses('PNG_INVALID'),
  'IMG-011': refuses('PNG_INVALID'),
  'IMG-013': refuses('PNG_INVALID', crowded),
  'IMG-014': refuses('PNG_INVALID'),
  'IMG-016': {
    'has one credential afterwards': () => {
      const twice = BakedPng.bake(BakedPng.bake(pngWith(), '{"a":1}'), '{"b":2}')
      expect(extractChunks(twice).filter(({ name }) => name === 'iTXt')).to.have.length(1)
      expect(extract(twice).text).to.equal('{"b":2}')
    },
  },
  'IMG-017': {
    'is read as it is, spaces too': (entry) => expect(extract(bytesOf(entry)).text.trim()).to.match(/^eyJ[\w.-]+$/),
  },
  // What runs in an image is kept out where images are taken in and served.
  'SVG-001': refuses('BAKED_MISSING'),
  'SVG-002': refuses('BAKED_MISSING'),
  'SVG-003': refuses('BAKED_MISSING'),
  'SVG-006': refuses('SVG_DOCTYPE'),
  'SVG-007': refuses('BAKED_MISSING'),
  'SVG-011': {
    'stays inside of the credential': ({ input }) => {
      const image = BakedSvg.bake(Bytes.fromUtf8('<svg xmlns="http://www.w3.org/2000/svg"/>'), JSON.stringify(input))
      expect(JSON.parse(extract(image).text)).to.deep.equal(input)
    },
  },
  'SVG-012': {
    'is told by its namespace': (entry) =>
      expect(extract(bytesOf(entry))).to.deep.equal({ standard: 'Open Badges 3.0', text: 'a.b.c' }),
  },
  'SVG-014': refuses('SVG_INVALID', nested),
}

/** A name in an image that a server draws: nothing is drawn here. */
const elsewhere = ['SVG-015']

describe('Hostile images', function () {
  this.timeout(60_000)
  let entries: readonly Entry[]
  before(function () {
    entries = sharedJsonOf(this as unknown as Mocha.Context, 'reference/hostile-inputs.json')
  })

  it('are all those of the table', () => {
    const ids = entries.filter(({ surface }) => surface === 'baked-image').map(({ id }) => id)
    expect([...Object.keys(expected), ...elsewhere]).to.have.members(ids)
  })

  for (const [id, answers] of Object.entries(expected))
    for (const [answer, holds] of Object.entries(answers))
      it(`${id} ${answer}`, () => {
        const entry = entries.find((each) => each.id === id)
        if (entry === undefined) throw new Error(`The table has no ${id}`)
        holds(entry)
      })
})
