import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect } from 'chai'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import { until } from '../../support/until.ts'
import * as People from './people.ts'

const count = 12

describe('erasing people', function () {
  this.timeout(180_000)
  let people: Awaited<ReturnType<typeof People.open>>
  let ask: ReturnType<typeof Api.create>
  const id = (n: number) => people.ids[n] as string
  const email = (n: number) => people.canaries[n]?.email as string

  before(async () => {
    people = await People.open(count)
    ;({ ask } = people)
    for (const each of people.ids) expect((await ask('GET', `/credentials/${each}`)).status).to.equal(200)
  })
  after(() => people?.close())

  /** The verdicts of a stranger on all that lies in the batch's folder. */
  const verdicts = async () => {
    const { stdout } = await Cli.run('laurel-verify', [people.folder, '--json'], people.environment)
    return JSON.parse(stdout).map(({ verdict }: { verdict: string }) => verdict)
  }
  let erased = 0
  const othersVerify = async () => expect(await verdicts()).to.deep.equal(Array(2 * (count - erased)).fill('accepted'))

  it('leaves nothing of them in any file of the home, and the others as they are', async () => {
    await ask('POST', `/v1/credentials/${id(3)}/suspend`, { json: { reason: `${email(3)} wrote` } })
    await ask('POST', `/v1/credentials/${id(3)}/reinstate`, { json: {} })
    expect(await people.left(3)).to.not.deep.equal([])
    const { json } = await ask('POST', `/v1/credentials/${id(3)}/erase`, { json: {} })
    erased++
    expect(json).to.deep.include({ state: 'erased', repeated: false, others: 0, token: null })
    expect(json.credentials).to.deep.equal([{ id: `urn:uuid:${id(3)}`, revoked: false }])
    expect(await people.left(3)).to.deep.equal([])
    expect(await people.left(4)).to.not.deep.equal([])
    await othersVerify()
    const { credentials } = JSON.parse(await readFile(join(people.folder, 'summary.json'), 'utf8'))
    expect(credentials.map((each: { id: string }) => each.id)).to.not.include(`urn:uuid:${id(3)}`)
  })

  it('is answered with a receipt that anybody verifies, and that says nothing of the person', async () => {
    const { json } = await ask('POST', `/v1/credentials/${id(3)}/erase`, { json: {} })
    expect(json.repeated).to.equal(true)
    expect(People.isSigned(json.receipt)).to.equal(true)
    expect(People.isSigned({ ...json.receipt, finished: '2020-01-01T00:00:00.000Z' })).to.equal(false)
    expect(JSON.stringify(json.receipt)).to.not.match(/canary/i)
    expect((await ask('GET', `/v1/erasures/${json.id}`)).json.receipt).to.deep.equal(json.receipt)
    const unknown = await ask('GET', '/v1/erasures/00000000-0000-4000-8000-000000000000')
    expect([unknown.status, unknown.json.code]).to.deep.equal([404, 'ERASURE_UNKNOWN'])
  })

  it('ends every way to the credential, for good', async () => {
    const paths = [
      `/credentials/${id(3)}`,
      `/credentials/${id(3)}.json`,
      `/credentials/${id(3)}.png`,
      `/v1/credentials/${id(3)}/document`,
      `/v1/credentials/${id(3)}/image`,
      `/v1/credentials/${id(3)}/proof`,
    ]
    for (const path of paths) {
      const { status, json } = await ask('GET', path)
      expect([path, status, json.code]).to.deep.equal([path, 410, 'CREDENTIAL_ERASED'])
    }
    expect((await ask('GET', `/v1/credentials/${id(3)}`)).json).to.deep.include({ status: 'reinstated', row: 4 })
    const lines = (await ask('GET', `/v1/batches/${people.batch}/credentials.ndjson`)).text.trimEnd().split('\n')
    expect(lines).to.have.length(count - 1)
    const refused = await ask('POST', '/v1/credentials/00000000-0000-4000-8000-000000000000/erase', { json: {} })
    expect([refused.status, refused.json.code]).to.deep.equal([404, 'CREDENTIAL_UNKNOWN'])
  })

  it('revokes first where that is wanted', async () => {
    const { json } = await ask('POST', `/v1/credentials/${id(5)}/erase`, { json: { revoke: true } })
    erased++
    expect(json.credentials[0].revoked).to.equal(true)
    expect((await ask('GET', `/v1/credentials/${id(5)}`)).json.status).to.equal('revoked')
    expect(await people.left(5)).to.deep.equal([])
  })

  it('tells a person all that is kept of them, and erases it by their address', async () => {
    const order = { achievement: 'A1', recipient: { name: people.canaries[6]?.name, email: email(6).toUpperCase() } }
    await ask('POST', '/v1/credentials', { json: order })
    const told = await until(
      async () => (await ask('POST', '/v1/learners/export', { json: { email: email(6) } })).json,
      ({ mails }) => mails.length > 0,
    )
    expect(told.credentials.map(({ credential }: { credential: string }) => credential)).to.deep.equal([
      `urn:uuid:${id(6)}`,
    ])
    expect(told.credentials[0].credentialAsIssued).to.deep.equal((await ask('GET', `/credentials/${id(6)}`)).json)
    expect(told.ordersThatWait).to.have.length(1)
    expect(told.credentials[0].sentTo).to.deep.include({ address: email(6), answer: 'offered', answered: null })
    expect(told.mails[0]).to.deep.include({ kind: 'claim', about: `urn:uuid:${id(6)}` })
    expect(JSON.stringify(told.mails)).to.not.include('http')
    const { json } = await ask('POST', '/v1/learners/erase', { json: { email: email(6) } })
    erased++
    expect([json.state, json.credentials.length, json.others]).to.deep.equal(['erased', 1, 1])
    expect(await people.left(6)).to.deep.equal([])
    for (const path of ['export', 'erase']) {
      const { status, json } = await ask('POST', `/v1/learners/${path}`, { json: { email: email(6) } })
      expect([status, json.code]).to.deep.equal([404, 'PERSON_UNKNOWN'])
    }
    const wrong = await ask('POST', '/v1/learners/erase', { json: { email: 'nobody' } })
    expect([wrong.status, wrong.json.errors[0].code]).to.deep.equal([422, 'EMAIL_INVALID'])
    await othersVerify()
  })

  it('is refused while a batch is under way, and changes nothing', async () => {
    const json = { achievement: 'A1', draft: true, recipients: [{ name: 'x', email: email(1) }] }
    const { json: batch } = await ask('POST', '/v1/batches', { json })
    const refused = await ask('POST', '/v1/learners/erase', { json: { email: email(1), revoke: true } })
    expect([refused.status, refused.json.code]).to.deep.equal([409, 'ERASURE_TOO_EARLY'])
    expect((await ask('GET', `/v1/credentials/${id(1)}`)).json.status).to.equal('valid')
    await ask('POST', `/v1/batches/${batch.id}/cancel`)
  })

  it('is done by itself with what has become too old, once somebody says when that is', async () => {
    const path = '/v1/privacy/retention'
    expect((await ask('GET', path)).json).to.deep.equal({
      ...{ rosters: null, reasons: null },
      outdated: { people: 0, reasons: 0 },
    })
    const { json } = await ask('PUT', path, { json: { rosters: 30, reasons: 7 } })
    expect(json).to.deep.equal({ rosters: 30, reasons: 7, outdated: { people: 0, reasons: 0 } })
    expect((await ask('PUT', path, { json: { rosters: 0, reasons: null } })).status).to.equal(422)
    await ask('PUT', path, { json: { rosters: null, reasons: null } })
  })

  it('needs a scope of its own', async () => {
    const { json } = await ask('POST', '/v1/api-keys', { json: { name: 'x', scopes: ['credentials:status'] } })
    const { status } = await ask('POST', `/v1/credentials/${id(7)}/erase`, { key: json.secret, json: {} })
    expect(status).to.equal(403)
  })

  for (const [i, label] of labels.filter((name) => name.startsWith('erase:')).entries()) {
    it(`${label}: ends the same when it is asked for again`, async () => {
      if (i === 0) await people.stop()
      const n = 7 + i
      const args = ['erase', id(n), '--yes', '--json']
      const killed = await people.laurel(args, { LAUREL_CRASH_AT: label })
      expect(killed.code, killed.stderr).to.equal(null)
      const { code, stdout, stderr } = await people.laurel(args)
      expect(code, stderr).to.equal(0)
      const [{ receipt }] = JSON.parse(stdout).erasures
      expect(People.isSigned(receipt)).to.equal(true)
      expect(await people.left(n)).to.deep.equal([])
      erased++
      await othersVerify()
    })
  }

  it('is shown and done on the command line, by an address too', async () => {
    const told = await people.laurel(['disclose', email(0)])
    expect(JSON.parse(told.stdout).credentials).to.have.length(1)
    expect((await people.laurel(['erase', '--email', email(0)])).stderr).to.include('CONFIRMATION_MISSING')
    const { code, stdout } = await people.laurel(['erase', '--email', email(0), '--yes'])
    expect(code).to.equal(0)
    expect(stdout)
      .to.include('1 credentials and 0 orders are erased')
      .and.not.match(/canary/i)
    expect((await people.laurel(['erase', '--email', email(0), '--yes', '--json'])).stdout).to.include('PERSON_UNKNOWN')
    expect(await people.left(0)).to.deep.equal([])
  })

  it('is done by itself once it is too old', async () => {
    const { stdout } = await people.laurel(['retention', '--rosters', '30', '--json'])
    expect(JSON.parse(stdout)).to.deep.include({ rosters: 30, outdated: { people: 0, reasons: 0 } })
    const database = new DatabaseSync(join(people.home, 'laurel.db'))
    database.exec(`UPDATE batches SET created_at = created_at - ${31 * 24 * 60 * 60 * 1_000}`)
    database.close()
    expect((await people.laurel(['retention'])).stdout).to.include(`${count - erased - 1} people are older`)
    await people.start()
    await until(
      async () => (await people.left(2)).length,
      (left) => left === 0,
    )
    expect((await ask('GET', `/credentials/${id(2)}`)).status).to.equal(410)
  })

  it('was asked for every operation that is described', () => {
    expect(Api.unasked('privacy/erase')).to.deep.equal([])
  })
})
