import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { tables } from '../../../server/src/privacy/DataMap.ts'
import * as Canaries from '../../support/Canaries.ts'
import * as Receiver from '../../support/Receiver.ts'
import { until } from '../../support/until.ts'
import * as People from './people.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))
const count = 1_000

// The whole journey of a thousand people, who are looked for wherever nobody is to be found (P27, P29).
describe('a thousand people, on their whole journey', function () {
  this.timeout(900_000)
  let people: Awaited<ReturnType<typeof People.open>>
  let receiver: Receiver.Receiver
  let scan: ReturnType<typeof Canaries.scanner>
  const said: string[] = []
  const refused: string[] = []

  before(async () => {
    people = await People.open(count, { LAUREL_WEBHOOK_LOOPBACK: 'true' })
    receiver = await Receiver.start()
    const { ask, canaries, ids, home } = people
    const person = (n: number) => canaries[n] as Canaries.Canary
    await ask('POST', '/v1/webhooks', { json: { url: receiver.url } })
    for (let n = 0; n < 5; n++)
      await ask('POST', `/v1/credentials/${ids[n]}/revoke`, {
        json: { reason: `${person(n).name}: ${person(n).email}` },
      })
    await ask('POST', `/v1/credentials/${ids[5]}/suspend`, { json: { reason: person(5).email } })
    await ask('POST', `/v1/credentials/${ids[6]}/erase`, { json: { revoke: true } })
    await ask('POST', '/v1/learners/erase', { json: { email: person(7).email } })
    await ask('POST', '/v1/credentials', {
      json: { achievement: 'A1', recipient: { name: person(8).name, email: person(8).email } },
    })

    // What is wrong in a row is named by its place; what stands there is not said.
    const hostile = [
      `${person(9).name},${person(9).email}@@,${person(9).wallet}`,
      `${person(10).name},${person(10).email},${person(10).wallet}0`,
      `"=HYPERLINK(""${person(11).email}"")",${person(11).email},${person(11).wallet}`,
      `${person(12).name},${person(12).email},${person(12).wallet}`,
      `${person(12).name},${person(12).email.toUpperCase()},${person(12).wallet}`,
      `,${person(13).email},`,
    ]
    for (const rows of [hostile, ...hostile.map((row) => [row])]) {
      const reply = await ask('POST', '/v1/batches?achievement=A1&draft=true', {
        csv: ['name,email,wallet', ...rows, ''].join('\n'),
      })
      if (reply.status >= 400) refused.push(reply.text)
    }
    const wrong = [
      ['POST', '/v1/learners/export', { json: { email: `${person(14).email}@` } }],
      ['POST', '/v1/learners/export', { json: { email: `x${person(14).email}` } }],
      [
        'POST',
        '/v1/credentials',
        { json: { achievement: 'A1', recipient: { name: person(15).name, email: `${person(15).email}@` } } },
      ],
      ['GET', `/v1/batches?state=${encodeURIComponent(person(16).email)}`, {}],
      ['GET', `/credentials/${encodeURIComponent(person(16).email)}`, {}],
    ] as const
    for (const [method, path, asked] of wrong) {
      const reply = await ask(method, path, asked)
      expect(reply.status, path).to.be.greaterThan(399)
      refused.push(reply.text)
    }
    const roster = join(home, '..', `${home.split('/').at(-1)}-roster.csv`)
    await writeFile(
      roster,
      `name,email\n${person(17).name},${person(17).email}\n${person(18).name},${person(18).email}@\n`,
    )
    for (const args of [
      ['issue', roster, '--achievement', achievement],
      ['status'],
      ['audit', 'anchor'],
      ['audit', 'verify'],
      ['erase', '--email', person(19).email, '--yes'],
      ['erase', '--email', `x${person(19).email}`, '--yes'],
      ['revoke', person(20).email],
    ]) {
      const { stdout, stderr } = await people.laurel(args)
      said.push(stdout, stderr)
    }
    await until(
      async () => receiver.heard.some(({ body }) => body.includes('credential.erased')),
      (has) => has,
    )
    await people.stop()
    scan = Canaries.scanner(canaries)
  })
  after(async () => {
    await receiver?.stop()
    await people?.close()
  })

  const nowhere = (place: string, bytes: Uint8Array | string) =>
    expect(scan(place, Buffer.from(bytes as Uint8Array)), place).to.deep.equal([])

  it('is on no chain: in no transaction, no log, no storage', async () => {
    const { chain } = people
    const newest = Number(await chain.rpc('eth_blockNumber'))
    let transactions = 0
    for (let number = 0; number <= newest; number++) {
      const block = (await chain.rpc('eth_getBlockByNumber', `0x${number.toString(16)}`, true)) as {
        transactions: { hash: string }[]
      }
      nowhere(`block ${number}`, JSON.stringify(block))
      for (const { hash } of block.transactions) {
        transactions++
        nowhere(`receipt of ${hash}`, JSON.stringify(await chain.rpc('eth_getTransactionReceipt', hash)))
      }
    }
    expect(transactions).to.be.greaterThan(1)
    const state = Buffer.from(String(await chain.rpc('anvil_dumpState')).slice(2), 'hex')
    nowhere('state of the chain', state[0] === 0x1f ? gunzipSync(state) : state)
  })

  it('is in nothing that is public', async () => {
    for (const folder of ['ipfs', 'public']) {
      let files = 0
      for await (const { place, bytes } of Canaries.files(join(people.home, folder))) {
        files++
        nowhere(place, bytes)
      }
      expect(files, folder).to.be.greaterThan(1)
    }
  })

  it('is in no log, no refusal and no webhook', () => {
    nowhere('stderr of the server', people.said())
    nowhere('what commands said', said.join('\n'))
    // The whole roster, three of its six rows by themselves, and five requests that are no rosters.
    expect(refused).to.have.length(1 + 3 + 5)
    nowhere('refusals', refused.join('\n'))
    const told = receiver.heard
    expect(told.length).to.be.greaterThan(5)
    for (const { body, headers } of told) nowhere('webhook', `${JSON.stringify([...headers])}${body}`)
  })

  it('is in no column that the data map does not call personal', () => {
    const database = new DatabaseSync(join(people.home, 'laurel.db'), { readOnly: true })
    let personal = 0
    for (const [table, { columns }] of Object.entries(tables))
      for (const [column, kind] of Object.entries(columns)) {
        const rows = database.prepare(`SELECT "${column}" AS value FROM ${table}`).all()
        const bytes = Buffer.concat(
          rows.map(({ value }) => (value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(`${value}\n`))),
        )
        if (kind !== 'personal') nowhere(`${table}.${column}`, bytes)
        else if (scan(`${table}.${column}`, bytes).length > 0) personal++
      }
    database.close()
    expect(personal, 'where they are').to.be.greaterThan(1)
  })
})
