import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type * as Json from '@laurel/core/Json'
import { Ajv2019 } from 'ajv/dist/2019.js'
import formats from 'ajv-formats'
import { expect } from 'chai'
import * as digitalbazaar from '../../scripts/judges/digitalbazaar.ts'
import * as verifierCore from '../../scripts/judges/verifier-core.ts'
import * as Cli from '../support/Cli.ts'
import * as Golden from '../support/Golden.ts'

const shared = (path: string) => fileURLToPath(new URL(`../../../shared/conformance/${path}`, import.meta.url))
const sample = (name: string) => fileURLToPath(new URL(`../../samples/${name}`, import.meta.url))

const editions = {
  'the strict edition': shared('1edtech-json-schemas-strict/ob_v3p0/ob_v3p0_achievementcredential_schema.json'),
  'the 2026 edition': shared('1edtech-json-schemas-2026/ob_v3p0/ob_v3p0_achievementcredential_schema.json'),
}

/** Credentials, and what their judges need beside them. */
type Collection = {
  readonly credentials: readonly Json.Object[]
  readonly documents: ReadonlyMap<string, Json.Object>
}

function golden(): Collection {
  const names = ['A-did', 'B-did', 'C-did', 'A-status-revocation', 'B-status-revocation']
  const documents = new Map(names.map((name) => Golden.read(`${name}.json`)).map((each) => [String(each.id), each]))
  for (const host of ['issuer.example.org', 'blockcerts.example.org']) {
    const did = documents.get(`did:web:${host}`)
    if (did !== undefined) documents.set(`https://${host}/.well-known/did.json`, did)
  }
  return { credentials: Golden.credentials().map(Golden.read), documents }
}

function shouldBeAccepted(collect: () => Collection): void {
  for (const [edition, file] of Object.entries(editions)) {
    it(`pass ${edition} of the JSON Schema`, function () {
      if (!existsSync(file)) {
        process.stdout.write('SKIPPED: the published schemas are not beside this clone\n')
        this.skip()
      }
      const ajv = new Ajv2019({ strict: false, allErrors: true })
      formats.default(ajv)
      const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')))
      for (const credential of collect().credentials) {
        validate(credential)
        expect(validate.errors ?? [], String(credential.id)).to.deep.equal([])
      }
    })
  }

  for (const create of [digitalbazaar.create, verifierCore.create]) {
    const name = create(new Map()).package
    it(`are accepted by ${name}`, async () => {
      const { credentials, documents } = collect()
      const { judge } = create(documents)
      for (const credential of credentials) {
        expect(await judge(credential), String(credential.id)).to.deep.equal({ accepted: true })
      }
    })

    it(`are refused by ${name} when their name is changed`, async () => {
      const { credentials, documents } = collect()
      const [credential] = credentials
      const { accepted } = await create(documents).judge({ ...credential, name: 'Another name' })
      expect(accepted).to.equal(false)
    })
  }
}

describe('Independent judges', function () {
  this.timeout(120_000)

  describe('the golden samples', () => shouldBeAccepted(golden))

  for (const [issuer, settings] of Object.entries({
    'a did:key issuer': {},
    'a did:web issuer': { LAUREL_DOMAIN: 'badges.example.org', LAUREL_PUBLIC_URL: 'https://badges.example.org' },
    'an issuer set to the Blockcerts profile': {
      LAUREL_DOMAIN: 'badges.example.org',
      LAUREL_PROFILE: 'blockcerts',
      LAUREL_CHAIN_ID: '11155111',
    },
  })) {
    describe(`the sample roster, issued by ${issuer}`, () => {
      let home: Awaited<ReturnType<typeof Cli.createHome>>
      let collection: Collection
      before(async () => {
        home = await Cli.createHome()
        const environment = { LAUREL_HOME: home.home, ...settings }
        const { folder } = await Cli.issue(sample('roster.csv'), sample('achievement.json'), environment)
        const { credentials, statusLists } = await Cli.readBatch(folder)
        const documents = new Map(statusLists)
        if ('LAUREL_DOMAIN' in settings) {
          const did = JSON.parse(readFileSync(`${home.home}/public/.well-known/did.json`, 'utf8'))
          documents.set(did.id, did).set('https://badges.example.org/.well-known/did.json', did)
        }
        collection = { credentials, documents }
      })
      after(() => home?.remove())
      shouldBeAccepted(() => collection)
    })
  }
})
