import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import * as Build from '../../scripts/build/Verifier.ts'

/** Target S13: what a page loads to verify, with gzip. */
const most = 150 * 1024

describe('The verifier for a page', function () {
  this.timeout(60_000)
  let folder: string
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-page-'))
  })
  after(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

  it('is one module that imports nothing and is pinned by its integrity', async () => {
    const { integrity } = await Build.module(folder, 'laurel-verifier.js')
    const module = await readFile(join(folder, 'laurel-verifier.js'), 'utf8')
    expect(module).to.not.match(/(?<!@)\bimport\s*[({"'*]|\bfrom\s*["'](?:node:|\.)|\brequire\(/)
    expect(await readFile(join(folder, 'laurel-verifier.js.integrity'), 'utf8')).to.equal(`${integrity}\n`)
    expect((await Build.module(folder, 'laurel-verifier.js')).integrity, 'built again').to.equal(integrity)
  })

  it('is small (S13)', async () => {
    const { gzipBytes } = await Build.module(folder, 'laurel-verifier.js')
    console.log(`      ${gzipBytes} bytes with gzip, of ${most} at most`)
    expect(gzipBytes).to.be.lessThan(most)
  })
})
