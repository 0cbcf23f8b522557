import { copyFile, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as BakedPng from '@laurel/core/BakedPng'
import * as BakedSvg from '@laurel/core/BakedSvg'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as IssuerDirectory from '@laurel/core/IssuerDirectory'
import * as Manifest from '@laurel/core/Manifest'
import { catalogue } from '@laurel/verifier/ErrorCatalogue'
import { expect } from 'chai'
import * as Badges from '../support/Badges.ts'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'
import * as Golden from '../support/Golden.ts'

const badge = (type: string) => fileURLToPath(new URL(`../../samples/badge.${type}`, import.meta.url))

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
    await writeFile(join(folder, 'A-3-0.png'), BakedPng.bake(await readFile(badge('png')), text))
    await writeFile(join(folder, 'A-3-1.SVG'), BakedSvg.bake(await readFile(badge('svg')), text))
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
    expect(stdout).to.include('5 accepted  of 5 files').and.not.include('manifest.json')
  })

  it('finds manifest and status lists in the folder that is named, for credentials in folders below it', async () => {
    for (const [i, shard] of ['0a', 'f3'].entries()) {
      await mkdir(join(home, 'shards', shard), { recursive: true })
      await copyFile(`${Golden.folder}A-3-${i}.json`, join(home, 'shards', shard, `A-3-${i}.json`))
    }
    for (const name of ['manifest.json', 'status-revocation.json', 'status-suspension.json'])
      await copyFile(join(home, 'batch', name), join(home, 'shards', name))
    const { code, stdout } = await run('~/shards')
    expect(code, stdout).to.equal(0)
    expect((await run('~/shards/0a')).code).to.equal(2)
  })

  for (const file of ['A-3-0.png', 'A-3-1.SVG'])
    it(`says of one file what was checked: ${file}`, async () => {
      const { code, stdout } = await run(`~/batch/${file}`)
      expect(code).to.equal(0)
      for (const word of [
        'accepted',
        'conforms',
        'signed',
        'included',
        'anchored',
        'a test chain',
        'Example University',
      ])
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
    expect(stdout).to.include('5 accepted').and.include('1 rejected').and.include('PROOF_INVALID')
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
    const shown = await Cli.run('laurel-verify', [join(home, 'batch/A-3-0.json')], { LAUREL_HOME: join(home, 'none') })
    expect(shown.stdout).to.include('There is no trust file')
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
    const { code, stdout } = await run('~/empty')
    expect(code).to.equal(2)
    expect(stdout).to.equal('There is no credential: no JSON file, no JWT, no keepsake, no PNG and no SVG image.\n')
  })

  it('says how it stood at a time that is over, and of no other', async () => {
    const { code, stdout } = await run('~/batch/A-3-0.json', '--at', '2026-03-10T00:00:00Z')
    expect(code).to.equal(2)
    expect(stdout).to.include('STATUS_RECORDERS_UNKNOWN').and.include('no account that records its status lists')
    for (const time of ['2026-03-10', 'yesterday', '2999-01-01T00:00:00Z']) {
      const refused = await run('~/batch/A-3-0.json', '--at', time)
      expect([refused.code, refused.stdout]).to.deep.equal([2, ''])
      expect(refused.stderr).to.include("argument '").and.include(time)
    }
  })

  it('explains itself, and does not understand what it does not know', async () => {
    const help = await run('--help')
    expect(help.code).to.equal(0)
    expect(help.stdout).to.include('Exit codes')
    expect((await run()).code).to.equal(2)
    expect((await run('~/batch', '--colour')).code).to.equal(2)
  })

  it('says what to do: once for one file, once for each code of several', async () => {
    const one = await run('~/bad/changed.json')
    expect(one.stdout).to.include(`→ ${catalogue.PROOF_INVALID.todo}`)
    const copy = join(home, 'bad', 'copy.json')
    await copyFile(join(home, 'bad', 'changed.json'), copy)
    const { stdout } = await run('~/bad/changed.json', copy)
    expect(stdout.split(catalogue.PROOF_INVALID.todo)).to.have.length(2)
    const good = await run('~/batch')
    expect(good.stdout).to.not.include('→')
  })

  it('rejects what its issuer has revoked', async () => {
    const folder = join(home, 'revoked')
    await mkdir(folder)
    await copyFile(`${Golden.folder}A-7-4.json`, join(folder, 'A-7-4.json'))
    await copyFile(`${Golden.folder}A-7-manifest.json`, join(folder, 'manifest.json'))
    const lists = (await readdir(Golden.folder)).filter((name) => /^A-status-.*\.json$/.test(name))
    expect(lists).to.have.length(3)
    for (const name of lists) await copyFile(join(Golden.folder, name), join(folder, name.slice(2)))
    const { code, stdout } = await run('~/revoked')
    expect(code).to.equal(1)
    expect(stdout).to.include('[REVOKED]').and.include('1 rejected  of 1 files')
  })

  it('asks the directory that the trust file names', async () => {
    const issuerId = `0x${'1d'.repeat(32)}`
    const address = '0x00000000000000000000000000000000000d15ec'
    const [issuer] = trust.issuers as readonly object[]
    const file = await write('directory.json', {
      issuers: [{ ...issuer, directory: { chainId: 31337, address, issuerId } }],
    })
    const ask = async () => {
      const { stdout } = await run('~/batch/A-3-0.json', '--trust', file, '--json')
      const [{ verdict, checks }] = JSON.parse(stdout)
      return [verdict, checks.find(({ check }: { readonly check: string }) => check === 'issuer-bound').code].join(' ')
    }
    expect(await ask()).to.equal('unknown DIRECTORY_UNAVAILABLE')
    const id = Bytes.fromHex(issuerId)
    const { account } = Manifest.parse(new Uint8Array(await readFile(join(home, 'batch', 'manifest.json'))))
    const did = String(Golden.read('A-did.json').id)
    const key = IssuerDirectory.keySlot(id, IssuerDirectory.keyId(did.slice('did:key:'.length)))
    const spoke = Bytes.toHex(Bytes.fromUint(1, 32))
    await chain.rpc('anvil_setCode', address, '0x00')
    for (const slot of [key, IssuerDirectory.accountSlot(id, Caip10.parse(account).address)])
      await chain.rpc('anvil_setStorageAt', address, Bytes.toHex(slot), spoke)
    await chain.rpc('anvil_mine', '0x1')
    expect(await ask()).to.equal('accepted ISSUER_BOUND')
    // Stolen from the second on in which it was added.
    const stolen = Bytes.concat(...[2, 1, 0, 1].map((time) => Bytes.fromUint(time, 8)))
    await chain.rpc('anvil_setStorageAt', address, Bytes.toHex(key), Bytes.toHex(stolen))
    await chain.rpc('anvil_mine', '0x1')
    expect(await ask()).to.equal('rejected COMPROMISED')
  })

  it('reads tokens, and says whose a credential is', async () => {
    const { token, trust: known } = await Badges.token('ob-jwt', 'ES256')
    await mkdir(join(home, 'tokens'))
    await writeFile(join(home, 'tokens', 'badge.jwt'), `${token}\n`)
    const file = await write('tokens.json', { issuers: known.issuers })
    expect((await run('~/tokens', '--trust', file)).code).to.equal(0)
    const own = await run('~/tokens/badge.jwt', '--trust', file, '--recipient', 'ada@example.org')
    expect(own.code).to.equal(0)
    expect(own.stdout).to.include('[RECIPIENT]')
    const other = await run('~/tokens/badge.jwt', '--trust', file, '--recipient', 'eve@example.org')
    expect(other.code).to.equal(1)
    expect(other.stdout).to.include('[RECIPIENT_OTHER]').and.not.include('eve@')
  })

  it('tells of the endorsements in a credential', async () => {
    const [author, endorser] = [await Badges.author(), await Badges.author()]
    const badge = Badges.badge(author.did)
    const endorsement = await Badges.sign(
      Badges.endorsement(endorser.did, String(badge.id)),
      'eddsa-jcs-2022',
      endorser,
    )
    const document = await Badges.sign({ ...badge, endorsement: [endorsement] }, 'eddsa-jcs-2022', author)
    await writeFile(join(home, 'endorsed.json'), JSON.stringify(document))
    const file = await write('endorsed-trust.json', { issuers: Badges.trusting(author.did).issuers })
    const { code, stdout } = await run('~/endorsed.json', '--trust', file)
    expect(code).to.equal(0)
    expect(stdout).to.match(/\? endorsement {3}did:key:.*\[ANCHOR_MISSING\]/)
    const [row] = JSON.parse((await run('~/endorsed.json', '--trust', file, '--json')).stdout)
    expect(row.endorsements).to.have.length(1)
    expect(row.endorsements[0]).to.include({ issuer: endorser.did, verdict: 'unknown' })
  })

  it('tells no credential at all from one that it cannot read', async () => {
    const files = {
      'text.json': 'hello',
      'list.json': '[]',
      'half.json': '{"id":',
      'first.json': '{"@context":["https://www.w3.org/2018/credentials/v1"]}',
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(home, name), text)
    const { code, stdout } = await run(...Object.keys(files).map((name) => `~/${name}`), '--json')
    expect(code).to.equal(1)
    const answers = JSON.parse(stdout) as readonly { verdict: string; checks: readonly { code: string }[] }[]
    expect(answers.map(({ verdict, checks }) => `${verdict} ${checks[0]?.code}`)).to.deep.equal([
      'rejected FILE_TYPE',
      'rejected FILE_TYPE',
      'rejected JSON_SYNTAX',
      'unknown TYPE_UNKNOWN',
    ])
  })

  it('does not read what is larger than any credential', async () => {
    const file = join(home, 'large.json')
    await writeFile(file, '{}')
    await truncate(file, 65 * 1024 * 1024)
    const { code, stdout } = await run(file, '--json')
    expect(code).to.equal(1)
    expect(JSON.parse(stdout)[0].checks[0]).to.include({ outcome: 'failed', code: 'TOO_LARGE' })
  })

  it('names every wrong place of a trust file at once', async () => {
    const did = 'did:web:x.example.org'
    const named = { chainId: 1, name: 'x', registry: `0x${'1'.repeat(40)}`, confirmations: 1 }
    const file = await write('wrong.json', {
      chains: [
        { ...named, rpc: ['ftp://x.example', 'https://x.example'], confirmations: 0, registry: '0x1' },
        { ...named, rpc: ['https://x.example', 'https://x.example'] },
        { ...named, chainId: 2, rpc: ['https://x.example'], quorum: 2 },
      ],
      issuers: [{ did: 'x' }, { did, name: 'x', didDocument: { id: 'did:web:y.example.org' }, anchor: 'never' }],
      status: { maximumAgeSeconds: -1 },
      content: { folder: [] },
    })
    const { code, stderr } = await run('~/batch', '--trust', file)
    expect(code).to.equal(2)
    for (const place of [
      ...['chains.0.rpc.0', 'chains.0.confirmations', 'chains.0.registry', 'chains.1.rpc', 'issuers.0.did'],
      ...['issuers.0.name', 'issuers.1.anchor', 'status.maximumAgeSeconds', 'content:'],
    ])
      expect(stderr).to.include(place)
  })

  it('takes no trust file that says two things', async () => {
    const [chain] = trust.chains as object[]
    const [issuer] = trust.issuers as object[]
    for (const [change, place] of [
      [{ chains: [chain, chain] }, 'chains:'],
      [{ issuers: [issuer, { ...issuer, anchor: 'optional' }] }, 'issuers:'],
      [{ issuers: [{ ...issuer, didDocument: { id: 'did:web:y.example.org' } }] }, 'issuers.0.didDocument.id'],
      [{ chains: [{ ...chain, quorum: 2 }] }, 'chains.0:'],
    ] as const) {
      const { code, stderr } = await run('~/batch', '--trust', await write('double.json', change))
      expect(code).to.equal(2)
      expect(stderr).to.include(place)
    }
  })

  it('lets no member name and no file name write to the terminal', async () => {
    const hostile = { ...Golden.read('A-3-0.json'), '@\u001b[2J\u009b\u202eevil': 1 }
    // Windows has no control characters in names.
    const name = process.platform === 'win32' ? 'x' : '\u001b[2J\u009b\u202e'
    const file = join(home, 'bad', `${name}.json`)
    await writeFile(file, JSON.stringify(hostile))
    for (const args of [[file], [file, file], [file, '--json']]) {
      const { code, stdout } = await run(...args)
      expect(code).to.equal(1)
      expect(stdout.replaceAll('\n', '')).to.match(/^[^\p{Cc}\p{Cf}]*$/u)
    }
    const { stdout } = await run(file, '--json')
    expect(JSON.parse(stdout)[0].file).to.equal(file)
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
