import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

/** More than 16 blocks of 256: after so many it is written down how far the verification is. */
const size = 4_500
const people = Array.from({ length: size }, (_, i) => `Person ${i},person${i}@example.org,"a long ""text"" ${i}"`)
const roster = ['name,email,narrative', ...people, ''].join('\n')

type Measured = { readonly measures: { readonly stages: readonly { stage: string; credentials: number }[] } }

// What a small batch does at one go, a large one does in several, in threads, and is killed between two of them.
describe('laurel, killed in the midst of a large batch', function () {
  this.timeout(600_000)
  let chain: Chain.Chain
  before(async () => {
    chain = await Chain.start()
  })
  after(() => chain.stop())

  for (const [label, left] of [
    ['intake:after-some*2', { intake: size, sign: size, assemble: size, deliver: size }],
    ['sign:after-some*3', { sign: size - 3 * 500, assemble: size, deliver: size }],
    ['assemble:after-some', { sign: 0, assemble: size - 16 * 256, deliver: size }],
    ['deliver:half-written', { sign: 0, assemble: 0, deliver: size }],
  ] as const) {
    it(`${label}: it goes on from there, anchored once, and every copy of it is the same`, async () => {
      const { home, remove } = await Cli.createHome()
      try {
        const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, LAUREL_WORKERS: '2' }
        const file = join(home, 'roster.csv')
        await writeFile(file, roster)
        const args = ['issue', file, '--achievement', achievement, '--json']
        const killed = await Cli.run('laurel', args, { ...environment, LAUREL_CRASH_AT: label })
        expect(killed.code, `${label} was not reached: ${killed.stdout}${killed.stderr}`).to.equal(null)

        const issued = (await Cli.issue(file, achievement, environment)) as Awaited<ReturnType<typeof Cli.issue>> &
          Measured & { readonly account: string }
        const done = new Map(issued.measures.stages.map(({ stage, credentials }) => [stage, credentials]))
        for (const [stage, credentials] of Object.entries(left))
          expect(done.get(stage) ?? 0, stage).to.equal(credentials)
        expect(await chain.rpc('eth_getTransactionCount', issued.account, 'latest')).to.equal('0x1')
        expect((await readdir(issued.folder)).sort()).to.deep.equal([
          'credentials.ndjson',
          'manifest.json',
          'rows.csv',
          'status-revocation.json',
          'status-suspension.json',
          'summary.json',
        ])

        const delivered = join(issued.folder, 'credentials.ndjson')
        const credentials = (await readFile(delivered, 'utf8'))
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line))
        expect(new Set(credentials.map(({ id }) => id)).size).to.equal(size)
        const names = credentials.map(({ credentialSubject }) => credentialSubject.identifier[0].identityHash)
        expect(new Set(names).size).to.equal(size)
        const [, ...rows] = (await readFile(join(issued.folder, 'rows.csv'), 'utf8')).trimEnd().split('\r\n')
        const byId = new Map(credentials.map(({ id }, i) => [id, names[i]]))
        for (const [i, row] of rows.entries()) {
          const [number, id = ''] = row.split(',')
          expect([Number(number), byId.get(id)]).to.deep.equal([i + 1, `Person ${i}`])
        }

        const export_ = async (target: string, ...more: readonly string[]) => {
          const { code, stderr } = await Cli.run('laurel', ['export', issued.batch, target, ...more], environment)
          expect(code, stderr).to.equal(0)
        }
        await export_(join(home, 'again.ndjson'), '--format', 'ndjson')
        expect(await hash(join(home, 'again.ndjson'))).to.equal(await hash(delivered))
        await export_(join(home, 'files'))
        const folders = (await readdir(join(home, 'files'))).filter((name) => /^[0-9a-f]{2}$/.test(name))
        expect(folders).to.have.length(256)
        for (const { id } of credentials.slice(0, 50)) {
          const name = id.slice('urn:uuid:'.length)
          const text = await readFile(join(home, 'files', name.slice(0, 2), `${name}.json`), 'utf8')
          expect(JSON.parse(text)).to.deep.equal(credentials.find((each) => each.id === id))
        }
      } finally {
        await remove()
      }
    })
  }
})

async function hash(path: string): Promise<string> {
  const digest = createHash('sha256')
  for await (const chunk of createReadStream(path)) digest.update(chunk)
  return digest.digest('hex')
}
