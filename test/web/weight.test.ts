import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import * as Web from '../../scripts/build/Web.ts'

/**
 * What a page may weigh until it says all but the verdict, in bytes with gzip. Who makes it heavier says why, here.
 */
const budget = { badge: { script: 85_000, style: 10_000, verifier: 120_000 } } as const

describe('What the pages weigh', function () {
  this.timeout(120_000)

  it('stays within what is written down', async () => {
    const folder = await Web.ensure()
    const { pages, files } = Web.manifest()
    const size = (name: string) => statSync(join(folder, `${name}.gz`)).size
    for (const [name, most] of Object.entries(budget)) {
      const { script = '', style = '' } = pages[name] ?? {}
      expect(size(script), script).to.be.within(most.script * 0.8, most.script)
      expect(size(style), style).to.be.within(1_000, most.style)
      // What comes when it is needed is no part of what comes first.
      const later = files.filter((file) => file.endsWith('.js') && file !== script)
      expect(later.reduce((sum, file) => sum + size(file), 0)).to.be.within(50_000, most.verifier)
      expect(readFileSync(join(folder, script), 'utf8')).to.not.include('secp256k1')
    }
  })
})
