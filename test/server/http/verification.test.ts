import { readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DidKey from '@laurel/core/DidKey'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as Json from '@laurel/core/Json'
import type { Check } from '@laurel/verifier'
import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Badges from '../../support/Badges.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import * as Presentations from '../../support/Presentations.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

/** An Open Badge of somebody whom nobody knows, signed by the key that is its issuer's name. */
async function stranger(): Promise<Json.Object> {
  const seed = new Uint8Array(32).fill(9)
  const did = DidKey.fromPublicKey(Ed25519.publicKey(seed))
  const credential: Json.Object = {
    '@context': ['https://www.w3.org/ns/credentials/v2', 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json'],
    id: 'urn:uuid:0b0b0b0b-0000-4000-8000-000000000001',
    type: ['VerifiableCredential', 'OpenBadgeCredential'],
    name: 'First aid',
    issuer: { id: did, type: ['Profile'], name: 'Somebody' },
    validFrom: '2026-01-01T00:00:00Z',
    credentialSubject: { type: ['AchievementSubject'], id: 'did:example:1', achievement: Api.achievement },
  }
  const options = { created: '2026-01-01T00:00:00Z', verificationMethod: DidKey.verificationMethod(did) }
  const sign = async (message: Uint8Array) => Ed25519.sign(seed, message)
  return { ...credential, proof: await DataIntegrity.createRdfc(credential, options, sign) }
}

describe('Verification over HTTP', function () {
  this.timeout(120_000)
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>
  let environment: Cli.Environment
  let file: string
  let image: string
  let credential: Json.Object

  before(async () => {
    place = await Place.create()
    ;({ environment } = place)
    const roster = join(place.home, 'roster.csv')
    await writeFile(roster, 'name,email\nAda,ada@example.org\nBo,bo@example.org\n')
    const { folder } = await Cli.issue(roster, achievement, environment)
    const { credentials } = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
    file = join(folder, credentials[0].file)
    image = join(folder, credentials[0].image)
    credential = Json.parseObject(await readFile(file))
    server = await Cli.start(environment)
    ask = Api.create(place.base)
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const verify = (body: BodyInit, type = 'application/json') =>
    ask('POST', '/v1/verify', { body, headers: { 'content-type': type } })
  const byVcApi = (verifiableCredential: unknown, more = {}) =>
    ask('POST', '/credentials/verify', { json: { verifiableCredential, ...more } })
  const changed = () => ({ ...credential, name: 'Another name' })

  it('says of a file what laurel-verify says of it, check by check', async () => {
    for (const path of [file, image]) {
      const { status, json } = await verify(await readFile(path), 'application/octet-stream')
      const terminal = JSON.parse((await Cli.run('laurel-verify', [path, '--json'], environment)).stdout)[0]
      expect([status, json.verdict]).to.deep.equal([200, terminal.verdict])
      expect(json.verdict).to.equal('accepted')
      // Messages have moments in them.
      const outcomes = (checks: readonly Check[]) => checks.map(({ check, outcome, code }) => [check, outcome, code])
      expect(outcomes(json.checks)).to.deep.equal(outcomes(terminal.checks))
      expect(json.credentialId).to.equal(credential.id)
    }
  })

  it('says of each credential in a presentation what laurel-verify says of it, and the worst of it above', async () => {
    const document = { type: ['VerifiablePresentation'], verifiableCredential: [credential, changed()] }
    const path = join(place.home, 'presentation.json')
    await writeFile(path, JSON.stringify(document))
    const { json } = await verify(await readFile(path))
    const terminal = JSON.parse((await Cli.run('laurel-verify', [path, '--json'], environment)).stdout)
    const said = (all: readonly { verdict: string; checks: readonly Check[] }[]) =>
      all.map(({ verdict, checks }) => [verdict, ...checks.map(({ code }) => code)])
    expect(said(json.parts)).to.deep.equal(said(terminal))
    expect(json.parts.map((part: { place: string; verdict: string }) => [part.place, part.verdict])).to.deep.equal([
      ['/verifiableCredential/0', 'accepted'],
      ['/verifiableCredential/1', 'rejected'],
    ])
    expect([json.verdict, json.code, json.checks]).to.deep.equal(['rejected', 'PROOF_INVALID', []])
  })

  it('verifies sixteen credentials in one document, and none of more', async () => {
    const record = { type: ['ClrCredential'], credentialSubject: { verifiableCredential: Array(17).fill(credential) } }
    const presentation = { type: ['VerifiablePresentation'], verifiableCredential: Array(17).fill(credential) }
    for (const document of [presentation, record]) {
      const { json } = await verify(JSON.stringify(document))
      expect([json.code, json.parts]).to.deep.equal(['PARTS_LIMIT', []])
    }
    const { json } = await verify(JSON.stringify({ ...presentation, verifiableCredential: Array(16).fill(credential) }))
    expect(json.parts).to.have.length(16)
  })

  it('says what an endorsement in it is worth', async () => {
    const [author, endorser] = [await Badges.author(), await Badges.author('P-256')]
    const about = String(Badges.badge(author.did).id)
    const said = Badges.endorsement(endorser.did, about)
    const endorsement = [await Badges.sign(said, 'ecdsa-rdfc-2019 with P-256', endorser)]
    const document = await Badges.sign(Badges.badge(author.did, { endorsement }), 'eddsa-rdfc-2022', author)
    const { json } = await verify(JSON.stringify(document))
    expect([json.credentialId, json.endorsements.length, json.parts]).to.deep.equal([about, 1, []])
    const [{ issuer, verdict, checks }] = json.endorsements
    expect([issuer, verdict]).to.deep.equal([endorser.did, 'unknown'])
    expect(checks.find(({ check }: Check) => check === 'signed').outcome).to.equal('passed')
  })

  it('asks the directory of issuers, where the trust file names one', async () => {
    const shown = await Cli.run('laurel', ['issuer', 'register', '--json'], environment)
    const { issuerId, directory: address } = JSON.parse(shown.stdout)
    const path = join(place.home, 'trust.json')
    const trust = await readFile(path, 'utf8')
    const { issuers, ...rest } = JSON.parse(trust)
    const directory = { chainId: 31337, address, issuerId }
    await writeFile(path, JSON.stringify({ ...rest, issuers: issuers.map((each: object) => ({ ...each, directory })) }))
    try {
      const { json } = await verify(await readFile(file))
      const terminal = JSON.parse((await Cli.run('laurel-verify', [file, '--json'], environment)).stdout)[0]
      const bound = (checks: readonly Check[]) => checks.find(({ check }) => check === 'issuer-bound')
      expect(bound(json.checks)).to.deep.equal(bound(terminal.checks))
      // It was issued before its issuer was registered.
      expect(bound(json.checks)?.code).to.equal('KEY_UNREGISTERED')
    } finally {
      await writeFile(path, trust)
    }
  })

  it('rejects what was changed, and cannot tell of whom it does not know', async () => {
    const altered = (await verify(JSON.stringify(changed()))).json
    expect([altered.verdict, altered.code]).to.deep.equal(['rejected', 'PROOF_INVALID'])
    const unknown = (await verify(JSON.stringify(await stranger()), 'application/vc')).json
    expect([unknown.verdict, unknown.code]).to.deep.equal(['unknown', 'ANCHOR_MISSING'])
  })

  it('has an answer to anything that can be sent as a file', async () => {
    for (const body of ['', '{', '[]', '<svg', 'eyJ', '{"@context":1}', 'x'.repeat(100_000)]) {
      const { status, json } = await verify(body, 'application/octet-stream')
      expect([status, json.verdict === 'accepted'], body.slice(0, 20)).to.deep.equal([200, false])
    }
  })

  it('takes no other kind of body, and none that is larger than any credential', async () => {
    const other = await verify('name,email', 'text/csv')
    expect([other.status, other.json.code]).to.deep.equal([415, 'CONTENT_TYPE'])
    const large = await verify(new Uint8Array(8 * 1024 * 1024 + 1), 'application/octet-stream')
    expect([large.status, large.json.code]).to.deep.equal([413, 'PAYLOAD_TOO_LARGE'])
  })

  it('sees a revocation at once', async () => {
    const { code, stderr } = await Cli.run('laurel', ['revoke', String(credential.id)], environment)
    expect(code, stderr).to.equal(0)
    const { json } = await verify(await readFile(file))
    expect([
      json.verdict,
      json.checks.find(({ check }: { check: string }) => check === 'status').outcome,
    ]).to.deep.equal(['rejected', 'failed'])
    const { status, json: vc } = await byVcApi(credential)
    expect([status, vc.verified]).to.deep.equal([400, false])
  })

  describe('in the form of the VC API', () => {
    it('verifies a credential without an anchor from an issuer whom it does not know, and says so', async () => {
      const { status, json } = await byVcApi(await stranger(), { options: { checks: ['proof'] } })
      expect([status, json.verified, json.verdict]).to.deep.equal([200, true, 'unknown'])
      expect(json.problemDetails.map(({ code }: { code: string }) => code)).to.include('ANCHOR_MISSING')
    })

    it('answers 400 for one that was changed, has no proof, or is none', async () => {
      const { proof: _, ...bare } = await stranger()
      for (const [asked, code] of [
        [{ ...(await stranger()), name: 'x' }, 'PROOF_INVALID'],
        [bare, 'PROOF_MISSING'],
        ['eyJhbGciOiJub25lIn0.e30.', undefined],
        [{}, undefined],
      ] as const) {
        const { status, json } = await byVcApi(asked)
        expect([status, json.verified]).to.deep.equal([400, false])
        if (code !== undefined) expect(json.code).to.equal(code)
      }
    })

    it('refuses a request that is none', async () => {
      const { status, json } = await ask('POST', '/credentials/verify', { json: { credential: {} } })
      expect([status, json.errors[0].pointer]).to.deep.equal([422, '/verifiableCredential'])
    })
  })

  describe('of a presentation in the form of the VC API', () => {
    const { challenge, domain } = Presentations.asked
    const present = (verifiablePresentation: unknown, options: object = { challenge, domain }) =>
      ask('POST', '/presentations/verify', { json: { verifiablePresentation, options } })

    it('verifies who presents it and what is in it, in answer to what was asked', async () => {
      for (const { presentation, holder } of [
        await Presentations.signed('eddsa-rdfc-2022'),
        await Presentations.token(),
        await Presentations.tokenV1(),
      ]) {
        const { status, json } = await present(presentation)
        expect([status, json.verified, json.verdict], json.detail).to.deep.equal([200, true, 'unknown'])
        expect(json.results.presentation).to.deep.equal({
          holder: { verified: true, input: holder },
          challenge: { verified: true, input: challenge },
          domain: { verified: true, input: domain },
        })
        const [credential] = json.results.credentials
        expect(credential).to.include({ place: '/verifiableCredential/0', verified: true, verdict: 'unknown' })
        expect(json).to.not.have.property('verifiablePresentation')
      }
    })

    it('is said at /v1/verify to be of its holder, as laurel-verify says', async () => {
      const { presentation, holder } = await Presentations.signed('eddsa-rdfc-2022')
      const told = (await verify(JSON.stringify(presentation))).json
      expect([told.holder, told.verdict, told.code]).to.deep.equal([holder, 'unknown', 'ANCHOR_MISSING'])
      expect(told.checks.map(({ code }: Check) => code).slice(0, 2)).to.deep.equal(['CONFORMS', 'SIGNED'])
      expect(told.parts.map(({ place }: { place: string }) => place)).to.deep.equal(['/verifiableCredential/0'])
      const changed = (await verify(JSON.stringify({ ...presentation, id: 'urn:uuid:other' }))).json
      expect([changed.holder, changed.verdict, changed.code]).to.deep.equal([null, 'rejected', 'PROOF_INVALID'])
    })

    it('sends it back where it is asked to, and asks for no answer where there was no challenge', async () => {
      const { presentation } = await Presentations.signed('eddsa-jcs-2022')
      const { status, json } = await present(presentation, { returnPresentation: true, checks: ['proof'] })
      expect([status, json.verified]).to.deep.equal([200, true])
      expect(json.verifiablePresentation).to.deep.equal(presentation)
      expect(json.results.presentation).to.have.all.keys('holder')
    })

    it('answers 400 where it answers something else, is changed, is not signed, or has what is not good in it', async () => {
      const { presentation, author } = await Presentations.signed('eddsa-rdfc-2022')
      const { proof: _, ...unsigned } = presentation
      const [credential] = presentation.verifiableCredential as readonly [Json.Object]
      const bad = Presentations.of([{ ...credential, name: 'Diver' }], author.did)
      for (const [document, options, code] of [
        [presentation, { challenge: 'another', domain }, 'CHALLENGE_OTHER'],
        [presentation, { challenge, domain: 'another' }, 'DOMAIN_OTHER'],
        [{ ...presentation, id: 'urn:uuid:other' }, { challenge, domain }, 'PROOF_INVALID'],
        [unsigned, {}, 'PRESENTATION_UNSIGNED'],
        [await Presentations.sign(bad, 'eddsa-rdfc-2022', author), { challenge, domain }, 'PROOF_INVALID'],
        [{ ...unsigned, verifiableCredential: Array(17).fill(credential) }, {}, 'PARTS_LIMIT'],
        [credential, {}, 'PRESENTATION_MISSING'],
        ['eyJ', {}, 'PRESENTATION_MISSING'],
        [{}, {}, 'PRESENTATION_MISSING'],
      ] as const) {
        const { status, json } = await present(document, options)
        expect([status, json.verified, json.code], code).to.deep.equal([400, false, code])
      }
      const other = (await present(presentation, { challenge, domain: 'another' })).json.results.presentation
      expect([other.challenge.verified, other.domain.verified]).to.deep.equal([true, false])
    })

    it('refuses a request that is none', async () => {
      const { status, json } = await ask('POST', '/presentations/verify', { json: { presentation: {} } })
      expect([status, json.errors[0].pointer]).to.deep.equal([422, '/verifiablePresentation'])
      const wrong = await present({}, { challenge: 5 })
      expect([wrong.status, wrong.json.errors[0].pointer]).to.deep.equal([422, '/options/challenge'])
    })
  })

  it('counts a verification, and a question to the chain, for more than another request', async () => {
    const json = [{ jsonrpc: '2.0', id: 0, method: 'eth_chainId', params: [] }]
    for (const [request, most] of [
      [() => verify('{'), 200],
      [() => ask('POST', '/chain/31337', { json }), 100],
    ] as const) {
      const left = async () => Number(/r=(\d+)/.exec((await request()).headers.get('ratelimit') ?? '')?.[1])
      const before = await left()
      const ten = await Promise.all(Array.from({ length: 10 }, left))
      // What comes back meanwhile makes it less.
      expect(before - Math.min(...ten)).to.be.within(11, most)
    }
  })

  it('hands browsers a trust file without the endpoints and folders of this server, and asks the chain for them', async () => {
    const { json: trust } = await ask('GET', '/trust.json')
    expect(Object.keys(trust).sort()).to.deep.equal(['allowLoopback', 'chains', 'content', 'issuers'])
    expect(trust.chains.map(({ rpc }: { rpc: string[] }) => rpc)).to.deep.equal([[`${place.base}/chain/31337`]])
    expect(trust.content).to.deep.equal({ gateways: [`${place.base}/ipfs/`] })
    const { did, name } = trust.issuers[0]
    expect([trust.issuers.length, name]).to.deep.equal([1, 'Example issuer'])
    const naming = async (issuer: string) => (await ask('GET', `/trust.json?issuer=${encodeURIComponent(issuer)}`)).json
    expect(await naming(did)).to.deep.equal(trust)
    expect(await naming('did:web:example.org')).to.deep.equal({ ...trust, issuers: [] })
    const call = (method: string, params: unknown = [], id: unknown = 7) => ({ jsonrpc: '2.0', id, method, params })
    const answer = await ask('POST', '/chain/31337', {
      json: [call('eth_chainId'), call('eth_getBlockByHash', ['0x00', false], 'x')],
    })
    const [first, second] = answer.json
    expect(first).to.deep.equal({ jsonrpc: '2.0', id: 7, result: '0x7a69' })
    const error = { code: -32_000, message: 'The chain has no answer to this.' }
    expect(second).to.deep.equal({ jsonrpc: '2.0', id: 'x', error })
    for (const json of [
      [call('eth_sendRawTransaction', ['0x00'])],
      [call('anvil_setBalance', [])],
      [call('eth_getLogs', [{}])],
      [call('eth_getBlockByNumber', ['latest', true])],
      call('eth_chainId'),
      [],
      Array.from({ length: 65 }, () => call('eth_chainId')),
    ])
      expect((await ask('POST', '/chain/31337', { json })).status, JSON.stringify(json).slice(0, 80)).to.equal(422)
    for (const chain of ['1', '0', 'x', '1e3'])
      expect((await ask('POST', `/chain/${chain}`, { json: [call('eth_chainId')] })).status, chain).to.equal(404)
    const preflight = await fetch(`${place.base}/chain/31337`, { method: 'OPTIONS' })
    const allowed = preflight.headers.get('access-control-allow-headers')
    expect([preflight.status, allowed]).to.deep.equal([204, 'Content-Type'])
  })

  it('does not say where its trust file lies when it cannot read that', async () => {
    const file = join(place.home, 'trust.json')
    await rename(file, `${file}.away`)
    try {
      for (const answer of [await ask('GET', '/trust.json'), await verify('{}')]) {
        expect([answer.status, answer.json.code]).to.deep.equal([503, 'TRUST_UNREADABLE'])
        expect(answer.text).to.not.include(place.home).and.not.include('trust.json cannot')
      }
    } finally {
      await rename(`${file}.away`, file)
    }
  })

  describe('in the end', () => {
    it('was asked for every operation of it that is described', () => {
      expect(Api.unasked('http/verification')).to.deep.equal([])
    })
  })
})
