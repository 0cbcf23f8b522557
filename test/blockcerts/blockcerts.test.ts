import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import * as Contexts from '@laurel/core/Contexts'
import type * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import * as Package from '../../scripts/Package.ts'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'
import { freePort } from '../support/free-port.ts'
import * as Golden from '../support/Golden.ts'

const folder = fileURLToPath(new URL('.', import.meta.url))
const sample = (name: string) => fileURLToPath(new URL(`../../samples/${name}`, import.meta.url))

type Job = {
  readonly documents: readonly Json.Object[]
  readonly resources: Readonly<Record<string, unknown>>
  readonly rpc: string
}
type Verdict = { readonly status: string; readonly message: string }

async function judge(job: Job): Promise<readonly Verdict[]> {
  const contexts = Object.fromEntries(Contexts.urls().map((url) => [url, Contexts.load(url)]))
  const child = spawn(process.execPath, ['judge.js'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] })
  child.stdin.end(JSON.stringify({ ...job, resources: { ...contexts, ...job.resources } }))
  const output = await text(child.stdout)
  // The verifier itself prints, so the answer is the last line.
  return JSON.parse(output.slice(output.lastIndexOf('\n') + 1))
}

function issuerDocuments(did: Json.Object, profile: Json.Object): Readonly<Record<string, Json.Object>> {
  return {
    [`https://resolver.example.org/1.0/identifiers/${did.id}`]: { didDocument: did },
    [String(profile.id)]: profile,
  }
}

describe('cert-verifier-js, the verifier of Blockcerts', function () {
  this.timeout(300_000)
  before(() => Package.install(folder))

  describe('with the golden samples of the Blockcerts profile', () => {
    let chain: Chain.Chain
    const resources = issuerDocuments(Golden.read('C-did.json'), Golden.read('C-issuer-profile.json'))
    before(async () => {
      chain = await Chain.start(11155111)
      await Chain.replay(chain, Golden.anchors())
    })
    after(() => chain.stop())

    it('accepts all eleven', async () => {
      const documents = Golden.credentials('C').map(Golden.read)
      const verdicts = await judge({ documents, resources, rpc: chain.url })
      expect(verdicts.map(({ status }) => status)).to.deep.equal(Array(11).fill('success'))
    })

    it('refuses a changed one', async () => {
      const document = { ...Golden.read('C-1-0.json'), name: 'Another name' }
      const [verdict] = await judge({ documents: [document], resources, rpc: chain.url })
      expect(verdict?.status).to.equal('failure')
    })
  })

  describe('with what an issuer set to the Blockcerts profile issues', () => {
    let home: Awaited<ReturnType<typeof Cli.createHome>>
    let server: Awaited<ReturnType<typeof Cli.start>>
    let documents: readonly Json.Object[]
    let resources: Readonly<Record<string, Json.Object>>
    let rpc: string

    before(async () => {
      home = await Cli.createHome()
      const port = await freePort()
      const environment = {
        LAUREL_HOME: home.home,
        LAUREL_PROFILE: 'blockcerts',
        LAUREL_DOMAIN: 'badges.example.org',
        LAUREL_CHAIN_ID: '11155111',
        PORT: String(port),
      }
      const { folder: batch } = await Cli.issue(sample('roster.csv'), sample('achievement.json'), environment)
      documents = (await Cli.readBatch(batch)).credentials
      server = await Cli.start(environment)
      const published = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).json()
      resources = issuerDocuments(await published('/.well-known/did.json'), await published('/blockcerts/profile.json'))
      rpc = await Cli.chainUrl(home.home)
    })
    after(async () => {
      await server?.stop()
      await home?.remove()
    })

    it('accepts every credential, its anchor included', async () => {
      const verdicts = await judge({ documents, resources, rpc })
      expect(verdicts.filter(({ status }) => status !== 'success')).to.deep.equal([])
      expect(verdicts).to.have.length(documents.length).and.length.at.least(120)
    })

    it('refuses one under the anchor of another', async () => {
      const [first, second] = documents as readonly [Json.Object, Json.Object]
      const [signature] = first.proof as readonly Json.Value[]
      const [, anchor] = second.proof as readonly Json.Value[]
      const document = { ...first, proof: [signature ?? null, anchor ?? null] }
      const [verdict] = await judge({ documents: [document], resources, rpc })
      expect(verdict?.status).to.equal('failure')
    })
  })
})
