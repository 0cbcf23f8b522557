import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as DataIntegrity from '../../core/src/DataIntegrity.ts'
import * as Ed25519 from '../../core/src/Ed25519.ts'
import * as Jcs from '../../core/src/Jcs.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import * as Multikey from '../../core/src/Multikey.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'
import * as Sha256 from '../../core/src/Sha256.ts'
import * as JsonLdJudge from './JsonLdJudge.ts'
import { hash, jsonOf, published, rejection, runs, sharedJsonOf, textOf } from './support.ts'

type Pair = { readonly publicKeyMultibase: string; readonly privateKeyMultibase: string }

const vector = (name: string) => jsonOf(`w3c-vc-di-eddsa/TestVectors/${name}`)
const text = (name: string) => textOf(`w3c-vc-di-eddsa/TestVectors/${name}`)
const hex = (bytes: Uint8Array) => Bytes.toHex(bytes).slice(2)
const digestOf = (canonical: string) => Sha256.digest(Bytes.fromUtf8(canonical))

// Multikey of an Ed25519 secret key: two bytes of prefix, then the seed.
const seedOf = ({ privateKeyMultibase }: Pair) => Multibase.fromBase58(privateKeyMultibase).slice(2)
const publicKeyOf = ({ publicKeyMultibase }: Pair) => Multikey.toEd25519(publicKeyMultibase)
const signer = (pair: Pair) => async (message: Uint8Array) => Ed25519.sign(seedOf(pair), message)

/** The context of the examples is not bundled: all that it says is this vocabulary. */
function withVocabulary(document: Json.Object): Json.Object {
  const [base] = document['@context'] as readonly Json.Value[]
  return { ...document, '@context': [base as Json.Value, { '@vocab': 'https://www.w3.org/ns/credentials/examples#' }] }
}

describe('DataIntegrity', () => {
  published('the vectors of eddsa-rdfc-2022 (VC EdDSA Cryptosuites §B.1)', 'w3c-vc-di-eddsa', () => {
    const pair: Pair = vector('keyPair.json')
    const signed = withVocabulary(vector('eddsa-rdfc-2022/signedDataInt.json'))
    const proof = signed.proof as Json.Object & DataIntegrity.Proof

    it('canonicalises document and options', async () => {
      const { proof: _, ...document } = signed
      expect(Rdfc.canonize(document)).to.equal(text('eddsa-rdfc-2022/canonDocDataInt.txt'))
      const config = withVocabulary(vector('eddsa-rdfc-2022/proofConfigDataInt.json'))
      expect(Rdfc.canonize(config)).to.equal(text('eddsa-rdfc-2022/proofCanonDataInt.txt'))
    })

    it('reproduces and verifies the proof', async () => {
      const { created, verificationMethod } = proof
      const made = await DataIntegrity.createRdfc(signed, { created, verificationMethod }, signer(pair))
      expect(made).to.deep.equal(proof)
      expect(hex(Multibase.fromBase58(made.proofValue))).to.equal(text('eddsa-rdfc-2022/sigHexDataInt.txt'))
      expect(DataIntegrity.verifyRdfc(signed, proof, publicKeyOf(pair))).to.equal(true)
    })

    for (const folder of ['eddsa-rdfc-2022', 'eddsa-rdfc-2022/employ'])
      it(`reproduces hashes and signature from the canonical texts of ${folder}`, async () => {
        const options = digestOf(text(`${folder}/proofCanonDataInt.txt`))
        const document = digestOf(text(`${folder}/canonDocDataInt.txt`))
        expect(hex(options)).to.equal(text(`${folder}/proofHashDataInt.txt`))
        expect(hex(document)).to.equal(text(`${folder}/docHashDataInt.txt`))
        const combined = Bytes.concat(options, document)
        expect(hex(combined)).to.equal(text(`${folder}/combinedHashDataInt.txt`))
        const signature = Ed25519.sign(seedOf(pair), combined)
        expect(hex(signature)).to.equal(text(`${folder}/sigHexDataInt.txt`))
        expect(Multibase.toBase58(signature)).to.equal(text(`${folder}/sigBTC58DataInt.txt`))
        const canonical = text(`${folder}/canonDocDataInt.txt`)
        expect(Rdfc.canonizeStatements(JsonLdJudge.statements(canonical))).to.equal(canonical)
      })

    it('reproduces and verifies each of a set of proofs, by its own key only', async () => {
      const document = withVocabulary(vector('proof-set-chain/signedProofSet2.json'))
      const { keyPair1, keyPair2 } = vector('proof-set-chain/multiKeyPairs.json')
      const proofs = document.proof as readonly (Json.Object & DataIntegrity.Proof)[]
      for (const [i, own] of [keyPair1, keyPair2].entries()) {
        const member = proofs[i] as Json.Object & DataIntegrity.Proof
        const { id, created, verificationMethod } = member
        const options = { id: id as string, created, verificationMethod }
        expect(await DataIntegrity.createRdfc(document, options, signer(own))).to.deep.equal(member)
        expect(DataIntegrity.verifyRdfc(document, member, publicKeyOf(own))).to.equal(true)
        const other = i === 0 ? keyPair2 : keyPair1
        expect(DataIntegrity.verifyRdfc(document, member, publicKeyOf(other))).to.equal(false)
      }
    })

    it('reproduces and verifies the Open Badge of 1EdTech', async function () {
      const badge = sharedJsonOf(this, 'conformance/1edtech-openbadges-spec/ob_v3p0/test-vectors/obv3p0/vector.json')
      const document = badge.signedCredential
      const publicKey = Bytes.fromHex(`0x${badge.publicKeyHex}`)
      const seed = Bytes.fromHex(`0x${badge['privateKeyHex(64 bytes: seed||public)'].slice(0, 64)}`)
      const { created, verificationMethod } = document.proof
      const sign = async (message: Uint8Array) => Ed25519.sign(seed, message)
      expect(await DataIntegrity.createRdfc(document, { created, verificationMethod }, sign)).to.deep.equal(
        document.proof,
      )
      expect(DataIntegrity.verifyRdfc(document, document.proof, publicKey)).to.equal(true)
    })
  })

  published('the vectors of eddsa-jcs-2022 (§B.2)', 'w3c-vc-di-eddsa', () => {
    const pair: Pair = vector('keyPair.json')
    const signed = vector('eddsa-jcs-2022/signedJCS.json')

    it('reproduces and verifies the proof, its context repeated', async () => {
      const { created, verificationMethod } = signed.proof
      const made = await DataIntegrity.createJcs(signed, { created, verificationMethod }, signer(pair))
      expect(made).to.deep.equal(signed.proof)
      expect(hex(Multibase.fromBase58(made.proofValue))).to.equal(text('eddsa-jcs-2022/sigHexJCS.txt'))
      expect(DataIntegrity.verifyJcs(signed, signed.proof, publicKeyOf(pair))).to.equal(true)
    })

    it('notices whatever is changed', async () => {
      const { proof } = signed
      const verify = (document: Json.Object, other: Json.Object = proof) =>
        DataIntegrity.verifyJcs(document, other, publicKeyOf(pair))
      expect(verify({ ...signed, name: 'x' })).to.equal(false)
      expect(verify({ ...signed, extra: null })).to.equal(false)
      expect(verify({ ...signed, '@context': [...signed['@context'], 'urn:x'] })).to.equal(false)
      expect(verify(signed, { ...proof, created: '2023-02-24T23:36:39Z' })).to.equal(false)
      expect(verify(signed, { ...proof, extra: 1 })).to.equal(false)
      const { '@context': _, ...without } = proof
      expect(verify(signed, without)).to.equal(false)
    })
  })

  describe('what is no proof', () => {
    const document = {
      '@context': ['https://www.w3.org/ns/credentials/v2'],
      id: 'urn:a',
      type: ['VerifiableCredential'],
    }
    const options = { created: '2026-03-01T00:00:00Z', verificationMethod: 'did:key:z6Mk#z6Mk' }
    const sign = async (message: Uint8Array) => Ed25519.sign(hash(1), message)
    const publicKey = Ed25519.publicKey(hash(1))
    let rdfc: Json.Object & DataIntegrity.Proof
    let jcs: Json.Object & DataIntegrity.Proof
    before(async () => {
      rdfc = (await DataIntegrity.createRdfc(document, options, sign)) as typeof rdfc
      jcs = (await DataIntegrity.createJcs(document, options, sign)) as typeof jcs
    })

    it('takes its own proofs', async () => {
      expect(DataIntegrity.verifyRdfc({ ...document, proof: [rdfc] }, rdfc, publicKey)).to.equal(true)
      expect(DataIntegrity.verifyJcs({ ...document, proof: [jcs] }, jcs, publicKey)).to.equal(true)
      expect(rdfc).to.not.have.property('id')
      expect((await DataIntegrity.createJcs(document, { ...options, id: 'urn:p' }, sign)).id).to.equal('urn:p')
      const { '@context': _, ...bare } = document
      expect(await DataIntegrity.createJcs(bare, options, sign)).to.not.have.property('@context')
    })

    it('does not take one cryptosuite for the other', async () => {
      expect(DataIntegrity.verifyRdfc(document, jcs, publicKey)).to.equal(false)
      expect(DataIntegrity.verifyJcs(document, rdfc, publicKey)).to.equal(false)
      expect(DataIntegrity.verifyJcs(document, { ...rdfc, cryptosuite: 'eddsa-jcs-2022' }, publicKey)).to.equal(false)
    })

    it('does not take a good signature under the name of another cryptosuite', async () => {
      const { proofValue: _, ...options } = { ...jcs, cryptosuite: 'eddsa-jcs-2099' }
      const hashes = Bytes.concat(Jcs.digest(options as Json.Object), Jcs.digest(document))
      const forged = { ...options, proofValue: Multibase.toBase58(await sign(hashes)) }
      expect(DataIntegrity.verifyJcs(document, forged as Json.Object, publicKey)).to.equal(false)
      const { proofValue: __, ...same } = jcs
      const honest = Bytes.concat(Jcs.digest(same as Json.Object), Jcs.digest(document))
      expect(Multibase.toBase58(await sign(honest))).to.equal(jcs.proofValue)
    })

    const changes: Readonly<Record<string, Json.Object>> = {
      'another type': { type: 'Ed25519Signature2020' },
      'a type in a list': { type: ['DataIntegrityProof'] },
      'another cryptosuite': { cryptosuite: 'eddsa-jcs-2099' },
      'a value that is a number': { proofValue: 5 },
      'a value in a list': { proofValue: ['z'] },
      'an empty value': { proofValue: '' },
      'a value in hexadecimal': { proofValue: 'f00' },
      'a value in base64url': { proofValue: Multibase.toBase64Url(new Uint8Array(64)) },
      'a value of zeros': { proofValue: Multibase.toBase58(new Uint8Array(64)) },
      'a value of 63 bytes': { proofValue: Multibase.toBase58(new Uint8Array(63).fill(1)) },
      'a value of 65 bytes': { proofValue: Multibase.toBase58(new Uint8Array(65).fill(1)) },
      'a value of megabytes': { proofValue: `z${'2'.repeat(2 ** 22)}` },
    }
    for (const [what, change] of Object.entries(changes))
      it(`is false for ${what}`, async () => {
        expect(DataIntegrity.verifyRdfc(document, { ...rdfc, ...change }, publicKey)).to.equal(false)
        expect(DataIntegrity.verifyJcs(document, { ...jcs, ...change }, publicKey)).to.equal(false)
      })

    it('is false once any bit of a signature is changed, or a byte is added', async () => {
      const numRuns = Math.min(30, runs)
      await fc.assert(
        fc.asyncProperty(fc.nat(511), async (bit) => {
          const changed = (proof: DataIntegrity.Proof) => {
            const bytes = Multibase.fromBase58(proof.proofValue)
            bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
            return { ...proof, proofValue: Multibase.toBase58(bytes) } as Json.Object
          }
          expect(DataIntegrity.verifyRdfc(document, changed(rdfc), publicKey)).to.equal(false)
          expect(DataIntegrity.verifyJcs(document, changed(jcs), publicKey)).to.equal(false)
        }),
        { numRuns },
      )
    })

    it('is false for options that were changed or added', async () => {
      const verify = (change: Json.Object) => DataIntegrity.verifyRdfc(document, { ...rdfc, ...change }, publicKey)
      for (const change of [
        { created: '2026-03-01T00:00:01Z' },
        { verificationMethod: 'did:key:z6Mk#z6Ml' },
        { proofPurpose: 'authentication' },
        { id: 'urn:p' },
        { expires: '2096-03-01T00:00:00Z' },
        { domain: 'example.org' },
        { previousProof: 'urn:p' },
      ])
        expect(verify(change), JSON.stringify(change)).to.equal(false)
    })

    it('throws for options that would escape the signature', async () => {
      const error = await rejection(() => DataIntegrity.verifyRdfc(document, { ...rdfc, grade: 'A' }, publicKey))
      expect(error.code).to.equal('JSONLD_SAFE_MODE')
    })

    it('throws for a document without a vocabulary', async () => {
      expect((await rejection(() => DataIntegrity.createRdfc({ id: 'urn:a' }, options, sign))).code).to.equal(
        'JSONLD_SAFE_MODE',
      )
    })

    it('passes on what a signer throws', async () => {
      const refusing = async () => {
        throw new RangeError('locked')
      }
      let thrown: unknown
      await DataIntegrity.createRdfc(document, options, refusing).catch((error: unknown) => {
        thrown = error
      })
      expect(thrown).to.be.instanceOf(RangeError)
    })
  })
})
