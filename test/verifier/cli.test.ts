import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as BakedPng from '@laurel/core/BakedPng'
import { expect } from 'chai'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'
import * as Golden from '../support/Golden.ts'

const badge = fileURLToPath(new URL('../../samples/badge.png', import.meta.url))

describe('laurel-verify', function () {
  this.timeout(60_000)
  let chain: Chain.Chain
  let home: string
  let remove: () => Promise<void>
  let trust: Record<string, unknown>

  before(async () => {
    chain = await Chain.start()
    await Chain.replay(chain, Golden.anchors())
    ;({ home, remove } = await Cli.createHome())
    const folder = join(home, 'batch')
    await mkdir(folder)
    const names = ['A-3-0', 'A-3-1', 'A-3-2'].map((name) => `${name}.json`)
    for (const name of names) await copyFile(`${Golden.folder}${name}`, join(folder, name))
    await copyFile(`${Golden.folder}A-3-manifest.json`, join(folder, 'manifest.json'))
    for (const purpose of ['revocation', 'suspension'])
      await copyFile(`${Golden.folder}A-status-${purpose}.json`, join(folder, `status-${purpose}.json`))
    await writeFile(join(folder, 'summary.json'), '{}')
    const text = await readFile(join(folder, 'A-3-0.json'), 'utf8')
    await writeFile(join(folder, 'A-3-0.png'), BakedPng.bake(await readFile(badge), text))
    await mkdir(join(home, 'bad'))
    await writeFile(join(home, 'bad', 'changed.json'), text.replace('"validFrom": "2026', '"validFrom": "2025'))
    await copyFile(join(folder, 'manifest.json'), join(home, 'bad', 'manifest.json'))
    trust = {
      chains: [
        {
          chainId: 31337,
          name: 'the local chain',
          rpc: [chain.url],
          registry: Golden.anchors().registryStandIn.address,
          confirmations: 1,
          test: true,
        },
      ],
      issuers: [{ did: Golden.read('A-did.json').id, name: 'Example University' }],
      status: { maximumAgeSeconds: 10 * 365 * 24 * 60 * 60 },
    }
    await writeFile(join(home, 'trust.json'), JSON.stringify(trust))
  })
  after(async () => {
    await chain.stop()
    await remove()
  })

  const run = (...args: readonly string[]) =>
    Cli.run(
      'laurel-verify',
      args.map((arg) => arg.replace('~', home)),
      { LAUREL_HOME: home },
    )
  const write = async (name: string, change: object) => {
    const file = join(home, name)
    await writeFile(file, JSON.stringify({ ...trust, ...change }))
    return file
  }

  it('accepts a folder: credentials and images, not what lies beside them', async () => {
    const { code, stdout } = await run('~/batch')
    expect(code).to.equal(0)
    expect(stdout).to.include('4 accepted  of 4 files').and.not.include('manifest.json')
  })

  it('says of one file what was checked', async () => {
    const { code, stdout } = await run('~/batch/A-3-0.png')
    expect(code).to.equal(0)
    for (const word of ['accepted', 'conforms', 'signed', 'included', 'anchored', 'a test chain', 'Example University'])
      expect(stdout).to.include(word)
  })

  it('answers a program with the shape that is promised', async () => {
    const { code, stdout } = await run('~/batch/A-3-0.json', '~/bad/changed.json', '--json')
    expect(code).to.equal(1)
    const [good, bad, ...rest] = JSON.parse(stdout)
    expect(rest).to.deep.equal([])
    expect(Object.keys(good)).to.deep.equal(['file', 'verdict', 'checks'])
    expect(good.verdict).to.equal('accepted')
    expect(bad).to.include({ file: join(home, 'bad/changed.json'), verdict: 'rejected' })
    for (const { checks } of [good, bad]) {
      expect(checks).to.have.length(9)
      for (const check of checks) expect(Object.keys(check)).to.deep.equal(['check', 'outcome', 'code', 'message'])
    }
  })

  it('rejects a changed file, and one is enough: exit code 1', async () => {
    const { code, stdout } = await run('~/batch', '~/bad/changed.json')
    expect(code).to.equal(1)
    expect(stdout).to.include('4 accepted').and.include('1 rejected').and.include('PROOF_INVALID')
  })

  it('cannot tell while the chain is away: exit code 2', async () => {
    const chains = [{ ...(trust.chains as object[])[0], rpc: ['http://127.0.0.1:9'] }]
    const { code, stdout } = await run('~/batch/A-3-0.json', '--trust', await write('away.json', { chains }))
    expect(code).to.equal(2)
    expect(stdout).to.include('could not tell').and.include('CHAIN_UNREACHABLE')
  })

  it('cannot tell of an issuer whom nobody knows', async () => {
    const { code, stdout } = await run('~/batch/A-3-0.json', '--trust', await write('nobody.json', { issuers: [] }))
    expect(code).to.equal(2)
    expect(stdout).to.include('ISSUER_UNRECOGNISED').and.include('not known to you')
  })

  it('cannot tell by a status list that is too old', async () => {
    const status = { maximumAgeSeconds: 60 }
    const { code, stdout } = await run('~/batch/A-3-0.json', '--trust', await write('strict.json', { status }))
    expect(code).to.equal(2)
    expect(stdout).to.include('STATUS_STALE')
  })

  it('trusts nobody without a trust file', async () => {
    const { code, stdout } = await Cli.run('laurel-verify', [join(home, 'batch/A-3-0.json'), '--json'], {
      LAUREL_HOME: join(home, 'elsewhere'),
    })
    expect(code).to.equal(2)
    expect(JSON.parse(stdout)[0].verdict).to.equal('unknown')
  })

  for (const [what, content, code] of [
    ['that is no JSON', '{', 'TRUST_INVALID'],
    ['with a member that is not known', '{"chains":[],"issuers":[],"colour":1}', 'TRUST_INVALID'],
    ['without chains', '{"issuers":[]}', 'TRUST_INVALID'],
    [
      'with a quorum that cannot be had',
      '{"chains":[{"chainId":1,"name":"x","rpc":["https://x.example"],"quorum":2,"registry":"0x0000000000000000000000000000000000000001","confirmations":1}],"issuers":[]}',
      'TRUST_INVALID',
    ],
    [
      'with an account in capitals',
      '{"chains":[],"issuers":[{"did":"did:key:x","name":"x","accounts":["eip155:1:0xABCDEFABCDEFABCDEFABCDEFABCDEFABCDEFABCD"]}]}',
      'TRUST_INVALID',
    ],
  ] as const)
    it(`verifies nothing by a trust file ${what}`, async () => {
      const file = join(home, 'broken.json')
      await writeFile(file, content)
      const result = await run('~/batch', '--trust', file)
      expect(result.code).to.equal(2)
      expect(result.stdout).to.equal('')
      expect(result.stderr).to.include(code)
    })

  it('verifies nothing by a trust file that is not there', async () => {
    const { code, stderr } = await run('~/batch', '--trust', '~/none.json')
    expect(code).to.equal(2)
    expect(stderr).to.include('TRUST_UNREADABLE')
  })

  it('says of a file that is not there that it could not tell', async () => {
    const { code, stdout } = await run('~/none.json', '--json')
    expect(code).to.equal(2)
    expect(JSON.parse(stdout)[0]).to.deep.include({ verdict: 'unknown' })
    expect(JSON.parse(stdout)[0].checks[0]).to.include({ outcome: 'unknown', code: 'FILE_UNREADABLE' })
  })

  it('does not take an empty folder for a good one', async () => {
    await mkdir(join(home, 'empty'))
    const { code } = await run('~/empty')
    expect(code).to.equal(2)
  })

  it('explains itself, and does not understand what it does not know', async () => {
    const help = await run('--help')
    expect(help.code).to.equal(0)
    expect(help.stdout).to.include('Exit codes')
    expect((await run()).code).to.equal(2)
    expect((await run('~/batch', '--colour')).code).to.equal(2)
  })

  it('lets no document write to the terminal', async () => {
    const document = Golden.read('A-3-0.json')
    const subject = document.credentialSubject as { achievement: object }
    const achievement = { ...subject.achievement, name: '\u001b[2J\u202egnihton\u0007' }
    const file = join(home, 'bad', 'hostile.json')
    await writeFile(file, JSON.stringify({ ...document, credentialSubject: { ...subject, achievement } }))
    const { code, stdout } = await run(file)
    expect(code).to.equal(1)
    expect(stdout.replaceAll('\n', '')).to.match(/^[^\p{Cc}\p{Cf}]*$/u)
  })
})
