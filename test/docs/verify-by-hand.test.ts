import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const achievement = join(root, 'samples', 'achievement.json')
const run = promisify(execFile)

describe('docs/verify-by-hand.md', function () {
  this.timeout(120_000)
  const page = readFileSync(join(root, 'docs', 'verify-by-hand.md'), 'utf8')
  const blocks = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '')
  let chain: Chain.Chain | undefined
  let remove = async () => {}
  let file: string
  let registry: string

  before(async function () {
    for (const tool of ['openssl', 'jq', 'curl', 'xxd', 'gzip'])
      try {
        await run('bash', ['-c', `command -v ${tool}`])
      } catch {
        console.log(`    SKIPPED: this machine has no ${tool}`)
        this.skip()
      }
    chain = await Chain.start()
    const place = await Cli.createHome()
    remove = place.remove
    const environment = { LAUREL_HOME: place.home, LAUREL_CHAIN_RPC: chain.url }
    const roster = join(place.home, 'roster.csv')
    await writeFile(
      roster,
      'name,email\nAda Example,ada@example.org\nBo Example,bo@example.org\nCy Example,cy@example.org\n',
    )
    const { batch, folder } = await Cli.issue(roster, achievement, environment)
    registry = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8')).registry
    const target = join(place.home, 'keepsakes')
    const exported = await Cli.run('laurel', ['export', batch, target, '--format', 'laurel'], environment)
    expect(exported.code, exported.stderr).to.equal(0)
    const [name = ''] = await readdir(target)
    file = join(target, name)
  })
  after(async () => {
    await chain?.stop()
    await remove()
  })

  const follow = async (changed = file) => {
    const env = { ...process.env, FILE: changed, RPC: chain?.url, REGISTRY: registry }
    try {
      const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', blocks.join('\n')], { env })
      return { code: 0, stdout }
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
      return { code, stdout: stdout + stderr }
    }
  }

  it('leads from a keepsake to its anchor', async () => {
    const { code, stdout } = await follow()
    expect(code, stdout).to.equal(0)
    expect(stdout).to.match(
      /Signature Verified Successfully\nroot 0x[0-9a-f]{64}\nanchored on \S+Z\nnot revoked as of \S+Z\n$/,
    )
  })

  for (const [what, change] of [
    ['the size of the batch', (text: string) => text.replace('"size": 3', '"size": 4')],
    [
      'its account',
      (text: string) =>
        text.replace(/("account": "eip155:31337:0x)(.)/, (_, head, digit) => head + (digit === '0' ? '1' : '0')),
    ],
    ['the path', (text: string) => text.replace(/("proofValue": "z[^"]{300})./, (_, head) => `${head}z`)],
  ] as const)
    it(`leads nowhere when somebody has changed ${what}`, async () => {
      const changed = join(file, '..', 'changed.json')
      const text = await readFile(file, 'utf8')
      expect(change(text)).to.not.equal(text)
      await writeFile(changed, change(text))
      expect((await follow(changed)).code).to.not.equal(0)
    })
})
