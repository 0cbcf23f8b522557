import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Contexts from '../../core/src/Contexts.ts'
import type * as Json from '../../core/src/Json.ts'
import * as JsonLd from '../../core/src/JsonLd.ts'
import { hold, shouldAgree, type Tally } from './agreement.ts'
import { failure } from './support.ts'

const { credentialsV2, openBadges } = Contexts
const base = {
  '@context': [credentialsV2, openBadges],
  id: 'urn:a',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
} as const
const unsafe = { code: 'JSONLD_SAFE_MODE', name: 'JsonLd.UnsafeError' }
const unsupported = { code: 'JSONLD_UNSUPPORTED', name: 'JsonLd.UnsupportedError' }

describe('JsonLd', () => {
  describe('agrees with jsonld and rdf-canonize', function () {
    this.timeout(0)
    shouldAgree(2_000)

    const vectors = fileURLToPath(new URL('../vectors/laurel-v1/golden/', import.meta.url))
    const conformance = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url))
    const documents = (folder: string) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && /\.(json|jsonld|txt)$/.test(entry.name))
        .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
        .flatMap(objectsIn)

    it('on the golden documents', async () => {
      const tally = { same: 0, refused: 0, stricter: 0, unsupported: 0 }
      for (const document of documents(vectors)) await hold(document, tally)
      expect(tally.same).to.be.at.least(33 + 5)
      expect(tally).to.include({ stricter: 0, unsupported: 0 })
    })

    it('on the published documents of the standards', async function () {
      if (!existsSync(conformance)) {
        console.log('      SKIPPED: the published documents are not beside this clone')
        this.skip()
      }
      const tally: Tally = { same: 0, refused: 0, stricter: 0, unsupported: 0 }
      for (const document of documents(conformance)) await hold(document, tally)
      expect(tally.same).to.be.above(50)
      expect(tally.stricter).to.equal(0)
    })

    it('but for the name of a blank node with white space in it, which the library takes beside a vocabulary', async () => {
      const tally: Tally = { same: 0, refused: 0, stricter: 0, unsupported: 0 }
      for (const more of [[], [{ '@vocab': 'https://a.example/' }]])
        await hold(
          {
            '@context': [credentialsV2, ...more],
            proof: { type: 'DataIntegrityProof', proofPurpose: '_:\f\\' },
          },
          tally,
        )
      expect(tally).to.deep.equal({ same: 0, refused: 1, stricter: 1, unsupported: 0 })
    })

    it('on every type of every bundled context, also after every other', async () => {
      const tally: Tally = { same: 0, refused: 0, stricter: 0, unsupported: 0 }
      for (const first of Contexts.urls())
        for (const second of Contexts.urls()) {
          const terms = Object.keys(Contexts.load(second)['@context'] as Json.Object)
          const types = terms.filter((name) => /^[A-Z]/.test(name))
          for (const type of [...types, types])
            await hold({ '@context': [first, second], type, id: 'urn:a', inner: { type: 'Profile' } }, tally)
          await hold({ '@context': [first, second], 'urn:p': types.map((type) => ({ type, id: 'urn:b' })) }, tally)
        }
      expect(tally).to.include({ stricter: 0, unsupported: 0 })
      expect(tally.same).to.be.above(15)
    }).timeout(60_000)
  })

  it('makes statements', () => {
    const document = {
      ...base,
      name: { '@value': 'Güte "A"\n', '@language': 'DE' },
      credentialSubject: {
        type: ['AchievementSubject'],
        creditsEarned: 2.5,
        identifier: [{ type: 'IdentityObject', hashed: false }],
      },
      proof: { type: 'DataIntegrityProof', proofPurpose: 'assertionMethod' },
    }
    const vocabulary = 'https://purl.imsglobal.org/spec/vc/ob/vocab.html#'
    const type = '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>'
    const credential = { subject: '<urn:a>', graph: undefined }
    expect(JsonLd.statements(document)).to.have.deep.members([
      { ...credential, predicate: type, object: '<https://www.w3.org/2018/credentials#VerifiableCredential>' },
      { ...credential, predicate: type, object: `<${vocabulary}OpenBadgeCredential>` },
      { ...credential, predicate: '<https://schema.org/name>', object: '"Güte \\"A\\"\\n"@de' },
      { ...credential, predicate: '<https://www.w3.org/2018/credentials#credentialSubject>', object: 0 },
      { subject: 0, predicate: type, object: `<${vocabulary}AchievementSubject>`, graph: undefined },
      {
        subject: 0,
        predicate: `<${vocabulary}creditsEarned>`,
        object: '"2.5E0"^^<https://www.w3.org/2001/XMLSchema#float>',
        graph: undefined,
      },
      { subject: 0, predicate: `<${vocabulary}identifier>`, object: 1, graph: undefined },
      { subject: 1, predicate: type, object: `<${vocabulary}IdentityObject>`, graph: undefined },
      {
        subject: 1,
        predicate: `<${vocabulary}hashed>`,
        object: '"false"^^<https://www.w3.org/2001/XMLSchema#boolean>',
        graph: undefined,
      },
      { ...credential, predicate: '<https://w3id.org/security#proof>', object: 2 },
      { subject: 3, predicate: type, object: '<https://w3id.org/security#DataIntegrityProof>', graph: 2 },
      {
        subject: 3,
        predicate: '<https://w3id.org/security#proofPurpose>',
        object: '<https://w3id.org/security#assertionMethod>',
        graph: 2,
      },
    ])
  })

  describe('extend', () => {
    const reading = JsonLd.read({ ...base, credentialSubject: { id: '_:who', type: ['AchievementSubject'] } })

    it('adds what a member says of the document, and changes no reading', () => {
      const before = [...reading.statements]
      const proof = { type: 'DataIntegrityProof', verificationMethod: '_:who' }
      const more = JsonLd.extend(reading, 'proof', [proof])
      expect(more.slice(0, before.length)).to.deep.equal(before)
      expect(more).to.have.length(before.length + 3)
      // A blank node that the document has named is the same one in what is added.
      const subject = before.find(({ predicate }) => predicate.endsWith('#credentialSubject>'))?.object
      expect(more.at(-1)).to.include({ object: subject })
      expect(reading.statements).to.deep.equal(before)
      expect(JsonLd.extend(reading, 'proof', [proof])).to.deep.equal(more)
    })

    it('refuses what would be dropped', () => {
      expect(failure(() => JsonLd.extend(reading, 'grade', 'A+'))).to.include(unsafe)
      expect(failure(() => JsonLd.extend(reading, 'proof', { grade: 'A+' }))).to.include(unsafe)
    })

    it('takes a keyword for a programming error', () => {
      expect(() => JsonLd.extend(reading, 'type', 'Profile')).to.throw(TypeError)
    })
  })

  describe('refuses what the safe mode of jsonld drops without a word', () => {
    const dropped: Readonly<Record<string, Json.Object>> = {
      'an identifier that is empty': { ...base, termsOfUse: '' },
      'a language beside no text': { ...base, credentialSubject: { id: 'urn:b', '@language': 'en' } },
      'a direction beside no text': { ...base, name: { '@value': true, '@direction': 'ltr' } },
      'a value that is an empty list': { ...base, name: { '@value': [] } },
      'a text for a double that would be written otherwise': {
        ...base,
        name: { '@value': '1abc', '@type': 'http://www.w3.org/2001/XMLSchema#double' },
      },
      'a value of two types': { ...base, name: { '@value': 'x', '@type': ['urn:a', 'urn:b'] } },
      'a text with the datatype of texts in a language': {
        ...base,
        name: { '@value': 'x', '@type': 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString' },
      },
      'a number in a JSON literal that loses digits': { ...base, cnf: { jwk: { x: 0.30000000000000004 } } },
      'a member __proto__ in a JSON literal': { ...base, cnf: { jwk: JSON.parse('{"__proto__":1}') } },
      'a member __proto__ in a vocabulary': {
        ...JSON.parse('{"__proto__":1}'),
        '@context': [credentialsV2, { '@vocab': 'https://www.w3.org/ns/credentials/examples#' }],
      },
    }
    for (const [what, document] of Object.entries(dropped))
      it(what, () => {
        expect(failure(() => JsonLd.statements(document))).to.include(unsafe)
      })
  })

  describe('says that it does not read', () => {
    const withOwn = (own: Json.Object) => ({ ...base, '@context': [credentialsV2, own], grade: 'x' })
    const strange: Readonly<Record<string, Json.Object>> = {
      'terms of a document by more than their meaning': {
        ...base,
        '@context': [credentialsV2, { grade: { '@id': 'urn:grade', '@container': '@language' } }],
      },
      ...Object.fromEntries(
        [
          ['a keyword', '@set'],
          ['a keyword by another name', 'type'],
          ['none', '@none'],
          ['a blank node', '_:b'],
          ['that of texts in a language', 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString'],
        ].map(([what, type = '']) => [
          `a datatype that is ${what}`,
          withOwn({ grade: { '@id': 'urn:grade', '@type': type } }),
        ]),
      ),
      'another name for @context, under which something would be dropped': withOwn({ grade: '@context' }),
      'a name of no letters': withOwn({ '': 'urn:grade' }),
      'a list of JSON': withOwn({ grade: { '@id': 'urn:grade', '@type': '@json', '@container': '@list' } }),
      'a graph of JSON': withOwn({ grade: { '@id': 'urn:grade', '@type': '@json', '@container': '@graph' } }),
      'a version of JSON-LD that is none': withOwn({ '@version': 1, grade: 'urn:grade' }),
      'a vocabulary that is not on the web': { ...base, '@context': [credentialsV2, { '@vocab': 'urn:' }] },
      'a vocabulary and more': {
        ...base,
        '@context': [credentialsV2, { '@vocab': 'https://a.example/', '@base': null }],
      },
      'more contexts than anybody needs': { ...base, '@context': Array.from({ length: 17 }, () => credentialsV2) },
      'an import': { ...base, '@context': [credentialsV2, { '@version': 1.1, '@import': openBadges }] },
      '@graph': { '@graph': [base] },
      '@included': { ...base, '@included': { id: 'urn:z' } },
      '@reverse': { ...base, '@reverse': { name: { id: 'urn:z' } } },
      '@nest': { ...base, '@nest': { name: 'x' } },
      '@index': { ...base, '@index': 'x' },
      '@set': { ...base, name: { '@set': ['x'] } },
      '@list': { ...base, name: { '@list': ['x'] } },
      'a value of type @json': { ...base, name: { '@value': {}, '@type': '@json' } },
      'a keyword without use in a document': { ...base, '@protected': true },
    }
    for (const [what, document] of Object.entries(strange))
      it(what, () => {
        expect(failure(() => JsonLd.statements(document))).to.include(unsupported)
      })
  })

  it('forgets contexts that strangers put in ever new orders', () => {
    const before = JsonLd.statements({ ...base, name: 'x' })
    const urls = Contexts.urls().filter((url) => !url.endsWith('/v1'))
    for (let i = 0; i < 3_000; i++) {
      const order = Array.from(
        { length: 5 },
        (_, place) => urls[Math.floor(i / urls.length ** place) % urls.length] as string,
      )
      try {
        JsonLd.statements({ ...base, '@context': order })
      } catch (error) {
        expect(error).to.be.instanceOf(JsonLd.UnsafeError)
      }
    }
    expect(JsonLd.statements({ ...base, name: 'x' })).to.deep.equal(before)
  }).timeout(60_000)
})

/** The objects with a context in a JSON file, the outermost and those inside; none in what is not JSON. */
function objectsIn(text: string): readonly Json.Object[] {
  const visit = (value: unknown): readonly Json.Object[] => {
    if (typeof value !== 'object' || value === null) return []
    const own = '@context' in value ? [value as Json.Object] : []
    return [...own, ...Object.values(value).flatMap(visit)]
  }
  try {
    return visit(JSON.parse(text))
  } catch {
    return []
  }
}
