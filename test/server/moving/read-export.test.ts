import { readFile } from 'node:fs/promises'
import * as BakedPng from '@laurel/core/BakedPng'
import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import fc from 'fast-check'
import { strToU8, zipSync } from 'fflate'
import { type Item, type Read, readExport } from '../../../server/src/moving/read-export.ts'
import * as Issuer from '../../verifier/openbadges2/Issuer.ts'

const badge = await readFile(new URL('../../../server/assets/badge.png', import.meta.url))

const credential = {
  '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
  id: 'urn:uuid:5a1f3f0a-5f2d-4c3a-9a73-0f4f2d6e7d11',
  type: ['VerifiableCredential', 'OpenBadgeCredential'],
  issuer: { id: 'did:web:school.example.org', type: ['Profile'], name: 'A school' },
  validFrom: '2026-02-01T00:00:00Z',
  credentialSubject: {
    type: ['AchievementSubject'],
    identifier: [
      { type: 'IdentityObject', hashed: false, identityHash: 'ada@example.org', identityType: 'emailAddress' },
    ],
    achievement: { id: 'https://school.example.org/robotics', type: ['Achievement'], name: 'Robotics' },
  },
}
const said3 = {
  issuer: { id: 'did:web:school.example.org', name: 'A school' },
  achievement: { id: 'https://school.example.org/robotics', name: 'Robotics' },
  issuedOn: '2026-02-01T00:00:00Z',
  address: credential.id,
}

async function all(name: string, content: string | Uint8Array): Promise<readonly Item[]> {
  const items: Item[] = []
  const bytes = typeof content === 'string' ? Bytes.fromUtf8(content) : content
  for await (const item of readExport(name, bytes)) items.push(item)
  return items
}

function reads(items: readonly Item[]): readonly Read[] {
  return items.flatMap((item) => ('read' in item ? [item.read] : []))
}

function wrongs(items: readonly Item[]): readonly (readonly [string, string])[] {
  return items.flatMap((item) => ('wrong' in item ? [[item.wrong.name, item.wrong.code] as const] : []))
}

describe('An export of another place', () => {
  it('may be an Open Badge: as JSON, as a token, baked into an image', async () => {
    const text = JSON.stringify(credential)
    const token = ['{"alg":"EdDSA"}', text, 'no signature']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.')
    for (const content of [text, ` ${text}\n`, token, BakedPng.bake(badge, text), BakedPng.bake(badge, token)]) {
      const [read, ...others] = reads(await all('a', content))
      expect(others).to.deep.equal([])
      expect(read?.form).to.equal('open-badge')
      expect(read?.said).to.deep.equal(said3)
      expect(read?.recipient).to.deep.equal({ email: 'ada@example.org' })
      const bytes = typeof content === 'string' ? Bytes.fromUtf8(content) : content
      expect(Bytes.equals(read?.bytes ?? new Uint8Array(), bytes), 'it is kept to the byte').to.equal(true)
    }
  })

  it('may be an Open Badge of 2.0, with what it embeds, or with addresses that are not followed', async () => {
    const embedded = { ...Issuer.assertion, badge: { ...Issuer.badge, issuer: Issuer.profile } }
    const [far, near] = reads(await all('list.json', JSON.stringify([Issuer.assertion, embedded])))
    expect(far?.said).to.deep.equal({
      issuer: {},
      achievement: { id: Issuer.badgeId },
      issuedOn: Issuer.assertion.issuedOn,
      expires: Issuer.assertion.expires,
      address: Issuer.assertion.id,
    })
    expect(near?.said.achievement).to.deep.equal({ id: Issuer.badgeId, name: 'Robotics' })
    expect(near?.said.issuer).to.deep.equal({ id: Issuer.issuerId, name: 'A school' })
    // The address of the learner is hashed: only whoever knows it finds it.
    const { identity: hash, salt } = Issuer.recipient
    expect(near?.recipient).to.deep.equal({ hashed: { hash, salt } })
  })

  it('names its recipient by any of several identifiers, one that is hashed too', async () => {
    const identity = (identityType: string, identityHash: string, more = {}) => {
      return { type: 'IdentityObject', hashed: false, identityType, identityHash, ...more }
    }
    const of = async (identifier: unknown) => {
      const badge = { ...credential, credentialSubject: { ...credential.credentialSubject, identifier } }
      return reads(await all('a.json', JSON.stringify(badge)))[0]?.recipient
    }
    const known = [identity('name', 'Ada'), identity('emailAddress', 'ada@example.org')]
    expect(await of(known)).to.deep.equal({ name: 'Ada', email: 'ada@example.org' })
    expect(await of(known[1])).to.deep.equal({ email: 'ada@example.org' })
    const hidden = identity('emailAddress', 'sha256$00', { hashed: true, salt: 'x' })
    expect(await of([known[0], hidden])).to.deep.equal({ name: 'Ada', hashed: { hash: 'sha256$00', salt: 'x' } })
    const alias = identity('name', 'sha256$11', { hashed: true, salt: 'y' })
    expect(await of([alias, hidden])).to.deep.equal({ hashed: { hash: 'sha256$00', salt: 'x' } })
  })

  it('may be a long list', async () => {
    const row = { issued_to: 'x'.repeat(400), badge_template: { name: 'Robotics' } }
    const items = await all('long.json', JSON.stringify({ data: Array.from({ length: 12_000 }, () => row) }))
    expect(reads(items).length).to.equal(12_000)
  })

  it('may be a list in which one is wrong, which is told; the others are read', async () => {
    const items = await all('list.json', JSON.stringify(['no token', '{"a":', credential]))
    expect(wrongs(items)).to.deep.equal([
      ['list.json#/0', 'JWT_FORMAT'],
      ['list.json#/1', 'JSON_SYNTAX'],
    ])
    expect(reads(items).map(({ name }) => name)).to.deep.equal(['list.json#/2'])
  })

  it('is in UTF-8, with or without a byte order mark', async () => {
    const list = { data: [{ issued_to: 'Jörg', badge_template: { name: 'Robotics' } }] }
    const [read] = reads(await all('a.json', `\ufeff${JSON.stringify(list)}`))
    expect(read?.recipient.name).to.equal('Jörg')
    const [nul] = reads(await all('a.json', JSON.stringify({ ...credential, id: 'urn:\0x' })))
    expect(nul?.said.address).to.equal('urn:x')
    const latin = Uint8Array.from(Buffer.from(JSON.stringify(list), 'latin1'))
    expect(wrongs(await all('a.json', latin))).to.deep.equal([['a.json', 'JSON_NOT_UTF8']])
  })

  it('may be what a wallet presents: each badge in it', async () => {
    const presentation = { ...credential, type: ['VerifiablePresentation'], verifiableCredential: [credential, 7] }
    const items = await all('p.json', JSON.stringify(presentation))
    expect(reads(items).map(({ name }) => name)).to.deep.equal(['p.json#/verifiableCredential/0'])
    expect(wrongs(items)).to.deep.equal([['p.json#/verifiableCredential/1', 'IMPORT_NOT_READ']])
  })

  it('may be what Badgr hands out', async () => {
    const assertion = {
      entityType: 'Assertion',
      entityId: 'K829IK8RS6ercwkpeFOn-Q',
      openBadgeId: 'https://api.badgr.io/public/assertions/K829IK8RS6ercwkpeFOn-Q',
      badgeclass: 'yA5dTmeAS6-cXEQDnjxxxA',
      badgeclassOpenBadgeId: 'https://api.badgr.io/public/badges/yA5dTmeAS6-cXEQDnjxxxA',
      issuerOpenBadgeId: 'https://api.badgr.io/public/issuers/1',
      recipient: { identity: 'sha256$00', hashed: true, type: 'email', plaintextIdentity: 'ada@example.org' },
      issuedOn: '2026-02-01T00:00:00Z',
      revoked: true,
    }
    for (const content of [{ status: { success: true }, result: [assertion] }, { assertions: [assertion] }]) {
      const [read] = reads(await all('export.json', JSON.stringify(content)))
      expect(read).to.deep.include({
        form: 'badgr',
        recipient: { email: 'ada@example.org' },
        said: {
          issuer: { id: 'https://api.badgr.io/public/issuers/1' },
          achievement: { id: 'yA5dTmeAS6-cXEQDnjxxxA' },
          issuedOn: '2026-02-01T00:00:00Z',
          address: assertion.openBadgeId,
          revoked: true,
        },
      })
    }
  })

  it('may be what Badgr hands out of somebody whose address it does not tell', async () => {
    const assertion = {
      badgeclass: 'yA5dTmeAS6-cXEQDnjxxxA',
      recipient: { identity: 'sha256$00', hashed: true, salt: 'deadsea', type: 'email', plaintextIdentity: null },
    }
    const [read] = reads(await all('export.json', JSON.stringify({ result: [assertion] })))
    expect(read?.recipient).to.deep.equal({ hashed: { hash: 'sha256$00', salt: 'deadsea' } })
  })

  it('may be what Credly hands out', async () => {
    const issued = {
      id: '6e2ba0ba-8c4f-4d3f-8d8b-1a0a0c6b1a10',
      issued_to: 'Ada Lovelace',
      issued_to_first_name: 'Ada',
      issued_to_last_name: 'Lovelace',
      recipient_email: 'ada@example.org',
      badge_template: { id: 'cfaf2910-ea5f-46f1-89a5-db525dad6e58', name: 'Robotics' },
      issued_at: '2026-02-01 09:41:00 -0500',
      expires_at: null,
      state: 'accepted',
      issuer: {
        summary: 'issued by A school',
        entities: [{ label: 'Issued by', primary: true, entity: { type: 'Organization', id: 'o1', name: 'A school' } }],
      },
    }
    const [read] = reads(await all('badges.json', JSON.stringify({ data: [issued], metadata: { count: 1 } })))
    expect(read).to.deep.include({
      form: 'credly',
      recipient: { name: 'Ada Lovelace', email: 'ada@example.org' },
      said: {
        issuer: { id: 'o1', name: 'A school' },
        achievement: { id: 'cfaf2910-ea5f-46f1-89a5-db525dad6e58', name: 'Robotics' },
        issuedOn: '2026-02-01 09:41:00 -0500',
      },
    })
  })

  for (const [place, header, row] of [
    [
      'Credly',
      'Badge Template ID,Recipient Email,First Name,Middle Name,Last Name,Issued at date,Expiration Date',
      'cfaf2910,ada@example.org,Ada,,Lovelace,02/01/26,',
    ],
    [
      'Canvas Credentials',
      'Badge Class ID;Identifier;First Name;Last Name;Narrative;Evidence URL;Issue Date;Expiration Date',
      'cfaf2910;ada@example.org;Ada;Lovelace;;;02/01/26;',
    ],
  ] as const)
    it(`may be a table of ${place}, and every row that is wrong is told`, async () => {
      const nobody = row.replace(/ada@example\.org|Ada|Lovelace/g, '')
      const items = await all('issued.csv', `${header}\n${row}\n${nobody}\n`)
      const [read] = reads(items)
      expect(read).to.deep.include({
        name: 'issued.csv:2',
        form: 'table',
        recipient: { name: 'Ada Lovelace', email: 'ada@example.org' },
        said: { issuer: {}, achievement: { id: 'cfaf2910' }, issuedOn: '02/01/26' },
      })
      expect(JSON.parse(Buffer.from(read?.bytes ?? []).toString())).to.include({ 'First Name': 'Ada' })
      expect(wrongs(items)).to.deep.equal([['issued.csv:3', 'IMPORT_ROW']])
    })

  it('may be a table that says of some that they were revoked, in whatever words', async () => {
    const table = async (column: string, ...values: string[]) => {
      const rows = values.map((value) => `ada@example.org,Robotics,${value}\n`)
      const items = await all('a.csv', `Email,Badge Name,${column}\n${rows.join('')}`)
      return reads(items).map(({ said }) => said.revoked ?? false)
    }
    expect(await table('State', 'revoked', 'Revoked', 'accepted')).to.deep.equal([true, true, false])
    expect(await table('Revoked', 'TRUE', 'yes', '1', 'false', '0')).to.deep.equal([true, true, true, false, false])
    expect(await table('Revoked At', '2026-02-01', '-')).to.deep.equal([true, false])
    expect(await table('Revocation Reason', 'by mistake', '')).to.deep.equal([true, false])
  })

  it('may be a table in which several columns might say it: the surest counts, wherever it stands', async () => {
    const header = 'Recipient,Name,Badge ID,Recipient Email,Email,Badge Template ID,Issued To'
    const row = 'Ada,x,i1,ada@example.org,school@example.org,t1,Ada Lovelace'
    const [read] = reads(await all('a.csv', `${header}\n${row}\n`))
    expect(read?.recipient).to.deep.equal({ name: 'Ada Lovelace', email: 'ada@example.org' })
    expect(read?.said.achievement).to.deep.equal({ id: 't1' })
    const [blank] = reads(await all('a.csv', `${header}\n,Ada,,,ada@example.org,t1,\n`))
    expect(blank?.recipient).to.deep.equal({ name: 'Ada', email: 'ada@example.org' })
  })

  it('may be a table in which rows are out of place, which is told, and a column stands twice, which is kept', async () => {
    const rows = ['Email,Badge Name,Note,Note', 'ada@example.org,Robotics,a,b,', 'x,y,z,a,b@example.org']
    const items = await all('a.csv', rows.join('\n'))
    const [read] = reads(items)
    expect(JSON.parse(Buffer.from(read?.bytes ?? []).toString())).to.include({ Note: 'a', 'Note (4)': 'b' })
    expect(wrongs(items)).to.deep.equal([['a.csv:3', 'CSV_COLUMN_COUNT']])
    expect(wrongs(await all('a.csv', `${'Email,'.repeat(1_000)}Name\n${','.repeat(1_000)}x\n`))).to.deep.equal([
      ['a.csv', 'CSV_COLUMN_COUNT'],
    ])
  })

  it('may be an archive of all of these, in which wrong files are told and the others read', async () => {
    const items = await all(
      'all.zip',
      zipSync({
        'a.json': strToU8(JSON.stringify(credential)),
        'deep/b.png': BakedPng.bake(badge, JSON.stringify(credential)),
        'empty.png': badge,
        'list.csv': strToU8('Badge Name,Email\nRobotics,ada@example.org\nRobotics,\n'),
        'readme.txt': strToU8('hello'),
        'broken.json': strToU8('{"a":1,"a":2}'),
        'again.zip': zipSync({ 'a.json': strToU8('{}') }),
      }),
    )
    expect(reads(items).map(({ name }) => name)).to.deep.equal(['a.json', 'deep/b.png', 'list.csv:2'])
    expect(new Map(wrongs(items))).to.deep.equal(
      new Map([
        ['empty.png', 'BAKED_MISSING'],
        ['list.csv:3', 'IMPORT_ROW'],
        ['readme.txt', 'IMPORT_NOT_READ'],
        ['broken.json', 'JSON_DUPLICATE_KEY'],
        ['again.zip', 'IMPORT_NOT_READ'],
      ]),
    )
  })

  for (const [what, content, code] of [
    ['names that lead out of it', zipSync({ '../../etc/passwd': strToU8('x') }), 'ZIP_INVALID'],
    ['what is larger than it may be', zipSync({ 'a.json': new Uint8Array(17 * 2 ** 20) }), 'ZIP_LIMIT'],
  ] as const)
    it(`is refused as an archive with ${what}: ${code}`, async () => {
      const error = await all('evil.zip', content).then(
        () => undefined,
        (reason) => reason,
      )
      expect(error?.code).to.equal(code)
    })

  it('is read or told to be wrong, whatever it is', async () => {
    const json = fc.json({ maxDepth: 4 })
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), json), fc.constantFrom('a.json', 'a.csv', 'a'), async (text, name) => {
        for (const item of await all(name, text))
          expect(item).to.satisfy((each: Item) => 'read' in each || 'wrong' in each)
      }),
    )
  })
})
