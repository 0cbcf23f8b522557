import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'
import * as Golden from '../support/Golden.ts'

describe('laurel-verify trust', function () {
  this.timeout(60_000)
  let home: string
  let remove: () => Promise<void>
  let file: string

  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
    file = join(home, 'trust.json')
  })
  afterEach(() => remove())

  const trust = (...args: readonly string[]) => Cli.run('laurel-verify', ['trust', ...args], { LAUREL_HOME: home })
  const issuers = async () => JSON.parse(await readFile(file, 'utf8')).issuers

  it('adds issuers to a file that it makes, and keeps their keys', async () => {
    const did = Golden.read('B-did.json').id as string
    const account = `eip155:31337:0x${'12'.repeat(20)}`
    const document = join(Golden.folder, 'B-did.json')
    expect((await trust('add', 'did:key:z6Mk', '--name', 'A', '--anchor-optional')).code).to.equal(0)
    const further = ['--account', account, '--recorder', account, '--did-document', document]
    const added = await trust('add', did, '--name', 'B', ...further)
    expect(added.code, added.stderr).to.equal(0)
    expect(await issuers()).to.deep.equal([
      { did: 'did:key:z6Mk', name: 'A', anchor: 'optional' },
      { did, name: 'B', accounts: [account], recorders: [account], didDocument: Golden.read('B-did.json') },
    ])
    const { stdout } = await trust('list')
    expect(stdout).to.contain('A  did:key:z6Mk: any account that it names\n')
    expect(stdout).to.contain(`B  ${did}: 1 accounts, its keys are kept\n`)
  })

  it('changes nothing where it cannot do all of it', async () => {
    await trust('add', 'did:key:z6Mk', '--name', 'A')
    const before = await readFile(file, 'utf8')
    for (const [code, args] of [
      ['ISSUER_KNOWN', ['did:key:z6Mk']],
      ['ISSUER_UNRESOLVED', ['did:web:127.0.0.1']],
      ['ISSUER_UNRESOLVED', ['did:web:x.example.org', '--did-document', join(Golden.folder, 'B-did.json')]],
      ['TRUST_INVALID', ['did:key:z6Mb', '--account', '0x12']],
      ['TRUST_UNREADABLE', [join(home, 'none.json')]],
      ['TRUST_UNREADABLE', ['http://127.0.0.1:9/list.json']],
    ] as const) {
      const { code: exit, stderr } = await trust('add', ...args)
      expect(stderr).to.contain(`[${code}]`)
      expect(exit).to.equal(2)
    }
    expect(await readFile(file, 'utf8')).to.equal(before)
  })

  it('takes over a list, but for whom it knows already', async () => {
    const list = join(home, 'list.json')
    const of = (...dids: readonly string[]) => ({
      type: 'LaurelIssuerList',
      version: 1,
      name: 'Universities',
      issuers: dids.map((did) => ({ did, name: did.slice(-1) })),
    })
    await trust('add', 'did:key:z6MkA', '--name', 'mine')
    await writeFile(list, JSON.stringify(of('did:key:z6MkA', 'did:key:z6MkB')))
    expect((await trust('add', list)).code).to.equal(0)
    expect((await trust('add', list)).stdout).to.contain('already')
    expect(await issuers()).to.deep.equal([
      { did: 'did:key:z6MkA', name: 'mine' },
      { did: 'did:key:z6MkB', name: 'B' },
    ])
    for (const wrong of [{ ...of('did:key:z6MkC'), version: 2 }, { ...of('did:key:z6MkC'), note: 1 }, of(), of('a')]) {
      await writeFile(list, JSON.stringify(wrong))
      expect((await trust('add', list)).stderr).to.contain('[TRUST_INVALID]')
    }
  })

  it('has an example of a list in docs/trust.md that it takes over', async () => {
    const page = readFileSync(new URL('../../docs/trust.md', import.meta.url), 'utf8')
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(page) ?? []
    await writeFile(join(home, 'list.json'), example)
    expect((await trust('add', join(home, 'list.json'))).code).to.equal(0)
  })

  it('asks every RPC whether it is of its chain', async () => {
    const chain = await Chain.start()
    try {
      const { registryStandIn } = Golden.anchors()
      await Chain.replay(chain, Golden.anchors())
      const { number, hash } = (await chain.rpc('eth_getBlockByNumber', 'latest', false)) as Record<string, string>
      const well = {
        chainId: 31337,
        name: 'x',
        rpc: [chain.url],
        registry: registryStandIn.address,
        confirmations: 1,
        checkpoints: [{ number: Number(number), hash }],
      }
      const said = async (change: object) => {
        await writeFile(file, JSON.stringify({ chains: [{ ...well, ...change }], issuers: [] }))
        const { code, stdout } = await trust('check')
        return `${code} ${stdout.split('  ').at(-1)?.trim()}`
      }
      expect(await said({})).to.equal('0 is of this chain, and has the registry')
      expect(await said({ chainId: 1 })).to.equal('1 is of chain 31337')
      expect(await said({ registry: `0x${'12'.repeat(20)}` })).to.equal('1 has no registry at this address')
      expect(await said({ rpc: ['http://127.0.0.1:9'] })).to.equal('1 does not answer')
      const foreign = [{ number: 1, hash: `0x${'12'.repeat(32)}` }]
      expect(await said({ checkpoints: foreign })).to.equal('1 has another block 1')
    } finally {
      await chain.stop()
    }
  })
})
