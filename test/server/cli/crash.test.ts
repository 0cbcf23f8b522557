import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))
const roster = ['name,email', 'Ada Lovelace,ada@example.org', 'محمد,m@example.org', '王小明,w@example.org', ''].join(
  '\n',
)

// Nothing acknowledged is lost, nothing is anchored twice, wherever the power fails.
describe('laurel, killed at every step', function () {
  this.timeout(120_000)
  let chain: Chain.Chain
  before(async () => {
    chain = await Chain.start()
  })
  after(() => chain.stop())

  const revoking = labels.filter((label) => label.startsWith('decide:') && label !== 'decide:after-some')
  const exporting = labels.filter((label) => label.startsWith('export:'))
  // Those of other accounts' transactions, of replacements, of reorganisations, of requests, of webhooks, of migrations, of
  // imports and of other issuers have tests of their own.
  const elsewhere = labels.filter((label) =>
    /^(migrate|approval|rotate|replace|pin|digest|audit|erase|gather|answer|claim|learner|mail|import|issuer|issuer-key):|^webhook:after-(claim|answer|settle)$|^decide:after-some$|^call:(after-intent|.*-reopen)$/.test(
      label,
    ),
  )
  const issuing = labels.filter((label) => ![...revoking, ...exporting, ...elsewhere].includes(label))

  for (const label of issuing) {
    it(`${label}: the batch finishes, anchored once`, async () => {
      const { home, remove } = await Cli.createHome()
      try {
        const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url }
        const file = join(home, 'roster.csv')
        await writeFile(file, roster)
        const args = ['issue', file, '--achievement', achievement, '--json']
        const killed = await Cli.run('laurel', args, { ...environment, LAUREL_CRASH_AT: label })
        expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)

        const { stdout, code, stderr } = await Cli.run('laurel', args, environment)
        expect(code, stderr).to.equal(0)
        const issued = JSON.parse(stdout)
        expect(issued.issued).to.equal(3)
        expect(await readdir(join(home, 'batches'))).to.deep.equal([issued.batch])
        expect(await chain.rpc('eth_getTransactionCount', issued.account, 'latest')).to.equal('0x1')

        const verified = await Cli.run('laurel-verify', [issued.folder, '--json'], environment)
        const verdicts = JSON.parse(verified.stdout).map(({ verdict }: { verdict: string }) => verdict)
        expect(verdicts).to.deep.equal(Array(6).fill('accepted'))
      } finally {
        await remove()
      }
    })
  }

  for (const label of revoking) {
    it(`${label}: the revocation stands and is published`, async () => {
      const { home, remove } = await Cli.createHome()
      try {
        const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url }
        const file = join(home, 'roster.csv')
        await writeFile(file, roster)
        const { folder } = await Cli.issue(file, achievement, environment)
        const summary = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
        const args = ['revoke', summary.credentials[1].id, '--json']
        const killed = await Cli.run('laurel', args, { ...environment, LAUREL_CRASH_AT: label })
        expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)

        const { code, stderr } = await Cli.run('laurel', args, environment)
        expect(code, stderr).to.equal(0)
        const verified = await Cli.run(
          'laurel-verify',
          [join(folder, summary.credentials[1].file), '--json'],
          environment,
        )
        expect(verified.code, verified.stdout).to.equal(1)
        const [{ checks }] = JSON.parse(verified.stdout)
        expect(checks.map(({ code }: { code: string }) => code)).to.include('REVOKED')
      } finally {
        await remove()
      }
    })
  }

  for (const format of ['folder', 'ndjson', 'car', 'laurel']) {
    it(`export of a ${format}: nothing half-written is seen, and it is written from the beginning`, async () => {
      const { home, remove } = await Cli.createHome()
      try {
        const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url }
        const file = join(home, 'roster.csv')
        await writeFile(file, roster)
        const { batch } = await Cli.issue(file, achievement, environment)
        const export_ = (target: string, more: Cli.Environment = {}) =>
          Cli.run('laurel', ['export', batch, target, '--format', format], { ...environment, ...more })
        const reference = join(home, 'exports', 'reference')
        expect((await export_(reference)).code).to.equal(0)

        // One file has no half that a test could wait for: it is whole, or not there.
        for (const label of exporting.filter(
          (each) => format === 'folder' || format === 'laurel' || each !== 'export:half-written',
        )) {
          const target = join(home, 'exports', label.replace(':', '-'))
          const killed = await export_(target, { LAUREL_CRASH_AT: label })
          expect(killed.code, `${label} was not reached: ${killed.stderr}`).to.equal(null)
          const seen = (await readdir(join(home, 'exports'))).filter((name) => !name.startsWith('.'))
          expect(seen.includes(label.replace(':', '-')), label).to.equal(label === 'export:after-rename')
          if (label === 'export:after-rename') await rm(target, { recursive: true })

          expect((await export_(target)).code, label).to.equal(0)
          expect(await contents(target), label).to.deep.equal(await contents(reference))
        }
        const left = await readdir(join(home, 'exports'))
        expect(left.filter((name) => name.startsWith('.'))).to.deep.equal([])
      } finally {
        await remove()
      }
    })
  }
})

/** Every file at a path, by its name within. */
async function contents(path: string): Promise<ReadonlyMap<string, string>> {
  const entries = (await stat(path)).isDirectory()
    ? (await readdir(path, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    : []
  const paths = entries.length === 0 ? [path] : entries.map((entry) => join(entry.parentPath, entry.name)).sort()
  const files = paths.map(async (file) => [relative(path, file), (await readFile(file)).toString('base64')] as const)
  return new Map(await Promise.all(files))
}
