import { expect } from 'chai'
import * as DidDocument from '../../core/src/DidDocument.ts'
import * as DidWeb from '../../core/src/DidWeb.ts'
import { failure, hash } from './support.ts'

describe('DidWeb', () => {
  // did:web §2.5.2 and its examples.
  const published: Readonly<Record<string, string>> = {
    'did:web:w3c-ccg.github.io': 'https://w3c-ccg.github.io/.well-known/did.json',
    'did:web:w3c-ccg.github.io:user:alice': 'https://w3c-ccg.github.io/user/alice/did.json',
    'did:web:example.com%3A3000': 'https://example.com:3000/.well-known/did.json',
    'did:web:example.com%3A3000:user:alice': 'https://example.com:3000/user/alice/did.json',
    'did:web:xn--bcher-kva.example': 'https://xn--bcher-kva.example/.well-known/did.json',
    'did:web:a.b.c.example:A_b-1.2': 'https://a.b.c.example/A_b-1.2/did.json',
  }
  for (const [did, url] of Object.entries(published))
    it(`finds ${did}`, () => {
      expect(DidWeb.toUrl(did)).to.equal(url)
      expect(new URL(DidWeb.toUrl(did)).href).to.equal(url)
    })

  it('takes ports to 65535 and hosts to 253 letters', () => {
    for (const port of [1, 80, 65535])
      expect(DidWeb.toUrl(`did:web:example.org%3A${port}`)).to.contain(`example.org:${port}/`)
    const host = `${'a.'.repeat(125)}org`
    expect(DidWeb.toUrl(`did:web:${host}`)).to.equal(`https://${host}/.well-known/did.json`)
    expect(host).to.have.length(253)
  })

  it('names a domain, a port and a path', () => {
    expect(DidWeb.fromDomain('issuer.example.org')).to.equal('did:web:issuer.example.org')
    expect(DidWeb.fromDomain('issuer.example.org:8443')).to.equal('did:web:issuer.example.org%3A8443')
    expect(DidWeb.fromDomain('issuer.example.org', 'faculty', 'law')).to.equal('did:web:issuer.example.org:faculty:law')
  })

  for (const name of [
    ...[
      '',
      'localhost',
      '127.0.0.1',
      '127.0.0.1%3A8080',
      '[::1]',
      '2130706433',
      '0x7f.1',
      '1.2.3',
      'Example.org',
      'EXAMPLE.ORG',
    ],
    ...[
      'example.org.',
      '.example.org',
      'example..org',
      '-example.org',
      'example-.org',
      'example.org/path',
      'example.org#a',
    ],
    ...[
      'example.org?a',
      'a@example.org',
      'example.org%2Fpath',
      'example.org%3a443',
      'example.org%3A0',
      'example.org%3A65536',
    ],
    ...['example.org%3A', 'example.org:', 'example.org::a', 'example.org:..', 'example.org:a:.', 'example.org:a%2F..'],
    ...[
      'bücher.example',
      'example.org\n',
      ' example.org',
      `${'a.'.repeat(126)}org`,
      'example.org%00',
      'example.org:a b',
    ],
  ])
    it(`refuses did:web:${JSON.stringify(name).slice(1, 60)}`, () => {
      const error = failure(() => DidWeb.toUrl(`did:web:${name}`))
      expect(error).to.include({ code: 'DID_INVALID', name: 'DidWeb.InvalidDidError' })
      expect(error.facts).to.deep.equal({})
    })

  it('refuses another method, and a domain that it could not find again', () => {
    expect(failure(() => DidWeb.toUrl('did:key:example.org')).code).to.equal('DID_INVALID')
    for (const domain of ['localhost', 'http://example.org', 'a:1:2'])
      expect(failure(() => DidWeb.fromDomain(domain)).code).to.equal('DID_INVALID')
    expect(failure(() => DidWeb.fromDomain('example.org', '..')).code).to.equal('DID_INVALID')
  })

  it('decides on a name of a megabyte at once', () => {
    const started = performance.now()
    for (const name of ['a'.repeat(1e6), 'a.'.repeat(5e5), `a${'-'.repeat(1e6)}`, `example.org${':a'.repeat(5e5)}!`])
      expect(failure(() => DidWeb.toUrl(`did:web:${name}`)).code).to.equal('DID_INVALID')
    expect(performance.now() - started).to.be.below(5000)
  })

  it('publishes retired keys beside the present one, under the same purposes', () => {
    const did = 'did:web:issuer.example.org'
    const document = DidWeb.document({ did, credentialKeys: [hash(1), hash(2)] })
    expect(document).to.not.have.property('service')
    expect(document.assertionMethod).to.deep.equal([
      DidWeb.verificationMethod(did, hash(1)),
      DidWeb.verificationMethod(did, hash(2)),
    ])
    expect(document.authentication).to.deep.equal(document.assertionMethod)
    for (const key of [hash(1), hash(2)])
      expect(DidDocument.publicKey(document, DidWeb.verificationMethod(did, key))?.bytes).to.deep.equal(key)
  })

  it('gives no Ed25519 key for the key of the chain account', () => {
    const did = 'did:web:issuer.example.org'
    const document = DidWeb.document({ did, credentialKeys: [hash(1)], chainKey: { x: hash(3), y: hash(4) } })
    expect(document.assertionMethod).to.include(DidWeb.chainVerificationMethod(did))
    expect(document.authentication).to.not.include(DidWeb.chainVerificationMethod(did))
    expect(DidDocument.publicKey(document, DidWeb.chainVerificationMethod(did))).to.equal(undefined)
  })
})
