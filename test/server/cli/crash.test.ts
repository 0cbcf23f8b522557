import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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

  const issuing = labels.filter((label) => !label.startsWith('revoke:'))
  const revoking = labels.filter((label) => label.startsWith('revoke:'))

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
})
