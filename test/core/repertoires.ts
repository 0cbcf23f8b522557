import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Errors from '../../core/src/Errors.ts'
import * as Outline from '../../core/src/internal/Outline.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'
import * as Repertoire from '../../core/src/Repertoire.ts'
import * as Sha256 from '../../core/src/Sha256.ts'
import * as AnyDocument from './AnyDocument.ts'
import * as JsonLdJudge from './JsonLdJudge.ts'
import { anyCharacters } from './support.ts'

/** How often digests were written from what was remembered, and how often they were made the general way. */
export type Tally = { remembered: number; generally: number }

/** Holds the digest that a repertoire has of a document, or its error, against the general way's. */
export function hold(repertoire: Repertoire.Repertoire, document: Json.Object, tally: Tally): void {
  const general = () => Sha256.digestOf(Rdfc.canonize(document))
  let isGeneral = false
  const made = outcome(() =>
    Repertoire.digest(repertoire, document, Outline.read(document), () => {
      isGeneral = true
      return general()
    }),
  )
  expect(made, JSON.stringify(document)).to.deep.equal(outcome(general))
  tally[isGeneral ? 'generally' : 'remembered']++
}

/** The same against jsonld and rdf-canonize. */
export async function holdAgainstJudge(repertoire: Repertoire.Repertoire, document: Json.Object): Promise<void> {
  const judged = await JsonLdJudge.judge(document)
  if (!('text' in judged)) throw new Error(judged.code)
  const generally = () => Sha256.digestOf(Rdfc.canonize(document))
  const made = Repertoire.digest(repertoire, document, Outline.read(document), generally)
  expect(Bytes.toHex(made)).to.equal(Bytes.toHex(Sha256.digestOf(judged.text)))
}

/** Digits, or the code of an error. */
export function outcome(run: () => Uint8Array): string {
  try {
    return Bytes.toHex(run())
  } catch (error) {
    if (error instanceof Errors.BaseError) return error.code
    throw error
  }
}

const text = fc.oneof(
  { arbitrary: fc.string({ maxLength: 8 }), weight: 1 },
  { arbitrary: anyCharacters(6), weight: 2 },
  {
    arbitrary: fc.constantFrom(
      ...['', '\ud83c', '\u0000', '"', '\\', '🏅', '\uffff', '_:b0', '_:c14n0', '@id', 'id', 'type', 'name', 'Profile'],
      ...['assertionMethod', '> .\n', '"x"@en', '1.0E0', 'true', '2026-03-01T00:00:00Z', 'urn:laurel:plain:0'],
    ),
    weight: 2,
  },
)
const iri = fc.oneof(
  {
    arbitrary: fc.constantFrom('urn:a', 'urn:b', 'did:web:a', 'https://example.org/?q#f', 'URN:c', 'z:z'),
    weight: 12,
  },
  {
    arbitrary: fc.constantFrom('', 'a', '_:b0', 'name:x', 'id:x', 'xsd:string', 'urn:a b', 'urn:é', 'urn:"', '//h/p'),
    weight: 1,
  },
)
const number = fc.oneof(
  fc.nat(9),
  fc.integer(),
  fc.nat(80).map((eighths) => eighths / 8),
  fc.constantFrom(0.1, 2 ** 53, 2 ** 60, -0, 1e-7, 1e21, 1e300),
)

/** Draws documents, and of each others of the same outline: some values at a time are other ones. */
export async function agreeOnDocuments(documents: number, each: number): Promise<Tally> {
  const tally = { remembered: 0, generally: 0 }
  await fc.assert(
    fc.property(fc.gen(), (g) => {
      const repertoire = Repertoire.create()
      const drawn = AnyDocument.draw(g)
      const values = [...(Outline.read(drawn)?.values ?? [])]
      // Most slots of a document keep their values: which ones change is drawn once.
      const changing = values.map(() => upTo(g, 9) === 0)
      for (let i = 0; i < each; i++) {
        for (const [slot, value] of values.entries()) {
          const isTurn = changing[slot] || upTo(g, 1999) === 0
          if (isTurn && i > 0) values[slot] = other(g, value)
        }
        hold(repertoire, Outline.fill(drawn, values), tally)
      }
    }),
    { numRuns: documents, endOnFailure: true },
  )
  return tally
}

const [texts, iris, numbers] = [() => text, () => iri, () => number]

// `g` looks for an arbitrary among all that it was given.
const zeroTo = new Map<number, () => fc.Arbitrary<number>>()
function upTo(g: fc.GeneratorValue, most: number): number {
  const arbitrary = fc.nat(most)
  const known = zeroTo.get(most) ?? (() => arbitrary)
  zeroTo.set(most, known)
  return g(known)
}

function other(g: fc.GeneratorValue, value: Outline.Value): Outline.Value {
  if (typeof value === 'number') {
    const drawn = g(numbers)
    // Of the same kind, or it would be another outline.
    return Outline.read({ value: drawn })?.outline === Outline.read({ value })?.outline ? drawn : value
  }
  return value.includes(':') ? g(iris) : g(texts)
}
