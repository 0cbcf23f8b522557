import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import * as Build from '../../scripts/build/Verifier.ts'
import * as Golden from '../support/Golden.ts'

const run = promisify(execFile)
const vectors = fileURLToPath(new URL('../vectors/', import.meta.url))

/** How long npm may take to fetch them, in milliseconds. */
const patience = 240_000

/** Fewer than these come with the package, itself among them. */
const most = 25

describe('The package @laurel/verifier', function () {
  this.timeout(2 * patience)
  let folder: string
  let place: string
  const env = { ...process.env, PATH: [dirname(process.execPath), process.env.PATH].join(':'), NO_COLOR: '1' }

  before(async function () {
    folder = await mkdtemp(join(tmpdir(), 'laurel-package-'))
    await Build.packed(join(folder, 'package'))
    const { stdout } = await run('npm', ['pack', '--json', join(folder, 'package')], { cwd: folder, env })
    const [{ filename }] = JSON.parse(stdout)
    place = await mkdtemp(join(tmpdir(), 'laurel-place-'))
    try {
      // What `npm ci` has brought here lies in npm's cache, but for the lists of versions.
      const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename)]
      await run('npm', install, { cwd: place, env, timeout: patience })
    } catch (error) {
      const { killed, stderr } = error as { readonly killed?: boolean; readonly stderr?: string }
      if (!killed && !/ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN|ENOTCACHED/.test(String(stderr))) throw error
      console.log('      SKIPPED: the registry of npm cannot be reached, or not in time')
      this.skip()
    }
  })
  after(async () => {
    for (const each of [folder, place]) if (each !== undefined) await rm(each, { recursive: true, force: true })
  })

  it('brings few packages, and none that runs anything when it is installed', async () => {
    const lock = JSON.parse(await readFile(join(place, 'node_modules', '.package-lock.json'), 'utf8'))
    const installed = Object.entries<{ hasInstallScript?: boolean }>(lock.packages)
    console.log(`      ${installed.length} packages`)
    expect(installed.length).to.be.lessThan(most)
    expect(installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path)).to.deep.equal([])
  })

  it('has a command that verifies', async () => {
    const keepsake = join(vectors, 'keepsake-v1', 'A-7-4.laurel')
    const command = join(place, 'node_modules', '.bin', 'laurel-verify')
    const ended = await run(command, [keepsake, '--json'], { cwd: place, env }).catch((error) => error)
    expect(ended.code, ended.stderr).to.equal(1)
    const [{ checks }] = JSON.parse(ended.stdout)
    expect(checks.map(({ code }: { code: string }) => code)).to.include.members(['SIGNED', 'INCLUDED', 'REVOKED'])
  })

  it('has a library that verifies', async () => {
    const script = `
      import { readFileSync } from 'node:fs'
      import { Policy, verify } from '@laurel/verifier'
      import * as NodeReaders from '@laurel/verifier/node'
      const { readers } = NodeReaders.create({ folders: [${JSON.stringify(Golden.folder)}], gateways: [], allowLoopback: false })
      const trust = { chains: [], issuers: [], status: { maximumAgeSeconds: 1e9 } }
      const report = await verify(readFileSync(${JSON.stringify(`${Golden.folder}A-3-1.json`)}), { trust, readers, now: Date.now() })
      console.log(Policy.decide(report).code)`
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: place, env })
    expect(stdout).to.equal('CHAIN_NOT_TRUSTED\n')
  })
})
