import { expect } from 'chai'
import * as BlockcertsContexts from '../../core/src/BlockcertsContexts.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Contexts from '../../core/src/Contexts.ts'
import * as Jcs from '../../core/src/Jcs.ts'
import { failure, sharedJsonOf } from './support.ts'

describe('Contexts', () => {
  it('has every bundled context as it was pinned', () => {
    Contexts.selfCheck()
    expect(Contexts.urls()).to.have.length(9)
    expect(Contexts.urls()).to.include.members([Contexts.credentialsV2, Contexts.openBadges])
  })

  it('loads each once', () => {
    for (const url of Contexts.urls()) {
      expect(Contexts.load(url)).to.have.property('@context')
      expect(Contexts.load(url)).to.equal(Contexts.load(url))
    }
  })

  it('has those of Blockcerts, in which no Open Badge 3.0 is written', () => {
    expect(BlockcertsContexts.all.size).to.be.greaterThan(15)
    for (const url of BlockcertsContexts.all.keys()) {
      expect(Contexts.load(url)).to.have.property('@context')
      expect(Contexts.urls()).to.not.include(url)
    }
  })

  const published: Readonly<Record<string, string>> = {
    [Contexts.credentialsV2]: 'conformance/w3c-vc-data-model/contexts/credentials/v2',
    'https://w3id.org/security/data-integrity/v2': 'conformance/w3c-vc-data-integrity/contexts/data-integrity/v2',
    [Contexts.openBadges]: 'conformance/1edtech-openbadges-spec/ob_v3p0/context-3.0.3.json',
  }
  for (const [url, path] of Object.entries(published))
    it(`has ${url} as its authors publish it`, function () {
      expect(Contexts.load(url)).to.deep.equal(sharedJsonOf(this, path))
    })

  for (const url of [
    ...['', 'https://evil.example/ctx.json', 'http://www.w3.org/ns/credentials/v2', `${Contexts.credentialsV2}/`],
    ...[`${Contexts.credentialsV2}#`, `${Contexts.credentialsV2}?a`, '__proto__', 'constructor', 'file:///etc/passwd'],
    ...['https://www.w3.org/ns/credentials/examples/v2', 'https://w3id.org/security/data-integrity/v1'],
  ])
    it(`does not know ${JSON.stringify(url)}`, () => {
      const error = failure(() => Contexts.load(url))
      expect(error).to.include({ code: 'CONTEXT_UNKNOWN', name: 'Contexts.UnknownContextError' })
      expect(error.facts).to.deep.equal({ url })
    })

  it('refuses a copy that was changed, or is missing', () => {
    const document = Contexts.load(Contexts.credentialsV2)
    const digest = Bytes.toHex(Jcs.digest(document))
    expect(Contexts.verify('urn:a', document, digest)).to.equal(document)
    for (const copy of [undefined, {}, { ...document, extra: 1 }]) {
      const error = failure(() => Contexts.verify('urn:a', copy, digest))
      expect(error).to.include({ code: 'CONTEXT_DIGEST', name: 'Contexts.DigestError' })
      expect(error.facts).to.deep.equal({ url: 'urn:a' })
    }
  })
})
