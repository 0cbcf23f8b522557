import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as Json from '@laurel/core/Json'
import { Policy, type Trust, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'

const conformance = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url))
const vector = join(conformance, '1edtech-openbadges-spec/ob_v3p0/test-vectors/obv3p0/vector.json')
const now = Date.parse('2026-06-01T00:00:00Z')

/** Documents that we did not make: published examples and vectors of the standards. */
describe('Documents by others', function () {
  this.timeout(60_000)
  if (!existsSync(conformance)) {
    it('are read', function () {
      console.log('      SKIPPED: the published documents are not beside this clone')
      this.skip()
    })
    return
  }

  it('never make the verifier throw, and are accepted by nobody who trusts nobody', async () => {
    const trust: Trust = { chains: [], issuers: [], status: { maximumAgeSeconds: 60 } }
    const files = readdirSync(conformance, { recursive: true, withFileTypes: true }).filter(
      (entry) => entry.isFile() && /\.(json|jsonld|txt|nq|png|svg)$/.test(entry.name),
    )
    expect(files.length).to.be.greaterThan(300)
    for (const { parentPath, name } of files) {
      const report = await verify(new Uint8Array(readFileSync(join(parentPath, name))), {
        trust,
        readers: nobody,
        now,
      })
      expect(Policy.decide(report).verdict, name).to.not.equal('accepted')
      expect(report.checks).to.have.length(9)
    }
  })

  describe('the signed Open Badge of 1EdTech', () => {
    const badge = Json.parseObject(readFileSync(vector)).signedCredential as Json.Object
    const { verificationMethod } = badge.proof as { readonly verificationMethod: string }
    const [did = '', key = ''] = verificationMethod.split('#')
    const document = {
      '@context': [],
      id: did,
      verificationMethod: [{ id: verificationMethod, type: 'Multikey', controller: did, publicKeyMultibase: key }],
      assertionMethod: [verificationMethod],
    }
    const trust: Trust = {
      chains: [],
      issuers: [{ did, name: '1EdTech', didDocument: document, anchor: 'optional' }],
      status: { maximumAgeSeconds: 60 },
    }
    const decide = async (change: Json.Object) => {
      const text = JSON.stringify({ ...badge, ...change })
      const { verdict, check, code } = Policy.decide(await verify(text, { trust, readers: nobody, now }))
      return [verdict, check, code].join(' ')
    }

    it('is accepted by who knows its issuer and asks for no anchor', async () => {
      expect(await decide({})).to.equal('accepted  ACCEPTED')
    })

    it('is rejected once it is changed', async () => {
      expect(await decide({ validFrom: '2010-01-01T00:00:01Z' })).to.equal('rejected signed PROOF_INVALID')
    })
  })
})
