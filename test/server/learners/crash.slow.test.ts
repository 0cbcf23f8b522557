import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type Label, labels } from '../../../server/src/internal/crashpoint.ts'
import * as Token from '../../../server/src/learners/Token.ts'
import * as Api from '../../support/Api.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))
const people = 3

// R1, R4: a link and the mail that brings it are there together or not at all; no mail is lost, none is doubled.
describe('Links to credentials, where the server is killed', function () {
  this.timeout(180_000)
  let place: Place.Place
  let database: DatabaseSync
  let batch: string

  beforeEach(async () => {
    place = await Place.create({ LAUREL_WORKERS: '0' })
    const roster = join(place.home, 'roster.csv')
    const rows = Array.from({ length: people }, (_, i) => `Person ${i},p${i}@example.org\n`)
    await writeFile(roster, `name,email\n${rows.join('')}`)
    ;({ batch } = await Cli.issue(roster, achievement, place.environment))
    database = new DatabaseSync(join(place.home, 'laurel.db'))
    database.exec('PRAGMA busy_timeout = 10000')
  })
  afterEach(async () => {
    database.close()
    await place.remove()
  })

  const rows = (statement: string) => database.prepare(statement).all()
  const count = (table: string, where = '1 = 1') =>
    Number(rows(`SELECT count(*) AS n FROM ${table} WHERE ${where}`)[0]?.n)
  const die = async (
    label: Label,
    provoke: (ask: ReturnType<typeof Api.create>) => Promise<unknown> = async () => {},
  ) => {
    const server = await Cli.start({ ...place.environment, LAUREL_CRASH_AT: label })
    await provoke(Api.create(place.base, server.key)).catch(() => {})
    await server.ended
  }
  const live = async (isDone: () => boolean) => {
    const server = await Cli.start(place.environment)
    try {
      await until(isDone)
    } finally {
      await server.stop()
    }
  }
  /** Puts a token whose text is known into the place of one that only its mail has. */
  const known = (table: string, where: string) => {
    const { text, digest } = Token.create(new Uint8Array(32).fill(7))
    database.prepare(`UPDATE ${table} SET token = ? WHERE ${where}`).run(digest)
    return text
  }
  const invited = () => live(() => count('claim_rounds', 'ended_at IS NOT NULL') === 1)

  for (const label of ['claim:before-save', 'claim:after-save'] as const)
    it(`${label}: everybody is sent one link`, async () => {
      await die(label)
      expect(count('claims')).to.equal(label === 'claim:before-save' ? 0 : people)
      expect(count('mails')).to.equal(count('claims'))
      await invited()
      expect([count('claims'), count('mails'), count('addresses')]).to.deep.equal([people, people, people])
      expect(rows('SELECT about FROM mails GROUP BY about HAVING count(*) > 1')).to.deep.equal([])
    })

  for (const label of ['claim:before-decision', 'claim:after-decision'] as const)
    it(`${label}: a decision is there with its event, or not at all`, async () => {
      await invited()
      const text = known('claims', 'row = 1')
      const accept = (ask: ReturnType<typeof Api.create>) => ask('POST', `/claim/${text}/accept?seen=offered`)
      await die(label, accept)
      const isThere = label === 'claim:after-decision' ? 1 : 0
      const stored = () => [
        count('claims', "state = 'accepted'"),
        count('events', "type = 'credential.accepted'"),
        count('learners'),
      ]
      expect(stored()).to.deep.equal([isThere, isThere, isThere])
      const server = await Cli.start(place.environment)
      expect((await accept(Api.create(place.base))).status).to.equal(303)
      await server.stop()
      expect(stored()).to.deep.equal([1, 1, 1])
    })

  for (const label of ['claim:before-move', 'claim:after-move'] as const)
    it(`${label}: a move is carried out once`, async () => {
      await invited()
      const server = await Cli.start(place.environment)
      const [{ secret } = { secret: '' }] = [
        JSON.parse((await Cli.run('laurel', ['key', 'create', '--name', 'x', '--json'], place.environment)).stdout),
      ]
      const ask = Api.create(place.base, secret)
      await ask('PUT', '/v1/claim-settings', { json: { onDelivery: true, days: 9, waitingDays: 1 } })
      const { items } = (await ask('GET', `/v1/batches/${batch}/credentials`)).json
      const uuid = items[0].credential.replace('urn:uuid:', '')
      const { status } = await ask('POST', `/v1/credentials/${uuid}/move`, {
        json: { email: 'new@example.org', reason: 'r' },
      })
      expect(status).to.equal(202)
      await server.stop()
      database.exec('UPDATE claim_moves SET due = 0')
      await die(label)
      const done = () => [
        count('claim_moves', "state = 'done'"),
        count('events', "type = 'credential.moved'"),
        count('mails'),
      ]
      const isThere = label === 'claim:after-move' ? 1 : 0
      expect(done()).to.deep.equal([isThere, isThere, people + 1 + isThere])
      await live(() => count('claim_moves', "state = 'done'") === 1)
      expect(done()).to.deep.equal([1, 1, people + 2])
    })

  for (const label of ['learner:before-commit', 'learner:after-commit'] as const)
    it(`${label}: a mail is there with its challenge, and a session with what it used up`, async () => {
      await invited()
      const ask = (json: object, path: string) => (asking: ReturnType<typeof Api.create>) =>
        asking('POST', path, { json, headers: { origin: place.base } })
      await die(label, ask({ email: 'p0@example.org' }, '/v1/learner/challenges'))
      const isThere = label === 'learner:after-commit' ? 1 : 0
      expect([count('challenges'), count('mails')]).to.deep.equal([isThere, people + isThere])
      const server = await Cli.start(place.environment)
      await ask({ email: 'p0@example.org' }, '/v1/learner/challenges')(Api.create(place.base))
      await server.stop()
      const token = known('challenges', 'created_at = (SELECT max(created_at) FROM challenges)')
      const signIn = ask({ token }, '/v1/learner/sessions')
      await die(label, signIn)
      const used = () => [count('learner_sessions'), count('challenges', 'used_at IS NOT NULL'), count('learners')]
      expect(used()).to.deep.equal([isThere, isThere, isThere])
      const again = await Cli.start(place.environment)
      const { status } = await signIn(Api.create(place.base))
      await again.stop()
      expect([status, ...used()]).to.deep.equal([isThere === 1 ? 401 : 201, 1, 1, 1])
    })

  it('has a test for every place to die', () => {
    const own = labels.filter((label) => /^(claim|learner):/.test(label))
    expect(own).to.have.length(8)
  })
})
