import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import * as Duplicates from '@laurel/verifier/inputs/Duplicates'
import * as Parts from '@laurel/verifier/inputs/Parts'
import { expect } from 'chai'
import * as Golden from '../../support/Golden.ts'

const credential = Golden.read('A-3-0.json')
const other = Golden.read('A-3-1.json')
const ofPresentation = (document: Json.Object) => Parts.ofPresentation({ type: 'VerifiablePresentation', ...document })

describe('The parts of a document', () => {
  it('are the credentials of a presentation', () => {
    const found = ofPresentation({ verifiableCredential: [credential, other] })
    expect(found.map(({ place }) => place)).to.deep.equal(['/verifiableCredential/0', '/verifiableCredential/1'])
    expect(found.map(({ input }) => JSON.parse(input))).to.deep.equal([credential, other])
    expect(ofPresentation({ verifiableCredential: credential })).to.have.length(1)
    expect(ofPresentation({})).to.deep.equal([])
  })

  it('are tokens where they are enveloped, and nothing else that an address could say', () => {
    const inputs = [
      { type: 'EnvelopedVerifiableCredential', id: 'data:application/vc+jwt,eyJ.a.b' },
      { type: ['EnvelopedVerifiableCredential'], id: 'data:application/vc+ld+json+jwt;x=y,eyJ.c.d' },
      'eyJ.e.f',
    ]
    const found = ofPresentation({ verifiableCredential: inputs })
    expect(found.map(({ input }) => input)).to.deep.equal(['eyJ.a.b', 'eyJ.c.d', 'eyJ.e.f'])
    const remote = { type: 'EnvelopedVerifiableCredential', id: 'https://x.example/vc' }
    const [part] = ofPresentation({ verifiableCredential: remote })
    expect(JSON.parse(part?.input ?? '')).to.deep.equal(remote)
  })

  it('are the credentials in a record', () => {
    const type = ['VerifiableCredential', 'ClrCredential']
    const found = Parts.ofRecord({ type, credentialSubject: { verifiableCredential: [credential] } })
    expect(found.map(({ place }) => place)).to.deep.equal(['/credentialSubject/verifiableCredential/0'])
    for (const each of [credential, { type: 'VerifiableCredential' }, {}, { type: 5 }])
      expect(Parts.ofRecord(each)).to.deep.equal([])
  })

  it('are not without number', () => {
    expect(() => ofPresentation({ verifiableCredential: Array(1_001).fill({}) }))
      .to.throw(Errors.BaseError)
      .with.property('code', 'PARTS_LIMIT')
  })
})

describe('Duplicates', () => {
  const name = (documents: readonly (typeof credential)[]) =>
    Duplicates.find(documents.map((each, i) => ({ name: `${i}`, traits: Duplicates.traits(each) })))

  it('are the same credential, in whatever order its members stand', () => {
    const turned = Object.fromEntries(Object.entries(credential).toReversed())
    expect(name([credential, other, turned])).to.deep.equal([{}, {}, { duplicateOf: '0' }])
  })

  it('are told from another credential with the same id, or about the same award', () => {
    const changed = { ...credential, validFrom: '2020-01-01T00:00:00Z' }
    const again = { ...credential, id: 'urn:uuid:00000000-0000-4000-8000-000000000000' }
    expect(name([credential, changed, again])).to.deep.equal([{}, { similarTo: '0' }, { similarTo: '0' }])
  })

  it('are not those who have nothing in common, nor what is none', () => {
    expect(name([{}, {}, { id: 'a' }, { id: 'b' }])[3]).to.deep.equal({})
    expect(
      Duplicates.find([
        { name: 'a', traits: undefined },
        { name: 'b', traits: undefined },
      ]),
    ).to.deep.equal([{}, {}])
  })
})
