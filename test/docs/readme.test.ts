import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as Readme from './Readme.ts'

const root = new URL('../../', import.meta.url)

describe('README', () => {
  it('says of every shell block when a test runs it', async () => {
    const blocks = await Readme.blocks()
    expect(blocks.map(({ when }) => when)).to.have.members(['ci', 'never', 'fast'])
  })

  it('has a demo that CI runs', async () => {
    const block = (await Readme.blocks()).find(({ when }) => when === 'ci')
    expect(block?.text).to.equal('npm run demo\n')
    expect(readFileSync(new URL('scripts/ci.ts', root), 'utf8')).to.contain("name: 'npm run demo'")
  })

  it('links to files that exist', () => {
    for (const document of ['README.md', 'AGENTS.md', 'SECURITY.md', 'docs/format.md', 'docs/trust.md']) {
      const url = new URL(document, root)
      const links = [...readFileSync(url, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '')
      for (const link of links) expect(existsSync(new URL(link, url)), `${document} → ${link}`).to.equal(true)
    }
  })

  it('has commands that work: issue and verify', async function () {
    this.timeout(120_000)
    if (process.platform === 'win32') {
      console.log('SKIPPED: the blocks are for a POSIX shell')
      this.skip()
    }
    const block = (await Readme.blocks()).find(({ when }) => when === 'fast')
    if (block === undefined) throw new Error('The block is gone')
    expect(await Readme.run(block)).to.match(/accepted/i)
  })
})
