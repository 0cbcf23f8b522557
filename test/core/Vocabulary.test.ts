import { expect } from 'chai'
import type * as Json from '../../core/src/Json.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'
import * as Vocabulary from '../../core/src/Vocabulary.ts'
import * as Judge from './JsonLdJudge.ts'
import { failure } from './support.ts'

const openBadges2 = 'https://w3id.org/openbadges/v2'
const blockcerts2 = 'https://w3id.org/blockcerts/v2'
const credentials1 = 'https://www.w3.org/2018/credentials/v1'
const second = [openBadges2, blockcerts2]
const third = [credentials1, 'https://w3id.org/blockcerts/v3']

const grade = { '@id': 'https://school.example.org/terms#grade', '@type': 'https://school.example.org/types#grade' }

describe('A vocabulary', () => {
  const added: Readonly<Record<string, readonly Json.Value[]>> = {
    'of bundled contexts only': second,
    'with a name': [...second, { grade: 'https://school.example.org/terms#grade' }],
    'with a name for values of a datatype': [...second, { grade }],
    'with names before the bundled ones': [{ grade, other: 'urn:x:other' }, ...third],
    'with a prefix and names by it': [...third, { school: 'https://school.example.org/', grade: 'school:grade' }],
    'of nothing': [...second, {}],
  }
  for (const [what, contexts] of Object.entries(added))
    it(`${what} only adds`, () => expect(Vocabulary.isAdded(contexts, { id: 'urn:uuid:1' })).to.equal(true))

  const changing: Readonly<Record<string, readonly Json.Value[]>> = {
    'that gives a known name another meaning': [...second, { expires: 'urn:x:nothing' }],
    'that gives it the same': [...second, { expires: 'https://w3id.org/security#expiration' }],
    'that gives what is known another name': [...second, { ends: 'https://w3id.org/security#expiration' }],
    'that does so by a prefix': [...second, { ends: 'sec:expiration' }],
    'that does so before the bundled ones': [{ ends: 'https://w3id.org/security#expiration' }, ...second],
    'that does so by a prefix of its own': [{ s: 'https://w3id.org/security#', ends: 's:expiration' }, ...second],
    'that does so by two names': [...second, { ends: 'https://w3id.org/security#expiration', stops: 'ends' }],
    'that does so with what is known in one place only': [
      ...third,
      { ends: 'https://www.w3.org/2018/credentials#expirationDate' },
    ],
    'that gives a keyword another name': [...second, { kind: '@type' }],
    'of a scope': [...second, { grade: { '@id': 'urn:x:grade', '@context': { expires: 'urn:x:nothing' } } }],
    'of everything': [...second, { '@vocab': 'https://w3id.org/security#' }],
  }
  for (const [what, contexts] of Object.entries(changing))
    it(`${what} does more`, () => expect(Vocabulary.isAdded(contexts, { id: 'urn:uuid:1' })).to.equal(false))

  it('with a prefix that shortens something in the document does more', () => {
    const contexts = [...third, { u: 'urn:uuid:', v: 'u:2:', w: { '@id': 'urn:uuid:3:' } }]
    const isAdded = (value: Json.Value) => Vocabulary.isAdded(contexts, { id: 'urn:a', evidence: [{ id: value }] })
    expect(['u:1', 'v:1'].map(isAdded)).to.deep.equal([false, false])
    // Of a name that is no prefix nothing is made.
    expect(['urn:uuid:1', 'uu:1', 'w:1', 'u', 7].map(isAdded)).to.deep.equal([true, true, true, true, true])
  })

  it('that is not bundled is not judged', () => {
    const unknown = failure(() => Vocabulary.isAdded(['https://evil.example/v1', { grade }], {}))
    expect(unknown.code).to.equal('CONTEXT_UNKNOWN')
    const reverse = [...second, { grade: { '@reverse': 'urn:x:grade' } }]
    expect(failure(() => Vocabulary.isAdded(reverse, {})).code).to.equal('JSONLD_UNSUPPORTED')
  })

  describe('of Blockcerts, with names of a certificate’s own, means what jsonld says', () => {
    const own = { grade, metadataJson: 'urn:x:metadata' }
    const assertion = {
      id: 'urn:uuid:1',
      type: 'Assertion',
      recipient: { type: 'email', identity: 'learner@example.org', hashed: false },
      recipientProfile: {
        type: ['RecipientProfile', 'Extension'],
        publicKey: 'ecdsa-koblitz-pubkey:1CZv',
        name: 'Ana',
      },
      badge: {
        id: 'urn:uuid:2',
        type: 'BadgeClass',
        name: 'Robotics',
        image: 'data:image/png;base64,AAAA/+==',
        criteria: {},
        issuer: { id: 'https://school.example.org/issuer', type: 'Profile', name: 'A school' },
        signatureLines: [
          { type: ['SignatureLine', 'Extension'], jobTitle: 'Head', image: 'data:image/png;base64,BBBB' },
        ],
      },
      verification: { type: ['MerkleProofVerification2017', 'Extension'], publicKey: 'ecdsa-koblitz-pubkey:0xab' },
      issuedOn: '2026-03-01T09:00:00Z',
      expires: '2027-03-01T09:00:00Z',
    }
    const credential = {
      id: 'urn:uuid:3',
      type: ['VerifiableCredential', 'BlockcertsCredential'],
      issuer: 'https://school.example.org/issuer',
      issuanceDate: '2026-03-01T09:00:00Z',
      expirationDate: '2027-03-01T09:00:00Z',
      credentialSubject: {
        id: 'did:example:ana',
        name: 'Ana',
        email: 'learner@example.org',
        claim: { name: 'Robotics' },
      },
      metadata: '{"a":1}',
      display: { contentMediaType: 'text/html', content: '<b>Robotics</b>' },
    }
    const documents: Readonly<Record<string, Json.Object>> = {
      'version 2': { '@context': second, ...assertion },
      'version 2 with names': { '@context': [...second, own], ...assertion, grade: 'A', metadataJson: '{}' },
      'version 3.0': { '@context': third, ...credential },
      'version 3.1 with names': {
        '@context': [credentials1, own, 'https://w3id.org/blockcerts/v3.1'],
        ...credential,
        grade: 'A',
      },
      'version 3.2': {
        '@context': ['https://www.w3.org/ns/credentials/v2', 'https://w3id.org/blockcerts/v3.2'],
        ...Object.fromEntries(Object.entries(credential).filter(([name]) => !name.endsWith('Date'))),
        validFrom: '2026-03-01T09:00:00Z',
      },
    }
    for (const [what, document] of Object.entries(documents))
      it(what, async () => expect(await Judge.judge(document)).to.deep.equal({ text: Rdfc.canonize(document) }))

    it('and where a name has no meaning, neither reads it', async () => {
      const document = { '@context': second, ...assertion, grade: 'A' }
      expect(await Judge.judge(document)).to.deep.equal({ code: 'JSONLD_SAFE_MODE' })
      expect(failure(() => Rdfc.canonize(document)).code).to.equal('JSONLD_SAFE_MODE')
    })
  })
})
