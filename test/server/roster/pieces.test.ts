import { expect } from 'chai'
import fc from 'fast-check'
import * as LineEnds from '../../../server/src/roster/LineEnds.ts'
import * as Roster from '../../../server/src/roster/Roster.ts'
import * as Seen from '../../../server/src/roster/Seen.ts'
import * as Source from '../../../server/src/roster/Source.ts'
import * as Utf8 from '../../../server/src/roster/Utf8.ts'
import { options, source, utf8 } from './rosters.ts'

/** Bytes, and where they are cut into pieces. */
const cut = (bytes: fc.Arbitrary<Uint8Array>) =>
  fc.tuple(bytes, fc.array(fc.nat(8))).map(([whole, lengths]) => {
    const pieces: Uint8Array[] = []
    let at = 0
    for (const length of lengths) {
      pieces.push(whole.subarray(at, at + length))
      at += length
    }
    return { whole, pieces: [...pieces, whole.subarray(at)] }
  })

/** How far the bytes are UTF-8, told one character at a time. */
function soundBytes(bytes: Uint8Array): number | undefined {
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((n) => {
      try {
        return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.slice(at, at + n)).length > 0
      } catch {
        return false
      }
    })
    if (length === undefined || at + length > bytes.length) return at
    at += length
  }
  return undefined
}

describe('A roster in pieces', () => {
  it('ceases to be UTF-8 at the same byte, wherever it is cut', () => {
    const bytes = fc
      .array(fc.constantFrom('a', 'é', '€', '😀', '\xff', '\xc3', '\xe2\x82', '\xf0\x9f\x98', '\xed\xa0\x80', '\x80'))
      .map((parts) =>
        Buffer.concat(parts.map((part) => Buffer.from(part, /^[é€😀a]$/u.test(part) ? 'utf8' : 'latin1'))),
      )
    fc.assert(
      fc.property(cut(bytes), ({ whole, pieces }) => {
        const utf8 = Utf8.create()
        for (const piece of pieces) utf8.push(piece)
        utf8.end()
        expect(utf8.damage()).to.equal(soundBytes(whole))
      }),
    )
  })

  it('has the same stray carriage return, wherever it is cut', () => {
    const text = fc.array(fc.constantFrom('a', ',', '"', '\r', '\n', '\r\n')).map((parts) => parts.join(''))
    // Written down another way: what is quoted is taken away first.
    const stray = (whole: string) => {
      const bare = whole.replace(/"[^"]*("|$)/g, (quoted) => quoted.replace(/[^"]/g, 'x'))
      const [before] = /^[\s\S]*?(?=\r(?!\n))/.exec(bare) ?? []
      return before === undefined ? undefined : before.split('\n').length
    }
    fc.assert(
      fc.property(cut(text.map(utf8)), ({ whole, pieces }) => {
        const lineEnds = LineEnds.create()
        for (const piece of pieces) lineEnds.push(piece)
        lineEnds.end()
        expect(lineEnds.stray()).to.equal(stray(new TextDecoder().decode(whole)))
      }),
    )
  })

  it('is the same roster, however it comes', async () => {
    const rows = Array.from({ length: 3_000 }, (_, i) => `"Žofie, ${i} 😀",z${i}@example.org,"one\r\n""two"" ${i}"`)
    const bytes = utf8(`\ufeffname,email,narrative\r\n${rows.join('\r\n')}`)
    for (const length of [1_000, 65_535, 65_536, 1_000_000]) {
      const pieces = source(bytes, length)
      const digest = await Roster.digest(pieces)
      expect(await Roster.check(pieces, digest, options)).to.equal(3_000)
      const names = []
      for await (const people of Roster.people(pieces, digest, options))
        for (const { recipient } of people) names.push(recipient.identifiers?.[0]?.value, recipient.narrative)
      expect(names).to.deep.equal(rows.flatMap((_, i) => [`Žofie, ${i} 😀`, `one\r\n"two" ${i}`]))
    }
  })

  it('is refused when it changed between two readings', async () => {
    const first = source('name,email\nAnn,ann@example.org\n')
    const digest = await Roster.digest(first)
    for (const other of ['name,email\nBob,bob@example.org\n', 'name,email\nBob,bob\n', 'name,email\n']) {
      const changed = source(other)
      const people = async () => {
        for await (const _ of Roster.people(changed, digest, options));
      }
      expect(await people().catch((error: unknown) => error)).to.be.instanceOf(Source.ChangedError)
    }
    const grown = source('name,email\nAnn,ann@example.org\nBob,bob@example.org\n')
    expect(await Roster.check(grown, digest, options).catch((error: unknown) => error)).to.be.instanceOf(
      Source.ChangedError,
    )
  })

  it('is not read on where a quotation mark is never closed', async () => {
    const open = utf8(`name,email\nAnn,ann@example.org\n"${'x'.repeat(6 * 1024 * 1024)}`)
    const digest = await Roster.digest(source(open))
    const error = await Roster.check(source(open), digest, options).catch((reason: unknown) => reason)
    expect((error as Roster.InvalidRosterError).problems.map(({ row, code }) => [row, code])).to.deep.equal([
      [3, 'CSV_UNCLOSED_QUOTE'],
    ])
  })
})

describe('Seen', () => {
  it('knows who said a text first, as a map does', () => {
    const words = fc.array(fc.string({ maxLength: 2, unit: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g') }), {
      minLength: 1_000,
      maxLength: 3_000,
    })
    fc.assert(
      fc.property(words, (texts) => {
        const seen = Seen.create()
        const map = new Map<string, number>()
        for (const [i, word] of texts.entries()) {
          const text = `${word}${i % 700}`
          expect(seen.before(text, i + 1)).to.equal(map.get(text))
          if (!map.has(text)) map.set(text, i + 1)
        }
      }),
      { numRuns: 10 },
    )
  })
})
