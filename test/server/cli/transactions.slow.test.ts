import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

describe('laurel, whose account is held up', function () {
  this.timeout(600_000)
  let chain: Chain.Chain
  let home: string
  let remove: () => Promise<void>
  let environment: Cli.Environment
  before(async () => {
    chain = await Chain.start()
  })
  after(() => chain.stop())
  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
    environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url }
  })
  afterEach(() => remove())

  const roster = async (name: string) => {
    const file = join(home, `${name}.csv`)
    await writeFile(file, `name,email\n${name},${name}@example.org\n`)
    return file
  }
  const issue = (file: string, more: Cli.Environment = {}) =>
    Cli.run('laurel', ['issue', file, '--achievement', achievement, '--json'], { ...environment, ...more })
  const status = async () => JSON.parse((await Cli.run('laurel', ['status', '--json'], environment)).stdout)

  it('lets batches wait for the fee, says so, and anchors them together in one transaction', async () => {
    const files = [await roster('ada'), await roster('grace')] as const
    for (const file of files) {
      const { code, stderr, stdout } = await issue(file, { LAUREL_MAX_FEE_GWEI: '0.000000001' })
      expect(code, stderr).to.equal(2)
      expect(stdout + stderr).to.include('FEE_ABOVE_CEILING')
    }
    for (const { state, root } of await status()) expect([state, root]).to.deep.equal(['waiting-fee', null])

    const last = await issue(files[1])
    expect(last.code, last.stderr).to.equal(0)
    const { account, transactionHash } = JSON.parse(last.stdout)
    expect(await chain.rpc('eth_getTransactionCount', account, 'latest')).to.equal('0x1')
    const roots = (await status()).map(({ root }: { root: string }) => root.slice(2))
    const { input } = (await chain.rpc('eth_getTransactionByHash', transactionHash)) as { input: string }
    expect(input.slice(2).match(/.{64}/g)).to.have.members(roots)
  })

  it('signs nothing more when its account was used elsewhere, until that is accepted', async () => {
    const first = await issue(await roster('ada'))
    expect(first.code, first.stderr).to.equal(0)
    const { account } = JSON.parse(first.stdout)
    await chain.rpc('anvil_impersonateAccount', account)
    await chain.rpc('eth_sendTransaction', { from: account, to: account })
    while ((await chain.rpc('eth_getTransactionCount', account, 'latest')) !== '0x2');

    const second = await roster('grace')
    const held = await issue(second)
    expect(held.code, held.stdout).to.equal(2)
    expect(held.stderr).to.include('1 transactions on the chain that were not made here')
    const shown = JSON.parse((await Cli.run('laurel', ['transactions', '--json'], environment)).stdout)
    expect(shown[0]).to.deep.include({ account, count: 2 })
    expect(shown[0].condition).to.deep.include({ code: 'NONCE_CONFLICT' })
    const told = await Cli.run('laurel', ['status'], environment)
    expect(told.stdout).to.include('NONCE_CONFLICT since ')

    const accept = (who: string) => Cli.run('laurel', ['transactions', '--accept', who, '--yes'], environment)
    expect((await accept(`0x${'11'.repeat(20)}`)).stderr).to.include('no account with this address')
    expect((await accept(account)).stdout).to.include(`${account}  2 on the chain, 0 under way, 0 waiting`)
    const released = await issue(second)
    expect(released.code, released.stderr).to.equal(0)
    expect(await chain.rpc('eth_getTransactionCount', account, 'latest')).to.equal('0x3')
  })
})
