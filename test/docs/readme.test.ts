import { existsSync, globSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as Readme from './Readme.ts'

const root = new URL('../../', import.meta.url)

describe('README', () => {
  it('says of every shell block when a test runs it', async () => {
    const blocks = await Readme.blocks()
    expect(blocks.map(({ when }) => when)).to.have.members(['ci', 'never', 'background', 'fast'])
  })

  it('has a demo that CI runs', async () => {
    expect((await Readme.block('ci')).text).to.equal('npm run demo\n')
    expect(readFileSync(new URL('scripts/ci.ts', root), 'utf8')).to.contain("name: 'npm run demo'")
  })

  it('links to files that exist, as all documents do', () => {
    const documents = globSync(['*.md', 'docs/**/*.md', 'bench/**/*.md'], { cwd: root, exclude: ['**/node_modules'] })
    const links = documents.flatMap((document) =>
      [...readFileSync(new URL(document, root), 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => ({
        document,
        link: link ?? '',
      })),
    )
    expect(links.length).to.be.above(50)
    for (const { document, link } of links)
      expect(existsSync(new URL(link, new URL(document, root))), `${document} → ${link}`).to.equal(true)
  })

  it('has commands that work: start, issue and verify', async function () {
    this.timeout(180_000)
    if (process.platform === 'win32') {
      console.log('SKIPPED: the blocks are for a POSIX shell')
      this.skip()
    }
    const reader = await Readme.reader()
    try {
      await reader.leave(await Readme.block('background'), 'Laurel is listening')
      const { code, output } = await reader.run(await Readme.block('fast'))
      expect(output).to.contain('issued, anchored and verified')
      expect(code, output.slice(-2_000)).to.equal(0)
    } finally {
      await reader.close()
    }
  })
})
