import * as Bytes from '@laurel/core/Bytes'
import * as DidKey from '@laurel/core/DidKey'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Multibase from '@laurel/core/Multibase'
import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import * as Badges from '../support/Badges.ts'

const ids = ['urn:uuid:5d0a2b1e-0000-4000-8000-000000000001', 'urn:uuid:5d0a2b1e-0000-4000-8000-000000000002']
const [first = '', second = ''] = ids

describe('The signatures of documents by others', function () {
  this.timeout(60_000)

  const decide = async (document: Json.Object, trust: Trust, readers: Partial<Readers> = {}, now = Badges.now) => {
    const report = await verify(JSON.stringify(document), { trust, readers: { ...nobody, ...readers }, now })
    const { verdict, check, code } = Policy.decide(report)
    return [verdict, check, code].join(' ')
  }
  const proofOf = ({ proof }: Json.Object) => proof as Json.Object
  const proofsOf = ({ proof }: Json.Object) => proof as readonly Json.Object[]

  for (const format of Object.keys(Badges.formats) as readonly Badges.Format[])
    describe(format, () => {
      let author: Badges.Author
      let document: Json.Object
      let trust: Trust
      before(async () => {
        ;({ author, document } = await Badges.signed(format))
        trust = Badges.trusting(author.did)
      })

      it('is accepted of an issuer that is known', async () => {
        expect(await decide(document, trust)).to.equal('accepted  ACCEPTED')
        expect(await decide(document, Badges.trusting())).to.equal('unknown included ANCHOR_MISSING')
      })

      it('is rejected once something is changed', async () => {
        expect(await decide({ ...document, name: 'Diver' }, trust)).to.equal('rejected signed PROOF_INVALID')
      })

      it('is rejected of somebody who calls himself the issuer', async () => {
        const other = await Badges.author(Badges.formats[format][0])
        const { proof: _, ...unsigned } = document
        const forged = await Badges.sign(unsigned, format, other)
        expect(await decide(forged, trust)).to.equal('rejected signed KEY_FOREIGN')
        const verificationMethod = proofOf(document).verificationMethod as string
        const renamed = { ...forged, proof: { ...proofOf(forged), verificationMethod } }
        expect(await decide(renamed, trust)).to.equal('rejected signed PROOF_INVALID')
      })

      it('cannot be told for another purpose, or in a way that is not known', async () => {
        const proof = proofOf(document)
        expect(await decide({ ...document, proof: { ...proof, proofPurpose: 'authentication' } }, trust)).to.equal(
          'rejected signed PROOF_OPTIONS',
        )
        const type = { type: 'DataIntegrityProof', cryptosuite: 'eddsa-rdfc-2099' }
        expect(await decide({ ...document, proof: { ...proof, ...type } }, trust)).to.match(
          /^(unknown signed PROOF_UNSUPPORTED|rejected conforms KEYWORD)$/,
        )
      })

      it('is rejected beyond the day on which the signature expires', async () => {
        const { proof: _, ...unsigned } = document
        const expiring = await Badges.sign(unsigned, format, author, { expires: '2026-07-01T00:00:00Z' })
        expect(await decide(expiring, trust)).to.equal('accepted  ACCEPTED')
        const later = Date.parse('2026-07-02T00:00:00Z')
        expect(await decide(expiring, trust, {}, later)).to.equal('rejected signed PROOF_EXPIRED')
      })
    })

  it('are not taken from one suite to another with the same key', async () => {
    const { author, document } = await Badges.signed('eddsa-rdfc-2022')
    const { proof: _, ...unsigned } = document
    const other = await Badges.sign(unsigned, 'eddsa-jcs-2022', author)
    const mixed = { ...proofOf(document), proofValue: proofOf(other).proofValue ?? '' }
    expect(await decide({ ...document, proof: mixed }, Badges.trusting(author.did))).to.equal(
      'rejected signed PROOF_INVALID',
    )
  })

  it('are not made with a key of another kind', async () => {
    const { author, document } = await Badges.signed('ecdsa-rdfc-2019 with P-256')
    const proof = { ...proofOf(document), cryptosuite: 'eddsa-rdfc-2022' }
    expect(await decide({ ...document, proof }, Badges.trusting(author.did))).to.equal('rejected signed PROOF_INVALID')
  })

  it('over JSON are made in the vocabularies that the document has', async () => {
    const { author, document } = await Badges.signed('eddsa-jcs-2022')
    const trust = Badges.trusting(author.did)
    const more = [...(document['@context'] as readonly string[]), Badges.suite2020]
    expect(await decide({ ...document, '@context': more }, trust)).to.equal('rejected conforms CONTEXT_FORM')
    const { '@context': _, ...bare } = proofOf(document)
    expect(await decide({ ...document, proof: bare }, trust)).to.equal('rejected signed PROOF_INVALID')
    const { author: other, document: statements } = await Badges.signed('eddsa-rdfc-2022')
    const proof = { ...proofOf(statements), '@context': statements['@context'] as Json.Value }
    expect(await decide({ ...statements, proof }, Badges.trusting(other.did))).to.equal('rejected conforms KEYWORD')
  })

  describe('with selective disclosure', () => {
    it('are accepted as their holder shows them, and rejected with anything changed or left out', async () => {
      const { document, trust } = await Badges.derived()
      expect(await decide(document, trust)).to.equal('accepted  ACCEPTED')
      expect(await decide({ ...document, validUntil: '2041-03-01T09:00:00Z' }, trust)).to.equal(
        'rejected signed PROOF_INVALID',
      )
      const { validUntil: _, ...endless } = document
      expect(await decide(endless, trust)).to.equal('rejected signed PROOF_INVALID')
    })

    it('cannot be told of the copy that is for its holder alone', async () => {
      const { whole, trust } = await Badges.derived()
      expect(await decide(whole, trust)).to.equal('unknown signed PROOF_BASE')
    })
  })

  describe('in a set', () => {
    let issuer: Badges.Author
    let witness: Badges.Author
    let trust: Trust
    let document: Json.Object
    before(async () => {
      issuer = await Badges.author()
      witness = await Badges.author('P-384')
      trust = Badges.trusting(issuer.did)
      const signed = await Badges.sign(Badges.badge(issuer.did), 'eddsa-rdfc-2022', issuer)
      document = await Badges.sign(signed, 'ecdsa-rdfc-2019 with P-384', witness)
    })

    it('are all checked', async () => {
      expect(proofsOf(document)).to.have.length(2)
      expect(await decide(document, trust)).to.equal('accepted  ACCEPTED')
      expect(await decide({ ...document, proof: proofsOf(document).toReversed() }, trust)).to.equal(
        'accepted  ACCEPTED',
      )
      for (const i of [0, 1]) {
        const proof = proofsOf(document).map((each, at) =>
          at === i ? { ...each, created: '2026-01-01T00:00:00Z' } : each,
        )
        expect(await decide({ ...document, proof }, trust)).to.equal('rejected signed PROOF_INVALID')
      }
    })

    it('must have one of the issuer', async () => {
      const [, other = {}] = proofsOf(document)
      expect(await decide({ ...document, proof: other }, trust)).to.equal('rejected signed KEY_FOREIGN')
    })

    it('cannot be told when one of them is not understood', async () => {
      const [own = {}] = proofsOf(document)
      const proof = [own, { ...own, cryptosuite: 'bbs-2023' }]
      expect(await decide({ ...document, proof }, trust)).to.equal('unknown signed PROOF_UNSUPPORTED')
    })

    it('ask for keys of others whom the verifier knows, and only once the issuer’s own has passed', async () => {
      const [own = {}, other = {}] = proofsOf(document)
      const stranger = { ...other, verificationMethod: 'did:web:witness.example#key' }
      const asked: string[] = []
      const readers = {
        did: async (did: string) => {
          asked.push(did)
          return undefined
        },
      }
      const changed = { ...document, name: 'Diver', proof: [own, stranger] }
      expect(await decide(changed, trust, readers)).to.equal('rejected signed PROOF_INVALID')
      expect(asked).to.deep.equal([])
      expect(await decide({ ...document, proof: [own, stranger] }, trust, readers)).to.equal(
        'unknown signed KEY_UNAVAILABLE',
      )
      expect(asked).to.deep.equal([])
      const witness = { did: 'did:web:witness.example', name: 'Witness', anchor: 'optional' } as const
      const knowing = { ...trust, issuers: [...trust.issuers, witness] }
      expect(await decide({ ...document, proof: [own, stranger] }, knowing, readers)).to.equal(
        'unknown signed KEY_UNAVAILABLE',
      )
      expect(asked).to.deep.equal(['did:web:witness.example'])
    })

    it('are not judged in any number', async () => {
      const [own = {}] = proofsOf(document)
      const proof = Array.from({ length: 17 }, (_, i) => ({ ...own, id: `urn:x:${i}` }))
      expect(await decide({ ...document, proof }, trust)).to.equal('unknown signed PROOF_SEVERAL')
    })
  })

  describe('in a chain', () => {
    let issuer: Badges.Author
    let trust: Trust
    let document: Json.Object
    before(async () => {
      issuer = await Badges.author()
      trust = Badges.trusting(issuer.did)
      const signed = await Badges.sign(Badges.badge(issuer.did), 'eddsa-rdfc-2022', issuer, { id: first })
      document = confirm(signed)
    })

    /** No library at hand makes chains: this is what the standard says (§4.3), with the published vectors as its judge. */
    const confirm = (signed: Json.Object): Json.Object => {
      const seed = new Uint8Array(32).fill(7)
      const did = DidKey.fromPublicKey(Ed25519.publicKey(seed))
      const options = {
        '@context': signed['@context'] as Json.Value,
        id: second,
        type: 'DataIntegrityProof',
        cryptosuite: 'eddsa-jcs-2022',
        created: '2026-03-02T09:00:00Z',
        verificationMethod: DidKey.verificationMethod(did),
        proofPurpose: 'assertionMethod',
        previousProof: first,
      }
      const hashes = Bytes.concat(Jcs.digest(options), Jcs.digest({ ...signed, proof: [proofOf(signed)] }))
      const proofValue = Multibase.toBase58(Ed25519.sign(seed, hashes))
      return { ...signed, proof: [proofOf(signed), { ...options, proofValue }] }
    }

    it('are accepted with those before them', async () => {
      expect(proofsOf(document)[1]?.previousProof).to.equal(first)
      expect(await decide(document, trust)).to.equal('accepted  ACCEPTED')
    })

    it('are rejected without them, with others, and with themselves', async () => {
      const [own = {}, last = {}] = proofsOf(document)
      const again = await Badges.sign(Badges.badge(issuer.did), 'eddsa-rdfc-2022', issuer, {
        id: first,
        expires: '2030-01-01T00:00:00Z',
      })
      for (const [proof, code] of [
        [[own, { ...last, previousProof: 'urn:x:none' }], 'PROOF_PREVIOUS'],
        [[own, { ...last, previousProof: second }], 'PROOF_PREVIOUS'],
        [[own, { ...last, previousProof: [first, second] }], 'PROOF_PREVIOUS'],
        [[{ ...own, id: 'urn:x:other' }, last], 'PROOF_PREVIOUS'],
        [[proofOf(again), last], 'PROOF_INVALID'],
      ] as const)
        expect(await decide({ ...document, proof }, trust)).to.equal(`rejected signed ${code}`)
    })
  })
})
