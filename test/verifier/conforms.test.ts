import type * as Json from '@laurel/core/Json'
import { verify } from '@laurel/verifier'
import { conforms } from '@laurel/verifier/checks/conforms'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'

const anchored = Golden.read('B-3-1.json')
const { proof: _, ...unsigned } = anchored
const [signature = null] = anchored.proof as readonly Json.Value[]
/** The same without an anchor: what a stranger may write. */
const plain: Json.Object = { ...unsigned, proof: signature }
const [v2, badges] = anchored['@context'] as readonly [string, string]
const subject = plain.credentialSubject as Json.Object

const verdict = (document: Json.Object) => {
  const { outcome, code } = conforms(document)
  return `${outcome} ${code}`
}

describe('conforms', () => {
  it('passes what we write, and the same without an anchor', () => {
    expect(verdict(anchored)).to.equal('passed CONFORMS')
    expect(verdict(plain)).to.equal('passed CONFORMS')
  })

  const cases: Readonly<Record<string, readonly [Json.Object, string]>> = {
    'no context': [{ '@context': null }, 'failed CONTEXT_FORM'],
    'a context that is no list': [{ '@context': v2 }, 'failed CONTEXT_FORM'],
    'an inline context': [{ '@context': [v2, badges, { '@vocab': 'https://x.example/' }] }, 'failed CONTEXT_FORM'],
    'a context that is not bundled': [{ '@context': [v2, badges, 'https://x.example/v1'] }, 'unknown CONTEXT_UNKNOWN'],
    'the contexts in another order': [{ '@context': [badges, v2] }, 'failed CONTEXT_FORM'],
    'the contexts of version 1': [
      { '@context': ['https://www.w3.org/2018/credentials/v1', badges] },
      'failed SHAPE_MEMBER_UNKNOWN',
    ],
    'a context twice': [{ '@context': [v2, badges, badges] }, 'failed SHAPE_REPEATED'],
    'a context below the top': [{ credentialSubject: { ...subject, '@context': v2 } }, 'failed KEYWORD'],
    'a keyword': [{ '@graph': [] }, 'failed KEYWORD'],
    '@id for id': [{ '@id': 'urn:x:y' }, 'failed KEYWORD'],
    '@included': [{ '@included': [{ id: 'urn:x:y', type: ['Profile'] }] }, 'failed KEYWORD'],
    '@nest': [{ '@nest': { validUntil: '2020-01-01T00:00:00Z' } }, 'failed KEYWORD'],
    '@reverse': [{ '@reverse': { credentialStatus: { id: 'urn:x:y' } } }, 'failed KEYWORD'],
    'an absolute address for a member': [
      { 'https://www.w3.org/2018/credentials#validUntil': '2020-01-01T00:00:00Z' },
      'failed MEMBER_IRI',
    ],
    'a compact address for a member': [{ 'cred:validUntil': '2020-01-01T00:00:00Z' }, 'failed MEMBER_IRI'],
    'an unknown member': [{ colour: 'red' }, 'failed SHAPE_MEMBER_UNKNOWN'],
    'an empty member': [{ validUntil: null }, 'failed SHAPE_TYPE'],
    'an empty list': [{ evidence: [] }, 'failed SHAPE_CARDINALITY'],
    'a list in a list': [{ evidence: [[{ id: 'urn:x:y', type: ['Evidence'] }]] }, 'failed SHAPE_CARDINALITY'],
    'the same value twice': [
      { type: ['VerifiableCredential', 'OpenBadgeCredential', 'OpenBadgeCredential'] },
      'failed SHAPE_REPEATED',
    ],
    'a type by its address': [
      { type: ['VerifiableCredential', 'OpenBadgeCredential', 'https://x.example/Type'] },
      'failed TYPE_NOT_TERM',
    ],
    'another kind of credential': [{ type: ['VerifiableCredential', 'ClrCredential'] }, 'unknown TYPE_UNKNOWN'],
    'another type than its class has': [{ evidence: [{ id: 'urn:x:y', type: ['Document'] }] }, 'failed SHAPE_VALUE'],
    'a day that does not exist': [{ validUntil: '2027-02-30T00:00:00Z' }, 'failed SHAPE_VALUE'],
    'a time without a zone': [{ validUntil: '2027-02-20T00:00:00' }, 'failed SHAPE_VALUE'],
    'two subjects': [{ credentialSubject: [subject, { ...subject, id: 'urn:x:y' }] }, 'failed SHAPE_CARDINALITY'],
    'no subject': [{ credentialSubject: null }, 'failed SHAPE_TYPE'],
    'the same thing described twice, and differently': [
      {
        evidence: [
          { id: 'urn:x:y', type: ['Evidence'], name: 'a' },
          { id: 'urn:x:y', type: ['Evidence'], name: 'b' },
        ],
      },
      'failed SHAPE_ID_REPEATED',
    ],
  }
  for (const [how, [change, decision]] of Object.entries(cases))
    it(`${how}: ${decision}`, () => expect(verdict({ ...plain, ...change })).to.equal(decision))

  it('lets strangers describe a person twice, and nothing else', () => {
    const { id } = plain.issuer as Json.Object
    const { achievement, ...rest } = subject
    const creator = { id: id ?? '', type: ['Profile'], name: 'The same, shorter' }
    const credentialSubject = { ...rest, achievement: { ...(achievement as Json.Object), creator } }
    expect(verdict({ ...plain, credentialSubject })).to.equal('passed CONFORMS')
    expect(verdict({ ...plain, credentialSubject: { ...subject, id: id ?? '' } })).to.equal('passed CONFORMS')
    expect(verdict({ ...anchored, credentialSubject })).to.equal('failed SHAPE_ID_REPEATED')
    const related = [{ id: (achievement as Json.Object).id ?? '', type: ['Related'], version: '2' }]
    const twice = { ...rest, achievement: { ...(achievement as Json.Object), related } }
    expect(verdict({ ...plain, credentialSubject: twice })).to.equal('failed SHAPE_ID_REPEATED')
  })

  it('reads a language value where the standard has it, by strangers only', () => {
    const name = { '@value': 'Ein Name', '@language': 'de' }
    expect(verdict({ ...plain, name })).to.equal('passed CONFORMS')
    expect(verdict({ ...anchored, name })).to.match(/^failed/)
    expect(verdict({ ...plain, name: { ...name, '@type': 'x' } })).to.equal('failed KEYWORD')
  })

  it('demands lists of an anchored document, and not of a stranger’s', () => {
    const evidence = { id: 'urn:x:y', type: ['Evidence'] }
    expect(verdict({ ...plain, evidence })).to.equal('passed CONFORMS')
    expect(verdict({ ...anchored, evidence })).to.equal('failed SHAPE_CARDINALITY')
  })

  describe('of bytes that are no document', () => {
    const bytes = (text: string) => new TextEncoder().encode(text)
    const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`
    const badge = (attribute: string) => `<credential xmlns="https://purl.imsglobal.org/ob/v3p0" ${attribute}/>`
    for (const [what, input, decision] of [
      ['nothing', '', 'failed FILE_TYPE'],
      ['a text', 'hello', 'failed FILE_TYPE'],
      ['a list', '[]', 'failed FILE_TYPE'],
      ['half a document', '{"id":', 'failed JSON_SYNTAX'],
      ['a member twice', '{"id":1,"id":2}', 'failed JSON_DUPLICATE_KEY'],
      ['no Unicode', Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d), 'failed JSON_NOT_UTF8'],
      ['a JWT of nothing', 'eyJhbGciOiJFZERTQSJ9.e30.AAAA', 'failed CONTEXT_FORM'],
      ['too deep', `{"a":${'['.repeat(100)}${']'.repeat(100)}}`, 'failed TOO_LARGE'],
      ['XML that is no image', '<a/>', 'failed FILE_TYPE'],
      ['XML that is no image, in bytes', bytes('<a/>'), 'failed SVG_INVALID'],
      ['an SVG that is not baked', bytes(svg('')), 'failed BAKED_MISSING'],
      [
        'an SVG with two credentials',
        bytes(svg(badge('verify="a.b.c"') + badge('verify="a.b.c"'))),
        'failed BAKED_TWICE',
      ],
      ['an SVG with an entity', bytes(`<!DOCTYPE svg [<!ENTITY a "b">]>${svg(badge(''))}`), 'failed SVG_DOCTYPE'],
      ['an SVG with half a JWT', bytes(svg(badge('verify=" eyJhbGciOiJFUzI1NiJ9.e30.x "'))), 'failed JWT_FORMAT'],
      ['an SVG with something else', bytes(svg(badge('verify="https://a.example"'))), 'failed FILE_TYPE'],
      [
        'an SVG by version 2, with nothing but an address',
        bytes(svg('<a:assertion xmlns:a="http://openbadges.org" verify="https://a.example"/>')),
        'unknown HOSTED_UNAVAILABLE',
      ],
      ['an image that ends early', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), 'failed PNG_INVALID'],
    ] as const)
      it(`${what}: ${decision}`, async () => {
        const trust = { chains: [], issuers: [], status: { maximumAgeSeconds: 1 } }
        const { checks } = await verify(input, { trust, readers: {} as never, now: 0 })
        const [first, ...rest] = checks
        expect(`${first?.outcome} ${first?.code}`).to.equal(decision)
        expect(rest.every(({ outcome, code }) => outcome === 'skipped' && code === 'NOT_CHECKED')).to.equal(true)
      })
  })
})
