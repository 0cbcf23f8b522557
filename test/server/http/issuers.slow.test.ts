import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { strFromU8, unzipSync } from 'fflate'
import * as SqlStores from '../../../server/src/adapters/store/SqlStores.ts'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

const recipients = [{ name: 'Ada', email: 'ada@example.org' }]
type Ask = ReturnType<typeof Api.create>

describe('issuers of organisations', function () {
  this.timeout(180_000)
  let place: Place.Place
  let server: Cli.Server
  let home: Ask
  let acme: Ask
  let zeta: Ask

  before(async () => {
    place = await Place.create({ LAUREL_GATHER_COUNT: '2', LAUREL_GATHER_SECONDS: '86400', LAUREL_WORKERS: '0' })
    server = await Cli.start(place.environment)
    home = Api.create(place.base, server.key)
    acme = await organisation('acme')
    zeta = await organisation('zeta')
    for (const each of [home, acme, zeta]) await each('PUT', '/v1/achievements/A1', { json: Api.achievement })
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  async function organisation(id: string): Promise<Ask> {
    await command('organisation', 'add', id)
    return Api.create(place.base, (await command('key', 'create', '--name', 'k', '--organisation', id)).secret)
  }
  async function command(...args: string[]) {
    const { stdout } = await Cli.run('laurel', [...args, '--json'], place.environment)
    return JSON.parse(stdout)
  }
  const settled = (by: Ask, id: string) =>
    until(
      async () => (await by('GET', `/v1/batches/${id}`)).json,
      ({ state }) => ['delivered', 'blocked'].includes(state),
    )
  const issue = async (by: Ask, body: object = {}) => {
    const { status, json } = await by('POST', '/v1/batches', { json: { achievement: 'A1', recipients, ...body } })
    expect(status, JSON.stringify(json)).to.equal(202)
    const { state, reason } = await settled(by, json.id)
    expect([state, reason]).to.deep.equal(['delivered', null])
    return JSON.parse((await by('GET', `/v1/batches/${json.id}/credentials.ndjson`)).text)
  }
  /** How `laurel-verify` ends, by the trust file that the home has written: 0 accepted, 1 rejected, 2 could not tell. */
  const verify = async (credential: object) => {
    const file = join(place.home, 'credential.json')
    await writeFile(file, JSON.stringify(credential))
    return (await Cli.run('laurel-verify', [file], place.environment)).code
  }

  it('are none for an organisation that has just been added, which says so', async () => {
    expect((await acme('GET', '/v1/me')).json.issuer).to.equal(null)
    const { status, json } = await acme('POST', '/v1/batches', { json: { achievement: 'A1', recipients } })
    expect([status, json.code]).to.deep.equal([409, 'ISSUER_MISSING'])
    expect((await acme('GET', '/v1/issuers')).json.items).to.deep.equal([])
  })

  it('have a key, a DID and status lists of their own, and issue what anybody verifies', async () => {
    const { json: made } = await acme('POST', '/v1/issuers', { json: { name: 'Acme' } })
    const { issuers } = await command('issuer', 'list')
    const [{ did: own }] = issuers
    expect((await acme('GET', '/v1/me')).json.issuer)
      .to.equal(made.did)
      .and.not.to.equal(own)
    const [ours, theirs] = [await issue(home), await issue(acme)]
    expect([ours.issuer.id, theirs.issuer.id, theirs.issuer.name]).to.deep.equal([own, made.did, 'Acme'])
    const lists = [ours, theirs].map(({ credentialStatus }) => credentialStatus.statusListCredential)
    expect(new Set(lists).size).to.equal(2)
    const list = await (await fetch(lists[1])).json()
    expect([list.issuer, list.proof[0].verificationMethod.split('#')[0]]).to.deep.equal([made.did, made.did])
    expect([await verify(ours), await verify(theirs)]).to.deep.equal([0, 0])

    const id = theirs.id.replace('urn:uuid:', '')
    expect((await home('POST', `/v1/credentials/${id}/revoke`, { json: {} })).status).to.equal(404)
    expect((await acme('POST', `/v1/credentials/${id}/revoke`, { json: {} })).status).to.equal(200)
    expect([await verify(ours), await verify(theirs)]).to.deep.equal([0, 1])
  })

  it('are anchored by the account of the home, in the order in which they come', async () => {
    const anchors = []
    for (const by of [acme, home]) {
      await issue(by, { allowDuplicate: true })
      anchors.push((await by('GET', '/v1/batches?limit=1')).json.items[0].anchor)
    }
    const [first, second] = anchors
    expect(second.account).to.equal(first.account)
    expect(Number(second.block)).to.be.greaterThan(Number(first.block))
  })

  it('are nobody else’s: who names another’s is told that there is none, and nothing is signed', async () => {
    const { json: made } = await zeta('POST', '/v1/issuers', { json: { name: 'Zeta' } })
    const { json: profile } = await zeta('PUT', `/v1/issuers/${made.id}/profile`, { json: { name: 'Zeta College' } })
    expect(profile).to.include({ name: 'Zeta College', version: 1 })
    const json = { achievement: 'A1', recipients, issuer: made.id, allowDuplicate: true }
    for (const by of [acme, home]) {
      const before = (await by('GET', '/v1/batches')).json.items.length
      const answers = [
        await by('POST', '/v1/batches', { json }),
        await by('GET', `/v1/issuers/${made.id}`),
        await by('GET', `/v1/issuers/${made.id}/profile`),
        await by('PUT', `/v1/issuers/${made.id}/profile`, { json: { name: 'Mine' } }),
      ]
      for (const { status, json } of answers) expect([status, json.code]).to.deep.equal([404, 'ISSUER_UNKNOWN'])
      expect((await by('GET', '/v1/batches')).json.items.length).to.equal(before)
    }
    expect((await zeta('POST', '/v1/batches', { json: { ...json, issuer: 'home' } })).json.code).to.equal(
      'ISSUER_UNKNOWN',
    )
    expect((await issue(zeta)).issuer).to.include({ id: made.did, name: 'Zeta College' })
  })

  it('are several of one organisation, of which a batch names one, or is of the first', async () => {
    const second = await command('issuer', 'create', 'Faculty of Law')
    expect((await home('GET', '/v1/issuers')).json.items.map(({ id }: { id: string }) => id)).to.deep.equal([
      'home',
      second.id,
    ])
    const law = await issue(home, { issuer: second.id })
    expect(law.issuer).to.include({ id: second.did, name: 'Faculty of Law' })
    expect(await verify(law)).to.equal(0)
    const json = { achievement: 'A1', recipients, issuer: second.id, redeemable: true }
    expect((await home('POST', '/v1/batches', { json })).json.code).to.equal('COLLECTION_MISSING')
    const csv = 'name,email\nAda,ada@example.org\n'
    const { json: batch } = await home('POST', `/v1/batches?achievement=A1&issuer=${second.id}`, { csv })
    expect(await settled(home, batch.id)).to.include({ state: 'delivered' })
    expect((await issue(home, { allowDuplicate: true })).issuer.id).to.not.equal(second.did)
  })

  it('issue what is ordered singly, each for its own organisation', async () => {
    const orders: string[] = []
    for (const n of [1, 2]) {
      const json = { achievement: 'A1', recipient: { name: `P ${n}`, email: `p${n}@example.org` } }
      orders.push((await acme('POST', '/v1/credentials', { json })).json.id)
      await zeta('POST', '/v1/credentials', { json })
    }
    const documentOf = async (by: Ask, order: string) => {
      const { credential } = await until(
        async () => (await by('GET', `/v1/orders/${order}`)).json,
        ({ state }) => state === 'delivered',
      )
      return (await by('GET', `/v1/credentials/${credential.replace('urn:uuid:', '')}/document`)).json
    }
    for (const order of orders) expect((await documentOf(acme, order)).issuer.name).to.equal('Acme')
    expect((await zeta('GET', `/v1/orders/${orders[0]}`)).status).to.equal(404)
  })

  it('are noted in the audit log of their organisation, whoever makes them', async () => {
    const { id } = await command('issuer', 'create', 'Another', '--organisation', 'acme')
    const { json: made } = await acme('POST', '/v1/issuers', { json: { name: 'One more' } })
    const { items } = (await acme('GET', '/v1/audit?limit=100')).json
    type Noted = { operation: string; outcome: string; principal: string; objects: readonly string[] }
    const noted = (operation: string) =>
      items
        .filter((each: Noted) => each.operation === operation)
        .map(({ principal, outcome, objects }: Noted) => [principal.split(':')[0], outcome, ...objects])
    expect(noted('issuer create')).to.have.deep.members([
      ['operator', 'asked'],
      ['operator', 'done'],
    ])
    expect(noted('createIssuer')).to.deep.include(['key', 'done', made.id])
    expect((await acme('GET', `/v1/issuers/${id}`)).json).to.include({ name: 'Another' })
  })
})

describe('an issuer below the domain of the home', function () {
  this.timeout(180_000)
  let place: Place.Place
  let server: Cli.Server
  let ask: ReturnType<typeof Api.create>

  before(async () => {
    place = await Place.create({ LAUREL_DOMAIN: 'example.org', LAUREL_WORKERS: '0' })
    place = { ...place, environment: { ...place.environment, LAUREL_PUBLIC_URL: place.base } }
    server = await Cli.start(place.environment)
    ask = Api.create(place.base, server.key)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const run = (args: readonly string[], crash?: string) =>
    Cli.run('laurel', args, { ...place.environment, ...(crash !== undefined && { LAUREL_CRASH_AT: crash }) })
  const list = async () => JSON.parse((await run(['issuer', 'list', '--json'])).stdout).issuers
  const trusted = async () => {
    const { issuers } = JSON.parse(await readFile(join(place.home, 'trust.json'), 'utf8'))
    return issuers.map(({ did }: { did: string }) => did)
  }

  it('has its DID document there, with the key that signs', async () => {
    const { json: made } = await ask('POST', '/v1/issuers', { json: { name: 'Law' } })
    expect(made.did).to.equal(`did:web:example.org:issuers:${made.id}`)
    const document = await (await fetch(`${place.base}/issuers/${made.id}/did.json`)).json()
    expect(document.assertionMethod).to.deep.equal([`${made.did}#${made.keys[0].key}`])
    const file = await readFile(join(place.home, 'public', 'issuers', made.id, 'did.json'), 'utf8')
    expect(JSON.parse(file)).to.deep.equal(document)
    const { didDocument } = await (await fetch(`${place.base}/1.0/identifiers/${made.did}`)).json()
    expect(didDocument).to.deep.equal(document)
    // Browsers are told of whom they ask for, and of nobody else.
    const told = async (query: string) =>
      (await (await fetch(`${place.base}/trust.json${query}`)).json()).issuers.map(({ did }: { did: string }) => did)
    expect(await told('')).to.deep.equal(['did:web:example.org'])
    expect(await told(`?issuer=${encodeURIComponent(made.did)}`)).to.deep.equal([made.did])
    for (const id of ['00000000', 'home', '..%2f..', 'x'.repeat(4_000)])
      expect((await fetch(`${place.base}/issuers/${id}/did.json`)).status, id.slice(0, 9)).to.equal(404)
  })

  it('is trusted at once by a server that starts again, though somebody has died while he wrote that down', async () => {
    await server.stop()
    const before = await trusted()
    const { store } = await SqlStores.open(join(place.home, 'laurel.db'))
    const lease = await store.lease('trust-file', { host: 'another machine', pid: 1 }, 120_000)
    if (lease === undefined) throw new TypeError('Nobody else writes the trust file')
    try {
      const began = performance.now()
      server = { ...(await Cli.start(place.environment)), key: server.key }
      expect(performance.now() - began).to.be.lessThan(60_000)
      expect(await trusted()).to.deep.equal(before)
    } finally {
      await store.release(lease)
      await store.close()
    }
  })

  it('is nobody where we die before it is stored, and can be made again', async () => {
    const before = await list()
    expect((await run(['issuer', 'create', 'Medicine'], 'issuer:after-key')).code).to.equal(null)
    expect(await list()).to.deep.equal(before)
    expect((await run(['issuer', 'create', 'Medicine'])).code).to.equal(0)
    expect((await list()).map(({ name }: { name: string }) => name).at(-1)).to.equal('Medicine')
  })

  for (const label of ['issuer:after-save', 'issuer:after-publish'])
    it(`is served and trusted where we die at ${label}, once it is needed`, async () => {
      expect((await run(['issuer', 'create', label], label)).code).to.equal(null)
      const { id, did } = (await list()).at(-1)
      expect((await trusted()).includes(did)).to.equal(label === 'issuer:after-publish')
      const recipients = [{ name: 'Ada', email: 'ada@example.org' }]
      const { json } = await ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients, issuer: id } })
      const { state, reason } = await until(
        async () => (await ask('GET', `/v1/batches/${json.id}`)).json,
        ({ state }) => ['delivered', 'blocked'].includes(state),
      )
      expect([state, reason]).to.deep.equal(['delivered', null])
      expect(await trusted()).to.include(did)
      const { text } = await ask('GET', `/v1/batches/${json.id}/credentials.ndjson`)
      const file = join(place.home, 'credential.json')
      await writeFile(file, text)
      expect((await Cli.run('laurel-verify', [file], place.environment)).code).to.equal(0)
    })

  it('is known from whatever takes its credentials along', async () => {
    const issuers = new Map((await list()).map(({ id, did }: { id: string; did: string }) => [did, id]))
    const exported = await fetch(`${place.base}/v1/organisation/export`, {
      method: 'POST',
      headers: { authorization: `Bearer ${server.key}` },
    })
    const files = Object.entries(unzipSync(new Uint8Array(await exported.arrayBuffer())))
    const keepsakes = files.filter(([name]) => name.endsWith('.laurel'))
    const [, lines = new Uint8Array()] = files.find(([name]) => name === 'issuer.ndjson') ?? []
    expect(keepsakes).to.have.length(2)
    for (const [name, bytes] of keepsakes) {
      const { credential, didDocument } = JSON.parse(strFromU8(bytes))
      const served = await (await fetch(`${place.base}/issuers/${issuers.get(credential.issuer.id)}/did.json`)).json()
      expect(didDocument, name).to.deep.equal(served)
      expect(strFromU8(lines)).to.include(`{"kind":"did-document","document":${JSON.stringify(served)}}`)
      const folder = join(place.home, credential.id.slice(9))
      const { code } = await run(['export', name.split('/')[1] as string, folder, '--format', 'laurel'])
      expect(code).to.equal(0)
      expect(await readFile(join(folder, name.split('/').at(-1) as string))).to.deep.equal(Buffer.from(bytes))
    }
  })
})

describe('the key of an issuer', function () {
  this.timeout(300_000)
  let place: Place.Place
  let server: Cli.Server
  let law: Issuer
  let arts: Issuer

  type Issuer = { readonly ask: Ask; readonly id: string; readonly did: string }
  type Key = { readonly key: string; readonly reported: { readonly from: string } | null }

  before(async () => {
    place = await Place.create({ LAUREL_DOMAIN: 'example.org', LAUREL_WORKERS: '0' })
    place = { ...place, environment: { ...place.environment, LAUREL_PUBLIC_URL: place.base } }
    server = await Cli.start(place.environment)
    law = await organisation('law')
    arts = await organisation('arts')
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const run = (args: readonly string[], crash?: string) =>
    Cli.run('laurel', args, { ...place.environment, ...(crash !== undefined && { LAUREL_CRASH_AT: crash }) })
  async function organisation(id: string): Promise<Issuer> {
    await run(['organisation', 'add', id])
    const { stdout } = await run(['key', 'create', '--name', 'k', '--organisation', id, '--json'])
    const ask = Api.create(place.base, JSON.parse(stdout).secret)
    await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
    const { json } = await ask('POST', '/v1/issuers', { json: { name: id } })
    return { ask, id: json.id, did: json.did }
  }
  const keysOf = async ({ ask, id }: Issuer): Promise<readonly Key[]> =>
    (await ask('GET', `/v1/issuers/${id}`)).json.keys
  const newest = async (issuer: Issuer) => (await keysOf(issuer)).at(-1)?.key ?? ''
  const rotate = async ({ ask, id }: Issuer, key: string) => ask('POST', `/v1/issuers/${id}/rotate`, { json: { key } })
  const report = async ({ ask, id }: Issuer, key: string, from: string) =>
    ask('POST', `/v1/issuers/${id}/report`, { json: { key, from } })
  const settled = ({ ask }: Issuer, id: string) =>
    until(
      async () => (await ask('GET', `/v1/batches/${id}`)).json,
      ({ state }) => ['delivered', 'blocked'].includes(state),
    )
  const issue = async (issuer: Issuer) => {
    const json = { achievement: 'A1', recipients, allowDuplicate: true }
    const { id } = (await issuer.ask('POST', '/v1/batches', { json })).json
    const { state, reason } = await settled(issuer, id)
    expect([state, reason]).to.deep.equal(['delivered', null])
    return JSON.parse((await issuer.ask('GET', `/v1/batches/${id}/credentials.ndjson`)).text)
  }
  const verify = async (credential: object) => {
    const file = join(place.home, 'credential.json')
    await writeFile(file, JSON.stringify(credential))
    const { code, stdout } = await Cli.run('laurel-verify', ['--json', file], place.environment)
    return [code, /COMPROMISED/.test(stdout) ? 'COMPROMISED' : '']
  }
  const signerOf = ({ proof }: { proof: { verificationMethod: string }[] }) => proof[0]?.verificationMethod
  /** By which key the list of a credential is signed, once it is by this one. */
  const listSignedBy = ({ credentialStatus }: { credentialStatus: { statusListCredential: string } }, key: string) =>
    until(
      async () => signerOf(await (await fetch(credentialStatus.statusListCredential)).json()),
      (method) => method?.endsWith(`#${key}`) ?? false,
    )

  it('is replaced while workers run: what it has signed verifies, and no other issuer is touched', async () => {
    const [before, theirs] = [await issue(law), await issue(arts)]
    const [old, others] = [await newest(law), await keysOf(arts)]
    const { status, json } = await rotate(law, old)
    expect([status, json.keys.length]).to.deep.equal([200, 2])
    // The same request again changes nothing.
    expect((await rotate(law, old)).json).to.deep.equal(json)
    const key = await newest(law)
    const after = await issue(law)
    expect([signerOf(before), signerOf(after)]).to.deep.equal([`${law.did}#${old}`, `${law.did}#${key}`])
    await listSignedBy(before, key)
    for (const each of [before, after, theirs]) expect(await verify(each)).to.deep.equal([0, ''])
    expect(await keysOf(arts)).to.deep.equal(others)
    const document = await (await fetch(`${place.base}/issuers/${law.id}/did.json`)).json()
    expect(document.assertionMethod).to.deep.equal([`${law.did}#${old}`, `${law.did}#${key}`])
  })

  it('is nobody else’s to replace or report', async () => {
    const key = await newest(law)
    for (const ask of [arts.ask, Api.create(place.base, server.key)])
      for (const { status, json } of [
        await rotate({ ...law, ask }, key),
        await report({ ...law, ask }, key, '2026-01-01T00:00:00Z'),
      ])
        expect([status, json.code]).to.deep.equal([404, 'ISSUER_UNKNOWN'])
    const another = await newest(arts)
    expect((await rotate(law, another)).json.code).to.equal('KEY_NOT_LISTED')
    expect((await report(law, another, '2026-01-01T00:00:00Z')).json.code).to.equal('KEY_NOT_LISTED')
    expect(await newest(law)).to.equal(key)
  })

  it('is named by its issuer: whoever forgets to say which changes nothing, least of all the key of the home', async () => {
    const from = ['--from', '2026-01-01T00:00:00Z', '--yes']
    for (const args of [
      ['rotate', 'credential', '--organisation', 'law'],
      ['rotate', 'credential', '--key', 'keystore:'],
      ['report-compromise', 'credential', '--organisation', 'law', ...from],
    ]) {
      const { code, stdout } = await run(['issuer', ...args, '--json'])
      expect([code, JSON.parse(stdout).error.code], args.join(' ')).to.deep.equal([1, 'ISSUER_UNKNOWN'])
    }
  })

  it('signs nothing more once it was reported, and what was anchored since is refused by every verifier', async () => {
    const before = await issue(law)
    const key = await newest(law)
    // The second behind that of the anchor.
    const { anchor } = (await law.ask('GET', '/v1/batches?limit=1')).json.items[0]
    const from = new Date(Date.parse(anchor.time) + 1_000).toISOString()
    // By the clock of the chain, which has seconds.
    await place.chain.rpc('evm_increaseTime', 2)
    const since = await issue(law)
    expect((await report(law, key, '2030-01-01T00:00:00Z')).json.code).to.equal('REPORT_TIME')
    const { status, json } = await report(law, key, from)
    expect(status, JSON.stringify(json)).to.equal(200)
    expect(json.keys.at(-1).reported.from).to.equal(from)
    expect((await report(law, key, from)).json).to.deep.equal(json)
    const body = { achievement: 'A1', recipients, allowDuplicate: true }
    const refused = await law.ask('POST', '/v1/batches', { json: body })
    expect([refused.status, refused.json.code]).to.deep.equal([409, 'KEY_REPORTED'])
    expect((await verify(since)).slice(0, 2)).to.deep.equal([1, 'COMPROMISED'])
    // What is only asked is answered, and another issuer of theirs issues.
    expect((await law.ask('GET', '/v1/me')).json.issuer).to.equal(law.did)
    expect((await law.ask('GET', `/v1/issuers/${law.id}/profile`)).json.name).to.equal('law')
    const { json: evening } = await law.ask('POST', '/v1/issuers', { json: { name: 'Evening School' } })
    const others = await law.ask('POST', '/v1/batches', { json: { ...body, issuer: evening.id } })
    expect([others.status, (await settled(law, others.json.id)).state]).to.deep.equal([202, 'delivered'])

    expect((await rotate(law, key)).status).to.equal(200)
    await listSignedBy(before, await newest(law))
    expect(await verify(before)).to.deep.equal([0, ''])
    expect(await verify(since)).to.deep.equal([1, 'COMPROMISED'])
    expect(await verify(await issue(law))).to.deep.equal([0, ''])
    expect(await verify(await issue(arts))).to.deep.equal([0, ''])
  })

  it('is noted in the log of the organisation when it was replaced and reported, and in no other', async () => {
    type Noted = { operation: string; outcome: string; objects: readonly string[] }
    const noted = async ({ ask }: Issuer) =>
      (await ask('GET', '/v1/audit?limit=200')).json.items
        .filter(
          ({ operation, outcome, objects }: Noted) =>
            /IssuerKey$/.test(operation) && outcome === 'done' && objects.includes(law.id),
        )
        .map(({ operation }: Noted) => operation)
    expect(await noted(law)).to.include.members(['rotateIssuerKey', 'reportIssuerKey'])
    expect(await noted(arts)).to.deep.equal([])
  })

  it('blocks what was accepted under it and is not signed yet, where it was reported', async () => {
    const json = { achievement: 'A1', recipients, draft: true, allowDuplicate: true }
    const { id } = (await arts.ask('POST', '/v1/batches', { json })).json
    const key = await newest(arts)
    const args = ['issuer', 'report-compromise', 'credential', '--issuer', arts.id, '--organisation', 'arts', '--yes']
    const now = new Date(Math.floor(Date.now() / 1_000) * 1_000).toISOString()
    expect((await run([...args, '--from', now])).code).to.equal(0)
    await arts.ask('POST', `/v1/batches/${id}/submit`)
    expect(await settled(arts, id)).to.include({ state: 'blocked', reason: 'KEY_REPORTED' })
    expect((await arts.ask('POST', `/v1/batches/${id}/cancel`)).status).to.equal(200)
    expect((await rotate(arts, key)).status).to.equal(200)
  })

  for (const [label, count] of [
    ['issuer-key:after-key', 0],
    ['issuer-key:after-save', 1],
  ] as const)
    it(`is replaced once, and served, where we die at ${label}`, async () => {
      const before = await keysOf(arts)
      const args = ['issuer', 'rotate', 'credential', '--issuer', arts.id, '--organisation', 'arts']
      expect((await run(args, label)).code).to.equal(null)
      expect((await keysOf(arts)).length).to.equal(before.length + count)
      if (count === 0) expect((await run(args)).code).to.equal(0)
      expect((await keysOf(arts)).length).to.equal(before.length + 1)
      const credential = await issue(arts)
      expect(signerOf(credential)).to.equal(`${arts.did}#${await newest(arts)}`)
      expect(await verify(credential)).to.deep.equal([0, ''])
    })

  it('is reported where we die right after that was stored, and told when it is said again', async () => {
    const credential = await issue(arts)
    const { anchor } = (await arts.ask('GET', '/v1/batches?limit=1')).json.items[0]
    const from = anchor.time.replace(/\.\d+/, '')
    const args = ['issuer', 'report-compromise', 'credential', '--issuer', arts.id, '--organisation', 'arts', '--yes']
    expect((await run([...args, '--from', from], 'issuer-key:after-report')).code).to.equal(null)
    expect(Date.parse((await keysOf(arts)).at(-1)?.reported?.from ?? '')).to.equal(Date.parse(from))
    expect((await arts.ask('POST', '/v1/batches', { json: { achievement: 'A1', recipients } })).json.code).to.equal(
      'KEY_REPORTED',
    )
    expect((await run([...args, '--from', from])).code).to.equal(0)
    expect(await verify(credential)).to.deep.equal([1, 'COMPROMISED'])
  })
})
