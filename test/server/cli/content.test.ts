import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CarReader } from '@ipld/car'
import * as Cid from '@laurel/core/Cid'
import { expect } from 'chai'
import { labels } from '../../../server/src/internal/crashpoint.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import * as KuboStub from '../../support/KuboStub.ts'
import { collect } from '../adapters/pinning.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

describe('laurel content', function () {
  this.timeout(60_000)
  let chain: Chain.Chain
  let stub: KuboStub.KuboStub
  let home: string
  let remove: () => Promise<void>
  let environment: Cli.Environment
  let folder: string
  before(async () => {
    chain = await Chain.start()
    stub = await KuboStub.start()
    ;({ home, remove } = await Cli.createHome())
    environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, LAUREL_KUBO_RPC: stub.url }
    // A node that never answers from the start: no batch waits for it.
    stub.mode = 'hangs'
    const roster = join(home, 'roster.csv')
    await writeFile(roster, 'name,email\nAda,ada@example.org\n')
    ;({ folder } = await Cli.issue(roster, achievement, environment))
    stub.mode = 'honest'
  })
  after(async () => {
    await stub.stop()
    await chain.stop()
    await remove()
  })
  const laurel = (...args: readonly string[]) => Cli.run('laurel', args, environment)
  const place = () => new URL(stub.url).host

  it('says how much is pinned where', async () => {
    expect((await laurel('status')).stdout).to.include(`0 of 4 pinned at ${place()}`)
  })

  for (const label of labels.filter((name) => name.startsWith('pin:'))) {
    it(`killed at ${label}, carries on`, async () => {
      const killed = await Cli.run('laurel', ['content', 'audit'], { ...environment, LAUREL_CRASH_AT: label })
      expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)
      const pinned = Number(/(\d) of 4 pinned/.exec((await laurel('status')).stdout)?.[1])
      expect(pinned).to.equal(label === 'pin:after-add' ? 0 : 1)
    })
  }

  it('audits: the metadata, the manifest and both status lists are there, and nothing else', async () => {
    const { code, stdout } = await laurel('content', 'audit', '--json')
    expect(code, stdout).to.equal(0)
    expect(JSON.parse(stdout)).to.deep.equal({
      total: 4,
      damaged: [],
      places: [{ place: place(), total: 4, pinned: 4, lost: 0 }],
      troubles: [],
    })
    expect(stub.pins.size).to.equal(4)
    expect(stub.pins.has(Cid.fromBytes(await readFile(join(folder, 'manifest.json'))))).to.equal(true)
    for (const name of ['revocation', 'suspension'])
      expect(stub.pins.has(Cid.fromBytes(await readFile(join(folder, `status-${name}.json`))))).to.equal(true)
    expect((await laurel('status')).stdout).to.include(`4 of 4 pinned at ${place()}`)
  })

  it('finds at once what the node has lost, and hands it over again', async () => {
    stub.blocks.clear()
    const { code, stderr } = await laurel('content', 'audit')
    expect(code, stderr).to.equal(0)
    expect(stderr).to.include('has lost public content')
    expect(stub.blocks.size).to.equal(4)
  })

  it('says what a full node does not keep, and that this is not finished', async () => {
    stub.blocks.clear()
    stub.mode = 'full'
    const { code, stdout } = await laurel('content', 'audit', '--json')
    stub.mode = 'honest'
    expect(code).to.equal(2)
    const { error } = JSON.parse(stdout)
    expect(error.code).to.equal('CONTENT_INCOMPLETE')
    expect(error.facts).to.deep.include({ total: 4, damaged: [], places: [place()] })
    expect(error.facts.troubles.join(' ')).to.include('does not keep public content')
  })

  it('exports all of it as an archive that others read', async () => {
    const file = join(home, 'public.car')
    const { code, stderr } = await laurel('content', 'export', file)
    expect(code, stderr).to.equal(0)
    const archive = await CarReader.fromBytes(await readFile(file))
    expect((await archive.getRoots()).map(String)).to.have.members([...stub.pins])
    for (const { cid, bytes } of await collect(archive.blocks())) expect(Cid.fromBytes(bytes)).to.equal(cid.toString())
  })

  it('exports nothing rather than half of it, and says what is damaged here', async () => {
    const ipfs = join(home, 'ipfs')
    const [block = ''] = (await readdir(ipfs, { recursive: true })).filter((name) => name.endsWith('.data'))
    const bytes = await readFile(join(ipfs, block))
    await rm(join(ipfs, block))
    const out = join(home, 'half')
    const exported = await laurel('content', 'export', join(out, 'public.car'), '--json')
    expect(exported.code).to.equal(1)
    expect(exported.stdout).to.include('CONTENT_DAMAGED')
    expect(await readdir(out)).to.deep.equal([])
    const audited = await laurel('content', 'audit')
    expect(audited.code).to.equal(2)
    expect(audited.stdout).to.include('3 of 4 whole here')
    await writeFile(join(ipfs, block), bytes)
  })
})
