import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CarReader } from '@ipld/car'
import * as BlockHeader from '@laurel/core/BlockHeader'
import * as Bytes from '@laurel/core/Bytes'
import * as Json from '@laurel/core/Json'
import * as Keepsake from '@laurel/core/Keepsake'
import { expect } from 'chai'
import { importer } from 'ipfs-unixfs-importer'
import type { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'

const sample = (name: string) => fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url))
const achievement = sample('achievement.json')
// A name that stands nowhere else: whoever finds it has found a personal datum.
const canary = 'Zyxwvut Qponmlk'
const roster = `name,email\n${canary},canary-of-the-roster@example.org\n"Nguyễn Văn A",a@example.org\n`

describe('laurel', function () {
  this.timeout(60_000)
  let chain: Chain.Chain
  let home: string
  let remove: () => Promise<void>
  let file: string
  let issued: { readonly batch: string; readonly folder: string; readonly root: string }

  const run = (...args: readonly string[]) =>
    Cli.run('laurel', args, {
      LAUREL_HOME: home,
      LAUREL_CHAIN_RPC: chain.url,
      LAUREL_ISSUER_NAME: 'Example University',
    })
  const json = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await run(...args, '--json')
    return { code, stderr, answer: JSON.parse(stdout) }
  }
  const write = async (name: string, text: string) => {
    const path = join(home, name)
    await writeFile(path, text)
    return path
  }

  before(async () => {
    chain = await Chain.start()
    ;({ home, remove } = await Cli.createHome())
    file = await write('roster.csv', roster)
  })
  after(async () => {
    await chain.stop()
    await remove()
  })

  it('names every wrong row at once, and issues nothing', async () => {
    const wrong = [
      'name,email,validUntil',
      ',a@example.org,',
      'B,not an address,',
      'C,c@example.org,2026-02-30',
      'D,d@example.org,',
      '',
    ]
    const path = await write('wrong.csv', wrong.join('\n'))
    const { code, stdout, stderr } = await run('issue', path, '--achievement', achievement)
    expect(code).to.equal(1)
    expect(stdout).to.equal('')
    for (const place of ['row 2, column name', 'row 3, column email', 'row 4, column validUntil'])
      expect(stderr).to.include(place)
    expect(stderr).to.not.include('row 5')

    const { answer } = await json('issue', path, '--achievement', achievement)
    expect(answer.error.code).to.equal('ROW_INVALID')
    expect(answer.error.total).to.equal(3)
    for (const each of answer.error.errors)
      expect(Object.keys(each)).to.include.members(['row', 'column', 'code', 'message', 'todo'])
    expect((await json('status')).answer).to.deep.equal([])
  })

  it('issues a roster', async () => {
    const { code, answer } = await json('issue', file, '--achievement', achievement)
    expect(code).to.equal(0)
    expect(answer).to.include({ state: 'delivered', issued: 2, repeated: false, chainId: 31337 })
    const { stages, peakMemoryBytes, eventLoopDelay } = answer.measures
    expect(stages.map(({ stage }: { stage: string }) => stage)).to.include.members(['intake', 'sign', 'assemble'])
    for (const { credentials, stage } of stages)
      if (['intake', 'draft', 'sign', 'assemble', 'deliver'].includes(stage)) expect(credentials, stage).to.equal(2)
    expect(peakMemoryBytes).to.be.greaterThan(0)
    expect(eventLoopDelay).to.have.keys(['p99', 'max'])
    issued = answer
    const names = await readdir(answer.folder)
    expect(names.filter((name) => /^[0-9a-f-]{36}\.(json|png)$/.test(name))).to.have.length(4)
    expect(names).to.include.members([
      'manifest.json',
      'status-revocation.json',
      'status-suspension.json',
      'summary.json',
    ])
  })

  it('finds a roster that was issued before', async () => {
    const { code, answer } = await json('issue', file, '--achievement', achievement)
    expect(code).to.equal(0)
    expect(answer).to.deep.include({ batch: issued.batch, repeated: true })
  })

  it('issues it once more when told so, as the account’s next batch', async () => {
    const { answer } = await json('issue', file, '--achievement', achievement, '--again')
    expect(answer.batch).to.not.equal(issued.batch)
    const manifest = JSON.parse(await readFile(join(answer.folder, 'manifest.json'), 'utf8'))
    expect(manifest).to.include({ number: 2, previous: issued.root, size: 2 })
  })

  it('shows where batches stand', async () => {
    const { answer } = await json('status')
    expect(answer.map(({ state }: { state: string }) => state)).to.deep.equal(['delivered', 'delivered'])
    const { stdout } = await run('status', issued.batch)
    expect(stdout).to.include('delivered').and.include('2 × Elements of AI')
    const unknown = await json('status', 'no-such-batch')
    expect(unknown).to.deep.include({ code: 1 })
    expect(unknown.answer.error.code).to.equal('BATCH_UNKNOWN')
  })

  it('revokes a credential, once and for good', async () => {
    const summary = JSON.parse(await readFile(join(issued.folder, 'summary.json'), 'utf8'))
    const [first, second] = summary.credentials
    expect((await json('revoke', first.id, '--reason', 'a private reason')).answer.repeated).to.equal(false)
    expect((await json('revoke', first.file)).answer).to.deep.include({ credentialId: first.id, repeated: true })
    const verify = async (name: string) =>
      JSON.parse(
        (await Cli.run('laurel-verify', [join(issued.folder, name), '--json'], { LAUREL_HOME: home })).stdout,
      )[0]
    expect((await verify(first.file)).verdict).to.equal('rejected')
    expect((await verify(first.image)).verdict).to.equal('rejected')
    expect((await verify(second.file)).verdict).to.equal('accepted')
    const unknown = await json('revoke', '00000000-0000-4000-8000-000000000000')
    expect(unknown.code).to.equal(1)
    expect(unknown.answer.error.code).to.equal('CREDENTIAL_UNKNOWN')
  })

  it('exports a batch byte for byte, into an empty folder only', async () => {
    const target = join(home, 'export')
    const { code, answer } = await json('export', issued.batch, target)
    expect(code).to.equal(0)
    const names = (await readdir(issued.folder)).sort()
    expect((await readdir(target)).sort()).to.deep.equal(names)
    expect(answer.files).to.equal(names.length)
    for (const name of names)
      expect((await readFile(join(target, name))).equals(await readFile(join(issued.folder, name))), name).to.equal(
        true,
      )
    expect((await json('export', issued.batch, target)).answer.error.code).to.equal('FOLDER_NOT_EMPTY')
  })

  it('exports a batch as one file, a line for each credential, that says the same', async () => {
    const target = join(home, 'export.ndjson')
    const { code, answer } = await json('export', issued.batch, target, '--format', 'ndjson')
    expect(code).to.equal(0)
    expect(answer).to.deep.equal({ batch: issued.batch, target, files: 1 })
    const lines = (await readFile(target, 'utf8')).split('\n')
    expect(lines.pop()).to.equal('')
    const { credentials } = JSON.parse(await readFile(join(issued.folder, 'summary.json'), 'utf8'))
    for (const [i, { file: name }] of credentials.entries())
      expect(lines[i]).to.equal(JSON.stringify(JSON.parse(await readFile(join(issued.folder, name), 'utf8'))))
    expect((await json('export', issued.batch, target, '--format', 'ndjson')).answer.error.code).to.equal('FILE_EXISTS')
    expect((await run('export', issued.batch, target, '--format', 'pdf')).code).to.equal(1)
  })

  it('exports keepsakes, which prove their anchors without a network to whoever trusts the block', async () => {
    const target = join(home, 'keepsakes')
    const { code, answer } = await json('export', issued.batch, target, '--format', 'laurel', '--proof')
    expect(code, JSON.stringify(answer)).to.equal(0)
    const names = await readdir(target)
    expect(answer.files).to.equal(names.length)
    const keepsake = Keepsake.read(Json.parseObject(await readFile(join(target, names[0] ?? ''))))
    const header = BlockHeader.parse(keepsake.storageProofs[0]?.proof.headers[0] ?? new Uint8Array())
    const trust = JSON.parse(await readFile(join(home, 'trust.json'), 'utf8'))
    const [chain] = trust.chains
    const verify = async (checkpoint: object) => {
      const alone = { ...trust, content: {}, status: {}, chains: [{ ...chain, rpc: [], checkpoints: [checkpoint] }] }
      await writeFile(join(home, 'alone.json'), JSON.stringify(alone))
      const { stdout } = await Cli.run('laurel-verify', [target, '--trust', join(home, 'alone.json'), '--json'], {})
      return JSON.parse(stdout).map(({ verdict }: { verdict: string }) => verdict)
    }
    const checkpoint = { number: Number(header.number), hash: Bytes.toHex(header.hash) }
    expect(await verify(checkpoint))
      .to.include('accepted')
      .and.not.include('unknown')
    const foreign = { ...checkpoint, hash: `0x${'12'.repeat(32)}` }
    expect(await verify(foreign))
      .to.include('unknown')
      .and.not.include('accepted')
  })

  it('exports a batch as an archive, which is what IPFS makes of its folder', async () => {
    const target = join(home, 'export.car')
    expect((await json('export', issued.batch, target, '--format', 'car')).code).to.equal(0)
    const reader = await CarReader.fromBytes(await readFile(target))
    const raw = new Set<string>()
    for await (const { cid, bytes } of reader.blocks()) {
      expect(cid.multihash.bytes).to.deep.equal((await sha256.digest(bytes)).bytes)
      raw.add(Buffer.from(bytes).toString())
    }
    // But for its images, and for the list of files in the summary.
    const names = (await readdir(issued.folder)).filter((name) => !/png$|^summary/.test(name))
    const files = names.map(async (name) => ({
      path: /^[0-9a-f-]{36}/.test(name) ? `0000/${name}` : name,
      content: await readFile(join(issued.folder, name)),
    }))
    const { credentials: _, ...rest } = JSON.parse(await readFile(join(issued.folder, 'summary.json'), 'utf8'))
    const summary = { path: 'summary.json', content: Buffer.from(`${JSON.stringify(rest, null, 2)}\n`) }
    const source = [...(await Promise.all(files)), summary]
    for (const { path, content } of source) expect(raw.has(content.toString()), path).to.equal(true)
    const blockstore = { put: async (cid: CID) => cid } as never
    let root: CID | undefined
    const options = { wrapWithDirectory: true, rawLeaves: true, cidVersion: 1 } as const
    for await (const { cid } of importer(source, blockstore, options)) root = cid
    expect(String((await reader.getRoots())[0])).to.equal(String(root))
  })

  it('leaves nothing personal on the screen, in public files, on IPFS or on the chain', async () => {
    const { stdout, stderr } = await run('issue', file, '--achievement', achievement, '--again')
    const seen = [stdout, stderr, (await run('status')).stdout]
    for (const folder of ['public', 'ipfs']) {
      for (const entry of await readdir(join(home, folder), { withFileTypes: true, recursive: true }))
        if (entry.isFile()) seen.push(await readFile(join(entry.parentPath, entry.name), 'utf8'))
    }
    for (const folder of await readdir(join(home, 'batches')))
      for (const name of ['summary.json', 'manifest.json', 'status-revocation.json'])
        seen.push(await readFile(join(home, 'batches', folder, name), 'utf8'))
    const head = Number(await chain.rpc('eth_blockNumber'))
    for (let number = 0; number <= head; number++) {
      const { transactions } = (await chain.rpc('eth_getBlockByNumber', `0x${number.toString(16)}`, true)) as {
        transactions: readonly { readonly input: string }[]
      }
      for (const { input } of transactions) seen.push(Buffer.from(input.slice(2), 'hex').toString('utf8'))
    }
    for (const text of seen) expect(text).to.not.include(canary).and.not.include('canary-of-the-roster')
  })

  it('says what is wrong with what it was given', async () => {
    const cases = [
      [['issue', join(home, 'none.csv'), '--achievement', achievement], 'FILE_UNREADABLE', 1],
      [['issue', file, '--achievement', await write('half.json', '{"id":')], 'JSON_SYNTAX', 1],
      [['issue', await write('empty.csv', ''), '--achievement', achievement], 'CSV_EMPTY', 1],
      [['issue', await write('latin1.csv', ''), '--achievement', file], 'JSON_SYNTAX', 1],
    ] as const
    for (const [args, code, exit] of cases) {
      const result = await json(...args)
      expect(result.code, code).to.equal(exit)
      expect(result.answer.error.code).to.equal(code)
      expect(result.answer.error.todo, code).to.be.a('string')
    }
  })

  it('refuses a configuration that cannot be, naming each variable', async () => {
    const result = await Cli.run('laurel', ['status'], { LAUREL_HOME: home, PORT: 'x', LAUREL_CHAIN_RPC: 'ftp://x' })
    expect(result.code).to.equal(1)
    expect(result.stderr).to.include('PORT').and.include('LAUREL_CHAIN_RPC').and.include('CONFIG_INVALID')
  })

  it('takes no roster while the chain is out of reach, and issues it later', async () => {
    const path = await write('later.csv', `${roster}"Someone Else",e@example.org\n`)
    const dead = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: 'http://127.0.0.1:9' }
    const away = await Cli.run('laurel', ['issue', path, '--achievement', achievement, '--json'], dead)
    expect(away.code).to.equal(2)
    expect(JSON.parse(away.stdout).error.code).to.equal('CHAIN_UNREACHABLE')
    const batches = (await json('status')).answer.length
    const { code, answer } = await json('issue', path, '--achievement', achievement)
    expect(code).to.equal(0)
    expect(answer.issued).to.equal(3)
    expect((await json('status')).answer).to.have.length(batches + 1)
  })

  it('waits for a fee that it may pay', async () => {
    const path = await write('fee.csv', `${roster}"Yet Another",y@example.org\n`)
    const args = ['issue', path, '--achievement', achievement, '--json']
    const poor = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, LAUREL_MAX_FEE_GWEI: '0.000000001' }
    const waiting = await Cli.run('laurel', args, poor)
    expect(waiting.code).to.equal(2)
    expect(JSON.parse(waiting.stdout).error.code).to.equal('FEE_ABOVE_CEILING')
    expect((await json('status')).answer.map(({ state }: { state: string }) => state)).to.include('waiting-fee')
    expect((await json('issue', path, '--achievement', achievement)).answer.issued).to.equal(3)
  })

  it('explains itself', async () => {
    for (const command of ['issue', 'status', 'revoke', 'export', 'start']) {
      const { code, stdout } = await run(command, '--help')
      expect(code).to.equal(0)
      expect(stdout).to.include(`Usage: laurel ${command}`)
    }
    expect((await run('no-such-command')).code).to.equal(1)
  })
})
