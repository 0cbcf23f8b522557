import { readFileSync } from 'node:fs'
import * as Bytes from '@laurel/core/Bytes'
import * as Contexts from '@laurel/core/Contexts'
import * as Registry from '@laurel/core/generated/AnchorRegistry'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Manifest from '@laurel/core/Manifest'
import * as StatusList from '@laurel/core/StatusList'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'

const page = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8')

describe('docs/format.md', () => {
  it('names the digests of the contexts that are bundled', () => {
    for (const url of [Contexts.credentialsV2, Contexts.openBadges]) {
      const digest = Bytes.toHex(Jcs.digest(Contexts.load(url))).slice(2)
      expect(page.split('\n').filter((line) => line.includes(`\`${url}\``) && line.includes(digest))).to.have.length(1)
    }
  })

  it('names the limits that the code has', () => {
    expect(page).to.contain(`at most ${Manifest.maximumBytes.toLocaleString('en')}`)
    expect(page).to.contain(`at least ${StatusList.minimumSize.toLocaleString('en')} entries`)
    expect(page).to.contain(Registry.factory)
  })

  it('lists exactly the members of a manifest', () => {
    const section = page.slice(page.indexOf('## 5. Manifest'), page.indexOf('## 6. Status'))
    const listed = [...section.matchAll(/^\| ((?:`\w+`(?:, )?)+)/gm)].flatMap((row) =>
      [...(row[1] ?? '').matchAll(/`(\w+)`/g)].map((name) => name[1]),
    )
    expect(listed).to.have.members(Object.keys(Golden.read('A-3-manifest.json')))
  })

  it('lists exactly the members of a second proof', () => {
    const section = page.slice(page.indexOf('**Second proof.**'), page.indexOf('Anything else or different'))
    const listed = [...section.matchAll(/^\| `(\w+)`/gm)].map((row) => row[1])
    const [, second] = Golden.read('A-3-0.json').proof as readonly Json.Object[]
    expect(listed).to.deep.equal(Object.keys(second ?? {}))
  })

  it('lists exactly the members of a keepsake', () => {
    const section = page.slice(page.indexOf('## 11. Keepsake'))
    const listed = [...section.matchAll(/^\| ((?:`\w+`(?:, )?)+)/gm)].flatMap((row) =>
      [...(row[1] ?? '').matchAll(/`(\w+)`/g)].map((name) => name[1]),
    )
    const golden = readFileSync(new URL('../vectors/keepsake-v1/A-3-1.laurel', import.meta.url), 'utf8')
    expect(listed).to.deep.equal(Object.keys(JSON.parse(golden)))
  })
})
