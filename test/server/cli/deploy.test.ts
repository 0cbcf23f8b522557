import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import * as BadgeCollection from '@laurel/core/generated/BadgeCollection'
import * as BadgeCollectionFactory from '@laurel/core/generated/BadgeCollectionFactory'
import * as IssuerDirectory from '@laurel/core/generated/IssuerDirectory'
import * as StatusRegistry from '@laurel/core/generated/StatusRegistry'
import { expect } from 'chai'
import { keccak256 } from 'viem'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'

const committed = { AnchorRegistry, StatusRegistry, IssuerDirectory, BadgeCollection, BadgeCollectionFactory }
const names = Object.keys(committed)

type Row = { readonly name: string; readonly address: string; readonly state: string; readonly transactionHash: string }

describe('laurel deploy', function () {
  this.timeout(600_000)
  let chain: Chain.Chain
  let home: string
  let remove: () => Promise<void>
  afterEach(async () => {
    await chain.stop()
    await remove()
  })
  const onChain = async (chainId: number) => {
    chain = await Chain.start(chainId)
    ;({ home, remove } = await Cli.createHome())
  }

  const run = async (...args: readonly string[]) => {
    // Nobody else makes blocks here, so that what is in one is final.
    const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, LAUREL_CONFIRMATIONS: '1' }
    const { code, stdout, stderr } = await Cli.run('laurel', ['deploy', ...args, '--json'], environment)
    return { code, stderr, answer: JSON.parse(stdout) }
  }
  const states = (rows: readonly Row[]) => Object.fromEntries(rows.map(({ name, state }) => [name, state]))
  const all = (state: string) => Object.fromEntries(names.map((name) => [name, state]))
  const rich = async () => {
    const { answer } = await run('--dry-run')
    await chain.rpc('anvil_setBalance', answer.account, '0x8ac7230489e80000')
    return answer.account
  }

  it('shows first what it costs, then deploys what is missing, and again nothing', async () => {
    await onChain(11155111)
    const preview = await run('--network', 'sepolia', '--dry-run')
    expect(preview.code, preview.stderr).to.equal(0)
    expect(states(preview.answer.contracts)).to.deep.equal(all('missing'))
    expect(preview.answer.gas).to.be.within(1_000_000, 20_000_000)
    expect((await run('--network', 'sepolia')).answer.error.code).to.equal('FUNDS_MISSING')
    const account = await rich()

    const { code, answer, stderr } = await run('--network', 'sepolia')
    expect(code, stderr).to.equal(0)
    expect(stderr).to.match(/gas, at most 0\.\d+/)
    expect(states(answer.contracts)).to.deep.equal(all('deployed'))
    let used = 0
    for (const { name, address, transactionHash } of answer.contracts as readonly Row[]) {
      const contract = committed[name as keyof typeof committed]
      expect(address).to.equal(contract.address)
      const code = (await chain.rpc('eth_getCode', address, 'latest')) as `0x${string}`
      expect(keccak256(code)).to.equal(contract.runtimeCodeHash)
      const receipt = (await chain.rpc('eth_getTransactionReceipt', transactionHash)) as { readonly gasUsed: string }
      used += Number(receipt.gasUsed)
    }
    expect(used).to.be.at.most(answer.gas)

    const again = await run('--network', 'sepolia')
    expect(states(again.answer.contracts)).to.deep.equal(all('present'))
    expect(again.answer.maximumCost).to.equal('0')
    expect(Number(await chain.rpc('eth_getTransactionCount', account, 'latest'))).to.equal(names.length)
  })

  it('deploys only what is missing', async () => {
    await onChain(11155111)
    await rich()
    await chain.rpc('anvil_setCode', StatusRegistry.address, StatusRegistry.runtimeCode)
    expect(states((await run()).answer.contracts)).to.deep.equal({ ...all('deployed'), StatusRegistry: 'present' })
  })

  it('asks before it spends what is worth something', async () => {
    await onChain(1)
    const account = await rich()
    const refused = await run()
    expect(refused.code).to.equal(1)
    expect(refused.answer.error.code).to.equal('CONFIRMATION_MISSING')
    expect(Number(await chain.rpc('eth_getTransactionCount', account, 'latest'))).to.equal(0)
    expect(states((await run('--yes')).answer.contracts)).to.deep.equal(all('deployed'))
  })

  it('refuses another chain than the one that is named', async () => {
    await onChain(11155111)
    expect((await run('--network', 'base')).answer.error.code).to.equal('CHAIN_MISMATCH')
    expect((await run('--network', 'nowhere')).answer.error.code).to.equal('NETWORK_UNKNOWN')
  })

  it('refuses a chain that has something else at an address, or nothing to deploy with', async () => {
    await onChain(11155111)
    await rich()
    await chain.rpc('anvil_setCode', AnchorRegistry.factory, '0x')
    expect((await run()).answer.error.code).to.equal('FACTORY_MISSING')
    await chain.rpc('anvil_setCode', StatusRegistry.address, '0x6001')
    expect((await run()).answer.error.code).to.equal('CONTRACT_CODE')
  })

  it('has nothing to do on a chain for development', async () => {
    await onChain(31337)
    expect(states((await run('--network', 'anvil')).answer.contracts)).to.deep.equal(all('present'))
  })

  it('goes on where it was killed, with the same transactions', async () => {
    await onChain(11155111)
    const account = await rich()
    for (const label of ['call:before-send', 'call:after-send']) {
      const { code } = await Cli.run('laurel', ['deploy'], {
        LAUREL_HOME: home,
        LAUREL_CHAIN_RPC: chain.url,
        LAUREL_CONFIRMATIONS: '1',
        LAUREL_CRASH_AT: label,
      })
      expect(code, label).to.equal(null)
    }
    expect((await run()).code).to.equal(0)
    expect(states((await run()).answer.contracts)).to.deep.equal(all('present'))
    expect(Number(await chain.rpc('eth_getTransactionCount', account, 'latest'))).to.equal(names.length)
  })
})
