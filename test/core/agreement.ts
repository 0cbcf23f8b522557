import { expect } from 'chai'
import fc from 'fast-check'
import * as Errors from '../../core/src/Errors.ts'
import type * as Json from '../../core/src/Json.ts'
import * as JsonLd from '../../core/src/JsonLd.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'
import * as AnyDocument from './AnyDocument.ts'
import * as JsonLdJudge from './JsonLdJudge.ts'

/** How often each outcome came: canonical forms, refusals that the judge shares, and refusals that it does not. */
export type Tally = { same: number; refused: number; stricter: number; unsupported: number }

// What `JsonLd.statements` does not read, and says so.
const unsupported = /"@(?:set|list|included|index|graph|version|json)"|"@context":\{/

/** Holds our reading of a document against the judge's: the same bytes, the same error, or a refusal that is documented. */
export async function hold(document: Json.Object, tally: Tally): Promise<void> {
  const ours = canonize(document)
  if ('code' in ours && ours.code === 'JSONLD_UNSUPPORTED') {
    expect(JSON.stringify(document)).to.match(unsupported)
    tally.unsupported++
    return
  }
  const theirs = await JsonLdJudge.judge(document)
  if ('code' in ours && 'text' in theirs) {
    expect(await JsonLdJudge.isChanged(document), JSON.stringify(document)).to.equal(true)
    tally.stricter++
    return
  }
  if ('code' in ours && 'code' in theirs && ours.code !== theirs.code) {
    // Of two faults either may be found first: without the context that nobody has, the other one is left.
    const rest = withoutUnknown(document) as Json.Object
    expect(canonize(rest), JSON.stringify(document)).to.deep.equal({ code: 'JSONLD_SAFE_MODE' })
    expect([ours.code, theirs.code]).to.have.members(['CONTEXT_UNKNOWN', 'JSONLD_SAFE_MODE'])
    return hold(rest, tally)
  }
  expect(ours, JSON.stringify(document)).to.deep.equal(theirs)
  if ('text' in ours) {
    tally.same++
    holdApart(document, ours.text)
  } else tally.refused++
}

function withoutUnknown(value: Json.Value): Json.Value {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(withoutUnknown)
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, item]) => name !== '@context' || item !== AnyDocument.unknownContext)
      .map(([name, item]) => [name, withoutUnknown(item as Json.Value)]),
  )
}

/** Holds the forms of a document without a proof and with it, made in one go, against those made each for itself. */
function holdApart(document: Json.Object, text: string): void {
  const { proof, ...rest } = document
  const alone = canonize(rest)
  if (proof === undefined || 'code' in alone) return
  const reading = JsonLd.read(rest)
  const hashes: Rdfc.Hashes = new Map()
  expect(Rdfc.canonizeStatements(reading.statements, hashes)).to.equal(alone.text)
  expect(Rdfc.canonizeStatements(JsonLd.extend(reading, 'proof', proof), hashes)).to.equal(text)
  expect(Rdfc.canonizeStatements(reading.statements, hashes)).to.equal(alone.text)
}

/**
 * Does it with documents that are drawn, at least half of which can be read. What fails is told at once, with its seed:
 * such documents do not shrink.
 */
export function shouldAgree(runs: number): void {
  it(`on ${runs.toLocaleString('en')} documents`, async () => {
    const tally: Tally = { same: 0, refused: 0, stricter: 0, unsupported: 0 }
    await fc.assert(
      fc.asyncProperty(fc.gen(), (g) => hold(AnyDocument.draw(g), tally)),
      { numRuns: runs, endOnFailure: true },
    )
    expect(tally.same).to.be.above(runs / 2)
    expect(tally.refused).to.be.above(runs / 10)
    expect(tally.unsupported).to.be.within(1, runs / 20)
  })
}

function canonize(document: Json.Object): JsonLdJudge.Outcome {
  try {
    return { text: Rdfc.canonize(document) }
  } catch (error) {
    if (error instanceof Errors.BaseError) return { code: error.code }
    throw error
  }
}
