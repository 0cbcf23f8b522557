import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'
import * as Mutants from './Mutants.ts'

const kinds = {
  'every node removed': Mutants.removals,
  'every node of another type': Mutants.retypings,
  'every node twice': Mutants.duplications,
  'every member renamed or moved below a keyword': Mutants.renamings,
  'something added everywhere': Mutants.additions,
  'members of the same name exchanged': Mutants.swaps,
} as const

/**
 * Nothing of a document may be changed: P22. The only things that no check covers are the transaction hash in the second
 * proof (DESIGN §2.2), a hint, and the spaces between the JSON's tokens.
 *
 * @param flips how many places are drawn for flipping a bit; every bit of a byte is as likely
 */
export function shouldNotBeAccepted(names: readonly string[], flips: number): void {
  let verifier: Verifier.Verifier
  before(async () => {
    verifier = await Verifier.start()
  })
  after(() => verifier.stop())

  for (const name of names) {
    const document = Golden.read(name)
    const accepted = async (mutants: Iterable<Mutants.Mutant>) => {
      const found: string[] = []
      let count = 0
      for (const { how, text } of mutants) {
        count++
        if ((await verifier.decide(text)).verdict === 'accepted' && !isHarmless(text, document)) found.push(how)
      }
      expect(count).to.be.greaterThan(30)
      return found
    }

    describe(name, () => {
      it('is accepted unchanged', async () => {
        expect((await verifier.decide(JSON.stringify(document))).verdict).to.equal('accepted')
      })

      for (const [title, mutate] of Object.entries(kinds))
        it(`is never accepted with ${title}`, async () => {
          expect(await accepted(mutate(document))).to.deep.equal([])
        })

      it(`is never accepted with one of ${flips} bits flipped`, async () => {
        const bytes = Verifier.bytes(name)
        const random = generator(0x1a0e1)
        const found: string[] = []
        for (let i = 0; i < flips; i++) {
          const place = Math.floor(random() * bytes.length)
          const bit = Math.floor(random() * 8)
          const changed = bytes.slice()
          changed[place] = (bytes[place] ?? 0) ^ (1 << bit)
          const { verdict } = await verifier.decide(changed)
          const text = new TextDecoder().decode(changed)
          if (verdict === 'accepted' && !isHarmless(text, document)) found.push(`byte ${place}, bit ${bit}`)
        }
        expect(found).to.deep.equal([])
      })

      it('is accepted with another transaction hash, which is a hint only', async () => {
        const [signature, anchor] = document.proof as readonly [Json.Object, Json.Object]
        const { anchor: place, ...rest } = AnchorProof.parse(anchor)
        const other = AnchorProof.create({ ...rest, anchor: { ...place, transactionHash: `0x${'12'.repeat(32)}` } })
        const text = JSON.stringify({ ...document, proof: [signature, other] })
        expect((await verifier.decide(text)).verdict).to.equal('accepted')
        expect(isHarmless(text, document)).to.equal(true)
      })
    })
  }
}

/** Whether a text says the same as the document, but for the transaction hash. */
function isHarmless(text: string, document: Json.Object): boolean {
  return JSON.stringify(withoutHint(Json.parseObject(text))) === JSON.stringify(withoutHint(document))
}

function withoutHint(document: Json.Object): Json.Object {
  const proof = (document.proof as readonly Json.Object[]).map((each) => {
    if (!AnchorProof.isAnchorProof(each)) return each
    const parsed = AnchorProof.parse(each)
    const anchor = { ...parsed.anchor, transactionHash: `0x${'00'.repeat(32)}` as const }
    return { ...each, proofValue: AnchorProof.encode({ ...parsed, anchor }) }
  })
  return { ...document, proof }
}

/** Mulberry32: the same numbers in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
