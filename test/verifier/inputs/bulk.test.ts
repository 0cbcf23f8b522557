import { once } from 'node:events'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as BakedPng from '@laurel/core/BakedPng'
import { expect } from 'chai'
import { parse } from 'csv-parse/sync'
import { zipSync } from 'fflate'
import * as addresses from '../../../verifier/src/cli/addresses.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import * as Golden from '../../support/Golden.ts'
import * as Presentations from '../../support/Presentations.ts'
import * as Verifier from '../../support/Verifier.ts'

const badge = fileURLToPath(new URL('../../../samples/badge.png', import.meta.url))
const names = ['A-3-0', 'A-3-1', 'A-3-2']

describe('laurel-verify, for many', function () {
  this.timeout(60_000)
  let chain: Chain.Chain
  let home: string
  let remove: () => Promise<void>
  let base: string
  let asked: string[]
  const server = createServer(async (request, response) => {
    asked.push(request.url ?? '')
    const name = names.find((each) => request.url === `/${each}`)
    if (name === undefined) response.statusCode = 404
    response.end(name === undefined ? '' : Verifier.bytes(`${name}.json`))
  })

  before(async () => {
    chain = await Chain.start()
    await Chain.replay(chain, Golden.anchors())
    ;({ home, remove } = await Cli.createHome())
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    await mkdir(join(home, 'companions'))
    const companions = ['A-3-manifest', 'A-status-revocation', 'A-status-suspension']
    for (const name of companions)
      await copyFile(`${Golden.folder}${name}.json`, join(home, 'companions', `${name}.json`))
    const trust = {
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
      content: { folders: ['companions'] },
      status: { maximumAgeSeconds: 10 * 365 * 24 * 60 * 60 },
      allowLoopback: true,
    }
    await writeFile(join(home, 'trust.json'), JSON.stringify(trust))
    await writeFile(join(home, 'strict.json'), JSON.stringify({ ...trust, allowLoopback: false }))
    await writeFile(join(home, 'bare.json'), JSON.stringify({ ...trust, content: {} }))
  })
  beforeEach(() => {
    asked = []
  })
  after(async () => {
    server.close()
    await chain.stop()
    await remove()
  })

  const verify = async (path: string, ...more: readonly string[]) => {
    const { code, stdout, stderr } = await Cli.run('laurel-verify', [path, '--json', ...more], { LAUREL_HOME: home })
    const rows: readonly { file: string; verdict: string; checks: { code: string }[] }[] = JSON.parse(stdout || '[]')
    return { code, stderr, verdicts: rows.map(({ file, verdict }) => [file.replace(home, ''), verdict]), rows }
  }

  it('reads a ZIP file of a batch, with all that belongs to it', async () => {
    const files = await Promise.all(
      [...names, 'A-3-manifest', 'A-status-revocation', 'A-status-suspension'].map(
        async (name) =>
          [
            `x/${name.replace(/^A-(3-manifest|status)/, (_, kind) => (kind === 'status' ? 'status' : 'manifest'))}.json`,
            Verifier.bytes(`${name}.json`),
          ] as const,
      ),
    )
    await writeFile(join(home, 'batch.zip'), zipSync(Object.fromEntries(files)))
    const { code, verdicts } = await verify(join(home, 'batch.zip'), '--trust', join(home, 'bare.json'))
    expect(verdicts).to.deep.equal(names.map((name) => [`/batch.zip/x/${name}.json`, 'accepted']))
    expect(code).to.equal(0)
  })

  it('says of an archive that cannot be read what is wrong with it', async () => {
    await writeFile(join(home, 'bad.zip'), zipSync({ '../x.json': new Uint8Array(2) }))
    const { code, rows } = await verify(join(home, 'bad.zip'))
    expect([code, rows[0]?.checks[0]?.code]).to.deep.equal([1, 'ZIP_INVALID'])
    expect(rows[0]?.file).to.equal(join(home, 'bad.zip'))
  })

  it('reads what is at the addresses of a list, each once, and only where it may', async () => {
    const list = `name,url\n"Ada, A.",${base}/A-3-0\nBo,"${base}/A-3-1"\nCy,${base}/A-3-0\nDi,${base}/none\nEd,mailto:x\n`
    await writeFile(join(home, 'list.csv'), list)
    const { code, rows } = await verify(join(home, 'list.csv'))
    expect(rows.map(({ file, verdict, checks }) => [file.replace(base, ''), verdict, checks[0]?.code])).to.deep.equal([
      ['/A-3-0', 'accepted', 'CONFORMS'],
      ['/A-3-1', 'accepted', 'CONFORMS'],
      ['/none', 'unknown', 'ADDRESS_UNREACHABLE'],
      ['mailto:x', 'rejected', 'ADDRESS_INVALID'],
    ])
    expect([code, asked]).to.deep.equal([1, ['/A-3-0', '/A-3-1', '/none']])
    asked = []
    const closed = await verify(join(home, 'list.csv'), '--trust', join(home, 'strict.json'))
    expect(new Set(closed.verdicts.map(([, verdict]) => verdict))).to.deep.equal(new Set(['unknown', 'rejected']))
    expect(asked).to.deep.equal([])
    expect((await verify(`${base}/A-3-2`)).verdicts).to.deep.equal([[`${base}/A-3-2`, 'accepted']])
  })

  it('verifies every credential of a presentation, and none of an empty one', async () => {
    const type = 'VerifiablePresentation'
    const verifiableCredential = names.map((name) => Golden.read(`${name}.json`))
    await writeFile(join(home, 'presentation.json'), JSON.stringify({ type, verifiableCredential }))
    const { code, verdicts } = await verify(join(home, 'presentation.json'))
    const place = '/presentation.json#/verifiableCredential/'
    expect(verdicts).to.deep.equal(names.map((_, i) => [`${place}${i}`, 'accepted']))
    expect(code).to.equal(0)
    await writeFile(join(home, 'presentation.json'), JSON.stringify({ type, verifiableCredential: [] }))
    expect((await verify(join(home, 'presentation.json'))).code).to.not.equal(0)
  })

  it('says who presents what, where it is asked to', async () => {
    const { presentation, holder, trust } = await Presentations.signed('eddsa-rdfc-2022')
    const [path, trusting] = [join(home, 'presented.json'), join(home, 'presented.trust.json')]
    await writeFile(path, JSON.stringify(presentation))
    await writeFile(trusting, JSON.stringify({ chains: [], issuers: trust.issuers }))
    const ask = (challenge: string, domain: string) =>
      verify(path, '--trust', trusting, '--challenge', challenge, '--domain', domain)
    const { challenge, domain } = Presentations.asked
    const answered = await ask(challenge, domain)
    const place = '/presented.json#/verifiableCredential/0'
    expect([answered.code, answered.verdicts]).to.deep.equal([
      0,
      [
        ['/presented.json', 'accepted'],
        [place, 'accepted'],
      ],
    ])
    expect(answered.rows[0]).to.include({ holder })
    expect(answered.rows[0]?.checks.map(({ code }) => code)).to.deep.equal(['CONFORMS', 'SIGNED', 'ANSWERS', 'HOLDER'])
    for (const other of [await ask('another', domain), await ask(challenge, 'https://other.example')])
      expect([other.code, other.verdicts]).to.deep.equal([
        1,
        [
          ['/presented.json', 'rejected'],
          [place, 'accepted'],
        ],
      ])
    const target = join(home, 'presented.csv')
    const plain = ['--trust', trusting, '--challenge', challenge, '--report', target]
    const { stdout } = await Cli.run('laurel-verify', [path, ...plain], { LAUREL_HOME: home })
    expect(stdout).to.match(/2 accepted/)
    const [row] = parse(await readFile(target, 'utf8'), { columns: true }) as Record<string, string>[]
    expect(row).to.include({ holder, signed: 'passed SIGNED', anchored: '' })
  })

  it('reads a presentation that is a token, and what is in it', async () => {
    const { presentation, trust } = await Presentations.tokenV1()
    const [path, trusting] = [join(home, 'presented.jwt'), join(home, 'presented.trust.json')]
    await writeFile(path, `${presentation}\n`)
    await writeFile(trusting, JSON.stringify({ chains: [], issuers: trust.issuers }))
    const { code, verdicts } = await verify(path, '--trust', trusting)
    expect([code, verdicts]).to.deep.equal([
      0,
      [
        ['/presented.jwt', 'accepted'],
        ['/presented.jwt#/verifiableCredential/0', 'accepted'],
      ],
    ])
  })

  it('writes a report of many, with duplicates pointed out', async () => {
    const folder = join(home, 'many')
    await mkdir(folder)
    for (const name of names) await copyFile(`${Golden.folder}${name}.json`, join(folder, `${name}.json`))
    const text = await readFile(join(folder, 'A-3-0.json'), 'utf8')
    await writeFile(join(folder, 'z.png'), BakedPng.bake(await readFile(badge), text))
    await writeFile(join(folder, '=cmd.json'), text.replace('"validFrom": "2026', '"validFrom": "2025'))
    for (const ending of ['csv', 'json']) {
      const target = join(home, `report.${ending}`)
      expect((await verify(folder, '--report', target)).code).to.equal(1)
      const written = await readFile(target, 'utf8')
      const rows: readonly Record<string, string>[] =
        ending === 'json' ? JSON.parse(written) : parse(written, { columns: true })
      const told = rows.map((row) => [row.file, row.verdict, row.code, row.duplicateOf || '', row.similarTo || ''])
      const file = (name: string) => join(folder, name)
      expect(told, ending).to.deep.equal([
        [file('=cmd.json'), 'rejected', 'PROOF_INVALID', '', ''],
        [file('A-3-0.json'), 'accepted', 'ACCEPTED', '', file('=cmd.json')],
        [file('A-3-1.json'), 'accepted', 'ACCEPTED', '', ''],
        [file('A-3-2.json'), 'accepted', 'ACCEPTED', '', ''],
        [file('z.png'), 'accepted', 'ACCEPTED', file('A-3-0.json'), ''],
      ])
      expect(rows[1]?.issuer).to.equal(Golden.read('A-did.json').id)
      if (ending === 'csv')
        expect(rows[1]).to.include({ signed: 'passed SIGNED', recipient: 'skipped RECIPIENT_NOT_ASKED' })
    }
    expect((await readdir(home)).filter((name) => name.startsWith('report.')).sort()).to.deep.equal([
      'report.csv',
      'report.json',
    ])
  })

  it('lets no document write a formula into a spreadsheet', async () => {
    const target = join(home, 'formula.csv')
    const document = { ...Golden.read('A-3-0.json'), id: '=HYPERLINK("https://x.example")' }
    await writeFile(join(home, 'formula.json'), JSON.stringify(document))
    await verify(join(home, 'formula.json'), '--report', target)
    const [row] = parse(await readFile(target, 'utf8'), { columns: true }) as Record<string, string>[]
    expect(row?.credentialId === '' || row?.credentialId?.startsWith("'=")).to.equal(true)
  })

  it('verifies nothing for a report that cannot be written', async () => {
    const doc = await verify(join(home, 'many'), '--report', join(home, 'report.doc'))
    expect([doc.code, doc.stderr]).to.satisfy(
      ([code, said]: [number, string]) => code === 2 && said.includes('REPORT_FORMAT'),
    )
    const nowhere = await verify(join(home, 'many'), '--report', join(home, 'none', 'report.csv'))
    expect(nowhere.stderr).to.contain('REPORT_UNWRITABLE')
  })
})

describe('A list of addresses', () => {
  for (const [text, expected] of [
    ['', []],
    ['https://a.example/\n', ['https://a.example/']],
    ['\ufeffhttps://a.example/\r\nhttps://b.example/', ['https://a.example/', 'https://b.example/']],
    ['name,URL\n"A ""B"", C",https://a.example/?x=1\n', ['https://a.example/?x=1']],
    [
      'url;name\nhttps://a.example/;"two\nlines"\n\nhttps://b.example/;x\n',
      ['https://a.example/', 'https://b.example/'],
    ],
    [
      '"https://a.example/a,b"\nhttps://a.example/c\nhttps://a.example/c\n',
      ['https://a.example/a,b', 'https://a.example/c'],
    ],
  ] as const)
    it(`is read from ${JSON.stringify(text)}`, () => expect(addresses.read(text)).to.deep.equal(expected))
})
