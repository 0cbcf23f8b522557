import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import * as StatusRegistry from '@laurel/core/generated/StatusRegistry'
import { expect } from 'chai'
import * as Api from '../../support/Api.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import { freePort } from '../../support/free-port.ts'
import * as Postgres from '../../support/Postgres.ts'
import { until } from '../../support/until.ts'

const passphrase = 'kept where the backup is not'

type Database = { readonly before: Cli.Environment; readonly after: Cli.Environment; readonly end: () => Promise<void> }

/** Where each kind keeps everything before the loss, and where after. */
const databases: Readonly<Record<string, () => Promise<Database>>> = {
  SQLite: async () => ({ before: {}, after: {}, end: async () => {} }),
  PostgreSQL: async () => {
    const server = await Postgres.start()
    return {
      before: { LAUREL_DATABASE_URL: server.url('before') },
      after: { LAUREL_DATABASE_URL: server.url('after') },
      end: server.stop,
    }
  },
}

for (const [kind, create] of Object.entries(databases))
  describe(`An old backup on ${kind}`, function () {
    this.timeout(900_000)
    let chain: Chain.Chain
    let database: Database
    let folder: { readonly home: string; readonly remove: () => Promise<void> }
    before(async function () {
      const reason = kind === 'PostgreSQL' ? Postgres.missing() : undefined
      if (reason !== undefined) {
        console.log(`    SKIPPED: ${reason}`)
        this.skip()
      }
      chain = await Chain.start()
      database = await create()
      folder = await Cli.createHome()
    })
    after(async () => {
      await chain?.stop()
      await database?.end()
      await folder?.remove()
    })

    it('issues and anchors nothing twice, uses no nonce again, finds roots on the chain, and says what nobody knows', async () => {
      const common = async (home: string, more: Cli.Environment) => ({
        LAUREL_HOME: join(folder.home, home),
        LAUREL_CHAIN_RPC: chain.url,
        LAUREL_GATHER_SECONDS: '86400',
        LAUREL_WORKERS: '0',
        PORT: String(await freePort()),
        ...more,
      })
      const then = await common('before', database.before)
      const now = await common('after', database.after)
      const secret = join(folder.home, 'passphrase')
      await writeFile(secret, `${passphrase}\n`)
      const file = join(folder.home, 'laurel.backup')
      const sealed = ['--passphrase-file', secret, '--json'] as const
      const run = async (environment: Cli.Environment, ...args: readonly string[]) => {
        const { code, stdout, stderr } = await Cli.run('laurel', args, environment)
        return { code, stderr, json: stdout.trim() === '' ? undefined : JSON.parse(stdout) }
      }
      const people = (n: number) => [{ name: `Person ${n}`, email: `p${n}@example.org` }]
      const post = async (ask: ReturnType<typeof Api.create>, n: number, more = {}): Promise<string> => {
        const { status, json } = await ask('POST', '/v1/batches', {
          json: { achievement: 'A1', recipients: people(n), ...more },
        })
        expect(status, JSON.stringify(json)).to.equal(202)
        return json.id
      }
      const state = async (ask: ReturnType<typeof Api.create>, id: string) =>
        (await ask('GET', `/v1/batches/${id}`)).json
      const delivered = async (ask: ReturnType<typeof Api.create>, id: string) =>
        until(
          () => state(ask, id),
          ({ state }) => state === 'delivered',
        )
      const logsOf = async (address: string) =>
        (await chain.rpc('eth_getLogs', { address, fromBlock: '0x0', toBlock: 'latest' })) as readonly {
          readonly topics: readonly string[]
        }[]
      const anchored = async () => (await logsOf(AnchorRegistry.address)).map(({ topics }) => String(topics[2]))
      const recorded = (count: number) =>
        until(
          async () => (await logsOf(StatusRegistry.address)).length,
          (length) => length >= count,
        )

      // A batch that is delivered, one that its author has not let go, and a credential that waits for company.
      let server = await Cli.start(then)
      let ask = Api.create(`http://127.0.0.1:${then.PORT}`, server.key)
      await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
      const first = await delivered(ask, await post(ask, 1))
      const second = await post(ask, 2, { draft: true })
      const order = { achievement: 'A1', recipient: people(3)[0] }
      const { json: ordered } = await ask('POST', '/v1/credentials', { json: order })
      // Another organisation has called an achievement the same, and a credential of theirs waits as well.
      await run(then, 'organisation', 'add', 'acme', '--json')
      const theirKey = (await run(then, 'key', 'create', '--name', 'k', '--organisation', 'acme', '--json')).json.secret
      const acme = (environment: Cli.Environment) => Api.create(`http://127.0.0.1:${environment.PORT}`, theirKey)
      await acme(then)('PUT', '/v1/achievements/A1', { json: Api.achievement })
      const { json: issuer } = await acme(then)('POST', '/v1/issuers', { json: { name: 'Acme' } })
      await acme(then)('POST', '/v1/credentials', { json: { achievement: 'A1', recipient: people(6)[0] } })
      // The digests of the two status lists, and then that of the one that is changed, go on the chain as well.
      await recorded(2)

      // While it serves.
      const made = await run(then, 'backup', file, ...sealed)
      expect(made.code, made.stderr).to.equal(0)
      expect(made.json.bytes).to.be.greaterThan(1_000)
      expect((await readFile(file)).includes('p1@example.org')).to.equal(false)
      expect((await run(then, 'backup', file, ...sealed)).json.error.code).to.equal('FILE_EXISTS')

      // What goes on after it, and is lost: two batches, one of them open in the backup; a revocation.
      const { items } = (await ask('GET', `/v1/batches/${first.id}/credentials`)).json
      const uuid = items[0].credential.replace('urn:uuid:', '')
      await ask('POST', `/v1/credentials/${uuid}/revoke`, { json: { reason: 'after the backup' } })
      await ask('POST', `/v1/batches/${second}/submit`)
      const lost = [await delivered(ask, second), await delivered(ask, await post(ask, 4))]
      await recorded(3)
      const before = await anchored()
      const { account } = (await ask('GET', '/v1/issuer')).json.chain
      const nonce = await chain.rpc('eth_getTransactionCount', account, 'latest')
      await server.stop()

      // The wrong passphrase, a cut file and a home with something in it: nothing is written.
      const cut = join(folder.home, 'cut.backup')
      await writeFile(cut, (await readFile(file)).subarray(0, -100))
      const wrong = join(folder.home, 'wrong')
      await writeFile(wrong, 'another passphrase altogether')
      const refusal = async (...args: readonly string[]) =>
        (await run(now, 'restore', ...args, '--json')).json.error.code
      expect(await refusal(file, '--passphrase-file', wrong)).to.equal('BACKUP_PASSPHRASE')
      expect(await refusal(cut, '--passphrase-file', secret)).to.match(/^BACKUP_(DAMAGED|PASSPHRASE)$/)
      expect((await run(then, 'restore', file, ...sealed)).json.error.code).to.equal('HOME_NOT_EMPTY')

      const restored = await run(now, 'restore', file, ...sealed)
      expect(restored.code, restored.stderr).to.equal(0)
      expect(restored.json.at).to.equal(made.json.at)
      console.log(
        `    RPO: as of ${restored.json.at}, ${restored.json.lostMinutes} min lost · RTO: restored in ${restored.json.seconds} s`,
      )

      // Until it is reconciled it is read, and nothing else.
      server = await Cli.start(now)
      expect(server.key).to.equal(undefined)
      const refused = await fetch(`http://127.0.0.1:${now.PORT}/status-lists/revocation-1`)
      expect([refused.status, ((await refused.json()) as { code: string }).code]).to.deep.equal([
        503,
        'DATABASE_READ_ONLY',
      ])
      await server.stop()
      for (const args of [
        ['key', 'create', '--name', 'x'],
        ['revoke', uuid],
      ])
        expect((await run(now, ...args, '--json')).json.error.code, args.join(' ')).to.equal('DATABASE_READ_ONLY')
      expect((await Cli.run('laurel', ['worker'], now)).stderr).to.include('DATABASE_READ_ONLY')
      expect(await chain.rpc('eth_getTransactionCount', account, 'latest')).to.equal(nonce)

      const found = await run(now, 'reconcile', '--json')
      expect(found.code, found.stderr).to.equal(0)
      const roots = lost.map(({ anchor }) => anchor.root)
      expect(found.json.roots.map(({ root }: { root: string }) => root)).to.have.members(roots)
      expect(found.json.unexplained).to.deep.equal([])
      expect(found.json.changedLists.join()).to.include('/status-lists/revocation-1')
      expect(found.json.blocked).to.include(second)
      expect(found.json.blocked).to.have.length(3)
      expect((await run(now, 'reconcile', '--json')).json.error.code).to.equal('NOT_RESTORED')

      // What may have been issued waits for a person; what is new goes on behind what the chain has.
      server = await Cli.start(now)
      const key = (await run(now, 'key', 'create', '--name', 'after', '--json')).json.secret
      ask = Api.create(`http://127.0.0.1:${now.PORT}`, key)
      const fifth = await delivered(ask, await post(ask, 5))
      expect((await state(ask, second)).state).to.be.oneOf(['blocked', 'held'])
      const manifests = new Map<number, string>()
      for (const [environment, id] of [
        [then, first.id],
        [now, fifth.id],
      ] as const) {
        const { manifest, root } = await manifestOf(environment, id)
        manifests.set(manifest.number, root)
      }
      // One was anchored before the backup, two after it.
      expect([...manifests.keys()]).to.deep.equal([1, 4])
      expect((await manifestOf(now, fifth.id)).manifest.previous).to.equal(before.at(-1))

      // Whoever is known to have nothing yet: the order that waited.
      const [theirs] = (await acme(now)('GET', '/v1/batches')).json.items
      expect(theirs).to.include({ state: 'blocked', reason: 'RESTORED' })
      const waiting = found.json.blocked.find((id: string) => id !== second && id !== theirs.id)
      expect((await run(now, 'reconcile', '--resume', waiting, '--json')).code).to.equal(0)
      expect((await delivered(ask, waiting)).size).to.equal(1)
      expect((await ask('GET', `/v1/orders/${ordered.id}`)).json.state).to.equal('delivered')
      expect((await ask('POST', `/v1/batches/${second}/cancel`)).json.state).to.equal('cancelled')
      expect((await run(now, 'reconcile', '--resume', theirs.id, '--json')).code).to.equal(0)
      await delivered(acme(now), theirs.id)
      const { text } = await acme(now)('GET', `/v1/batches/${theirs.id}/credentials.ndjson`)
      expect(JSON.parse(text).issuer.id).to.equal(issuer.did)

      const all = await anchored()
      expect(new Set(all).size, 'anchored twice').to.equal(all.length)
      expect(all.slice(0, before.length)).to.deep.equal(before)
      expect(all).to.have.length(before.length + 3)
      const used = Number(await chain.rpc('eth_getTransactionCount', account, 'latest'))
      expect(used).to.equal(Number(nonce) + 3)
      await server.stop()
    })
  })

async function manifestOf(
  { LAUREL_HOME: home = '' }: Cli.Environment,
  batch: string,
): Promise<{
  readonly manifest: { readonly number: number; readonly previous: string | null }
  readonly root: string
}> {
  const folder = join(home, 'batches', batch)
  const summary = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
  return { manifest: JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')), root: summary.root }
}
