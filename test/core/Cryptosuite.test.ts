import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as Cryptosuite from '../../core/src/Cryptosuite.ts'
import * as DidDocument from '../../core/src/DidDocument.ts'
import * as DidKey from '../../core/src/DidKey.ts'
import * as Json from '../../core/src/Json.ts'
import type * as PublicKey from '../../core/src/PublicKey.ts'
import * as UnsecuredDocument from '../../core/src/UnsecuredDocument.ts'

const { source: _, ...vectors } = JSON.parse(
  readFileSync(new URL('../vectors/data-integrity/w3c.json', import.meta.url), 'utf8'),
) as Readonly<Record<string, readonly Json.Object[]>>

const examples = 'https://www.w3.org/ns/credentials/examples/v2'

/** The context of the examples is not bundled: all that it says is this vocabulary. What is signed as JSON stays. */
function withVocabulary(document: Json.Object): Json.Object {
  const context = document['@context'] as readonly Json.Value[]
  const vocabulary = { '@vocab': 'https://www.w3.org/ns/credentials/examples#' }
  return { ...document, '@context': context.map((each) => (each === examples ? vocabulary : each)) }
}

function proofsOf({ proof }: Json.Object): readonly Json.Object[] {
  return (Json.isArray(proof) ? proof : [proof]).filter(Json.isObject)
}

function keyOf({ verificationMethod }: Json.Object): PublicKey.PublicKey {
  const [did = ''] = String(verificationMethod).split('#')
  return DidDocument.publicKey(DidKey.document(did), String(verificationMethod)) as PublicKey.PublicKey
}

/** Verifies one of a document's proofs, with those that it names. */
function verify(document: Json.Object, proof: Json.Object, key = keyOf(proof)): boolean {
  const { previousProof = [] } = proof
  const names = Json.isArray(previousProof) ? previousProof : [previousProof]
  const previous = proofsOf(document).filter(({ id }) => names.includes(id ?? null))
  const unsecured = () => UnsecuredDocument.read(document)
  return Cryptosuite.of(proof)?.verify({ document, previous, unsecured }, proof, key) ?? false
}

describe('Cryptosuite', () => {
  for (const [name, documents] of Object.entries(vectors))
    describe(`the published vectors: ${name}`, () => {
      for (const [i, published] of documents.entries()) {
        const document = name.includes('-jcs-') ? published : withVocabulary(published)

        it(`verifies each proof of document ${i + 1}`, () => {
          for (const proof of proofsOf(document)) expect(verify(document, proof)).to.equal(true)
        })

        it(`notices what is changed in document ${i + 1}, its options or the proofs before`, () => {
          for (const proof of proofsOf(document)) {
            expect(verify({ ...document, validFrom: '2023-01-01T00:00:01Z' }, proof)).to.equal(false)
            expect(verify(document, { ...proof, created: '2023-02-24T23:36:39Z' }, keyOf(proof))).to.equal(false)
            if (proof.previousProof === undefined) continue
            const proofs = proofsOf(document).map((each) => ({ ...each, created: '2020-01-01T00:00:00Z' }))
            expect(verify({ ...document, proof: proofs }, proof)).to.equal(false)
            expect(verify({ ...document, proof: [] }, proof)).to.equal(false)
          }
        })

        it(`uses a key of its kind in document ${i + 1}`, () => {
          for (const proof of proofsOf(document)) expect(Cryptosuite.of(proof)?.keys).to.include(keyOf(proof).kind)
        })
      }
    })

  it('knows no suite by another name, type or kind of value', () => {
    const [document = {}] = vectors['eddsa-rdfc-2022'] ?? []
    const [proof = {}] = proofsOf(document)
    expect(Cryptosuite.of(proof)).to.not.equal(undefined)
    for (const change of [
      { cryptosuite: 'eddsa-rdfc-2099' },
      { cryptosuite: ['eddsa-rdfc-2022'] },
      { cryptosuite: '__proto__' },
      { type: 'Ed25519Signature2020' },
      { type: 'Ed25519Signature2018' },
      { type: ['DataIntegrityProof'] },
      { type: 'Ed25519Signature2020', cryptosuite: null },
    ])
      expect(Cryptosuite.of({ ...proof, ...change }), JSON.stringify(change)).to.equal(undefined)
  })
})
