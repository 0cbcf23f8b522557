import { existsSync, readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Contexts from '@laurel/core/Contexts'
import * as Json from '@laurel/core/Json'
import { Policy, verify } from '@laurel/verifier'
import { obeysBadgeSchema } from '@laurel/verifier/checks/badge-schema'
import { conforms } from '@laurel/verifier/checks/conforms'
import { nobody } from '@laurel/verifier/Readers'
import { Ajv2019 } from 'ajv/dist/2019.js'
import formats from 'ajv-formats'
import { expect } from 'chai'
import * as Badges from '../support/Badges.ts'
import * as Cli from '../support/Cli.ts'
import * as Golden from '../support/Golden.ts'
import * as Mutants from './Mutants.ts'

const id = 'https://school.example/schema.json'
const dialect = 'https://json-schema.org/draft/2020-12/schema'
const properties = (limits: Json.Object): Json.Object => ({
  properties: { credentialSubject: { properties: { creditsEarned: limits } } },
})

describe('Schemas that a credential is said to obey', function () {
  this.timeout(120_000)
  let author: Badges.Author
  before(async () => {
    author = await Badges.author()
  })

  const sign = (credentialSchema: readonly Json.Object[]) =>
    Badges.sign(Badges.badge(author.did, { credentialSchema }), 'eddsa-jcs-2022', author)
  const decide = async (named: readonly Json.Object[], schemas: Readonly<Record<string, Json.Object>>) => {
    const options = { trust: Badges.trusting(author.did), readers: nobody, now: Badges.now, schemas }
    const { verdict, check, code } = Policy.decide(await verify(JSON.stringify(await sign(named)), options))
    return [verdict, check, code].join(' ')
  }

  for (const type of ['JsonSchema', '1EdTechJsonSchemaValidator2019', 'JsonSchemaValidator2018'])
    for (const $schema of [
      dialect,
      'https://json-schema.org/draft/2019-09/schema#',
      'http://json-schema.org/draft-07/schema#',
    ])
      it(`are gone by as ${type} in ${$schema}, where they are at hand`, async () => {
        const named = [{ id, type }]
        const of = (limits: Json.Object) => ({ [id]: { $id: id, $schema, ...properties(limits) } })
        expect(await decide(named, of({ maximum: 2.5 }))).to.equal('accepted  ACCEPTED')
        expect(await decide(named, of({ maximum: 2 }))).to.equal('rejected conforms SCHEMA_MISMATCH')
        expect(await decide(named, {})).to.equal('unknown conforms SCHEMA_UNKNOWN')
      })

  it('may be brought by a schema credential, or named in it', async () => {
    const type = 'JsonSchemaCredential'
    const at = 'https://school.example/schema-credential.json'
    const credential = (jsonSchema: Json.Value) => ({
      id: at,
      credentialSubject: { id, type: 'JsonSchema', jsonSchema },
    })
    const schema = { $id: id, $schema: dialect, ...properties({ maximum: 2 }) }
    expect(await decide([{ id: at, type }], { [at]: credential(schema) })).to.equal('rejected conforms SCHEMA_MISMATCH')
    const good = { ...schema, ...properties({ maximum: 3 }) }
    expect(await decide([{ id: at, type }], { [at]: credential({ $ref: id }), [id]: good })).to.equal(
      'accepted  ACCEPTED',
    )
    for (const strange of [{ $ref: id }, null, 'x', { $schema: 'https://x.example/' }])
      expect(await decide([{ id: at, type }], { [at]: credential(strange) })).to.equal(
        'unknown conforms SCHEMA_INVALID',
      )
  })

  it('have to be obeyed all; the first that is not at hand leaves it open', async () => {
    const other = { id: 'https://school.example/other.json', type: 'JsonSchema' }
    const known = (maximum: number) => ({ [id]: { $id: id, $schema: dialect, ...properties({ maximum }) } })
    expect(await decide([other, { id, type: 'JsonSchema' }], known(3))).to.equal('unknown conforms SCHEMA_UNKNOWN')
    expect(await decide([other, { id, type: 'JsonSchema' }], known(2))).to.equal('rejected conforms SCHEMA_MISMATCH')
  })

  it('say nothing in a dialect that is not known, of another type, or where they refer to what is not there', async () => {
    const named = [{ id, type: 'JsonSchema' }]
    for (const schema of [
      {},
      { $schema: 'http://json-schema.org/draft-03/schema' },
      { $schema: dialect, $ref: 'https://x.example/a' },
    ])
      expect(await decide(named, { [id]: schema }), JSON.stringify(schema)).to.equal('unknown conforms SCHEMA_INVALID')
    expect(await decide([{ id, type: 'ShaclValidator2017' }], { [id]: { $schema: dialect } })).to.equal(
      'unknown conforms SCHEMA_UNKNOWN',
    )
  })

  it('are not read before the signature has passed', async () => {
    const known = { [id]: { $id: id, $schema: dialect, ...properties({ maximum: 2 }) } }
    const document = { ...(await sign([{ id, type: 'JsonSchema' }])), name: 'Diver' }
    const options = { trust: Badges.trusting(author.did), readers: nobody, now: Badges.now, schemas: known }
    expect(Policy.decide(await verify(JSON.stringify(document), options)).code).to.equal('PROOF_INVALID')
  })

  it('are read by laurel-verify from a folder', async () => {
    const { home, remove } = await Cli.createHome()
    try {
      const [file, trust, folder] = [join(home, 'badge.json'), join(home, 'trust.json'), join(home, 'schemas')]
      await writeFile(file, JSON.stringify(await sign([{ id, type: 'JsonSchema' }])))
      await writeFile(trust, JSON.stringify({ chains: [], issuers: Badges.trusting(author.did).issuers }))
      await mkdir(folder)
      const ask = async (...more: readonly string[]) => {
        const { code, stdout, stderr } = await Cli.run('laurel-verify', [file, '--trust', trust, ...more], {})
        return [code, /\[(SCHEMA\w+)\]/.exec(stdout + stderr)?.[1]]
      }
      expect(await ask()).to.deep.equal([2, 'SCHEMA_UNKNOWN'])
      await writeFile(
        join(folder, 'a.json'),
        JSON.stringify({ $id: id, $schema: dialect, ...properties({ maximum: 3 }) }),
      )
      expect(await ask('--schemas', folder)).to.deep.equal([0, undefined])
      await writeFile(
        join(folder, 'a.json'),
        JSON.stringify({ $id: id, $schema: dialect, ...properties({ maximum: 1 }) }),
      )
      expect(await ask('--schemas', folder)).to.deep.equal([1, 'SCHEMA_MISMATCH'])
      for (const text of ['{', '{}', '[]']) {
        await writeFile(join(folder, 'a.json'), text)
        expect(await ask('--schemas', folder), text).to.deep.equal([2, 'SCHEMAS_UNREADABLE'])
      }
      expect(await ask('--schemas', join(home, 'none'))).to.deep.equal([2, 'SCHEMAS_UNREADABLE'])
    } finally {
      await remove()
    }
  })

  describe('of 1EdTech', () => {
    const type = '1EdTechJsonSchemaValidator2019'
    const at = 'https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json'

    it('need not be at hand, and have to be obeyed', async () => {
      const { credentialSubject } = Badges.badge(author.did)
      const subject = credentialSubject as Json.Object
      for (const [achievementType, decision] of [
        ['Badge', 'accepted'],
        ['ext:Swimming', 'accepted'],
        ['Swimming', 'rejected'],
      ] as const) {
        const achievement = { ...(subject.achievement as Json.Object), achievementType }
        const changes = { credentialSchema: [{ id: at, type }], credentialSubject: { ...subject, achievement } }
        const document = await Badges.sign(Badges.badge(author.did, changes), 'eddsa-jcs-2022', author)
        const options = { trust: Badges.trusting(author.did), readers: nobody, now: Badges.now }
        expect(Policy.decide(await verify(JSON.stringify(document), options)).verdict).to.equal(decision)
      }
    })

    it('are not made for version 1', async () => {
      const base = 'https://purl.imsglobal.org/spec/ob/v3p0'
      const changes = {
        '@context': [Contexts.credentialsV1, `${base}/context-3.0.1.json`, `${base}/extensions.json`],
        credentialSchema: [{ id: at, type }],
      }
      const badge = Badges.badgeV1(author.did, undefined, changes)
      const document = await Badges.signV1(badge, 'Ed25519Signature2020', author)
      const options = { trust: Badges.trusting(author.did), readers: nobody, now: Badges.now }
      expect(Policy.decide(await verify(JSON.stringify(document), options)).code).to.equal('SCHEMA_UNKNOWN')
    })

    const published = new URL('../../../shared/conformance/1edtech-json-schemas-2026/ob_v3p0/', import.meta.url)
    const schema = new URL('ob_v3p0_achievementcredential_schema.json', published)

    it('are obeyed, as published, by what is said here to obey them, and by nothing else', function () {
      if (!existsSync(schema)) {
        console.log('      SKIPPED: the published schemas are not beside this clone')
        this.skip()
      }
      const ajv = new Ajv2019({ strict: false })
      formats.default(ajv)
      const validate = ajv.compile(JSON.parse(readFileSync(schema, 'utf8')))
      const { proof: _, ...bare } = Golden.read('B-3-1.json')
      const documents = [
        { ...bare, proof: (Golden.read('B-3-1.json').proof as readonly Json.Object[])[0] ?? null },
        { ...Badges.badge('did:example:school'), proof: { type: 'DataIntegrityProof' } },
      ]
      const wrong: string[] = []
      let [count, refused] = [0, 0]
      for (const document of documents)
        for (const { how, text } of [...Mutants.removals(document), ...Mutants.retypings(document)]) {
          let changed: Json.Object
          try {
            changed = Json.parseObject(text)
          } catch {
            continue
          }
          if (conforms(changed).outcome !== 'passed') continue
          count++
          const isObeyed = validate(changed)
          if (!isObeyed) refused++
          const [problem] = validate.errors ?? []
          if (obeysBadgeSchema(changed) !== isObeyed)
            wrong.push(`${how}: ${isObeyed} ${problem?.instancePath} ${problem?.message}`)
        }
      expect(count).to.be.greaterThan(50)
      expect(refused).to.be.greaterThan(5)
      expect(wrong).to.deep.equal([])
    })
  })
})
