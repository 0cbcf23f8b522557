import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))
const roster = ['name,email', 'Ada Lovelace,ada@example.org', 'محمد,m@example.org', ''].join('\n')

// Deeper than anybody waits for: the chain forgets an anchor that had been final.
describe('laurel, whose chain goes back behind its anchor', function () {
  this.timeout(120_000)

  for (const label of ['call:after-send', 'confirm:after-save', 'assemble:after-save', 'deliver:after-save'])
    it(`after ${label}: the stored transaction is sent again, and the credentials verify`, async () => {
      const chain = await Chain.start()
      const { home, remove } = await Cli.createHome()
      try {
        const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url }
        const file = join(home, 'roster.csv')
        await writeFile(file, roster)
        const args = ['issue', file, '--achievement', achievement, '--json']
        // Brings the registry to the chain, before the point to which it goes back.
        await Cli.run('laurel', args, { ...environment, LAUREL_CRASH_AT: 'intake:before-commit' })
        const point = await chain.rpc('evm_snapshot')
        const killed = await Cli.run('laurel', args, { ...environment, LAUREL_CRASH_AT: label })
        expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)
        expect(await chain.rpc('evm_revert', point)).to.equal(true)

        const { code, stdout, stderr } = await Cli.run('laurel', args, environment)
        expect(code, stdout + stderr).to.equal(0)
        const issued = JSON.parse(stdout)
        expect(await readdir(join(home, 'batches'))).to.deep.equal([issued.batch])
        expect(await chain.rpc('eth_getTransactionCount', issued.account, 'latest')).to.equal('0x1')
        const { status } = (await chain.rpc('eth_getTransactionReceipt', issued.transactionHash)) as { status: string }
        expect(status).to.equal('0x1')
        const verified = await Cli.run('laurel-verify', [issued.folder], environment)
        expect(verified.code, verified.stdout).to.equal(0)
      } finally {
        await chain.stop()
        await remove()
      }
    })
})
