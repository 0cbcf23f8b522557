import { expect } from 'chai'
import * as DidDocument from '../../core/src/DidDocument.ts'
import * as DidKey from '../../core/src/DidKey.ts'
import { failure, hash, jsonOf, published } from './support.ts'

describe('DidKey', () => {
  published('the examples of did:key', 'did-key', () => {
    const examples = jsonOf('did-key/did-key-spec-examples.json')
    for (const did of examples.didKeyIdentifiers)
      if (did.startsWith('did:key:z6Mk'))
        it(`reads the published ${did}`, () => {
          expect(DidKey.fromPublicKey(DidKey.toPublicKey(did))).to.equal(did)
        })
      else
        it(`refuses the published ${did.slice(0, 40)}, whose key is of another kind`, () => {
          expect(failure(() => DidKey.toPublicKey(did))).to.include({
            code: 'DID_INVALID',
            name: 'DidKey.InvalidDidError',
          })
        })

    it('stands for the published document, without key agreement and capabilities', () => {
      const example = examples.didDocuments[0]
      const document = DidKey.document(example.id)
      expect(document.verificationMethod).to.deep.equal(example.verificationMethod)
      expect(document.assertionMethod).to.deep.equal(example.assertionMethod)
      expect(document.authentication).to.deep.equal(example.authentication)
      expect(document.id).to.equal(example.id)
    })
  })

  it('gives its key to whoever reads its document', () => {
    const did = DidKey.fromPublicKey(hash(1))
    expect(DidDocument.publicKey(DidKey.document(did), DidKey.verificationMethod(did))).to.deep.equal({
      kind: 'Ed25519',
      bytes: hash(1),
    })
  })

  for (const did of [
    '',
    'did:key:',
    'did:key:z6Mk',
    'did:web:example.org',
    'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
  ])
    it(`refuses ${JSON.stringify(did)}`, () => {
      expect(failure(() => DidKey.document(did)).code).to.equal('DID_INVALID')
    })

  it('refuses another method of the same length', () => {
    expect(failure(() => DidKey.toPublicKey(DidKey.fromPublicKey(hash(1)).replace('key', 'kez'))).code).to.equal(
      'DID_INVALID',
    )
  })

  it('refuses a fragment, a query and spaces', () => {
    const did = DidKey.fromPublicKey(hash(1))
    for (const text of [DidKey.verificationMethod(did), `${did}?a`, `${did} `, ` ${did}`, did.toUpperCase()])
      expect(failure(() => DidKey.toPublicKey(text)).code).to.equal('DID_INVALID')
  })
})
