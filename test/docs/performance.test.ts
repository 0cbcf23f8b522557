import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Growth from '../../bench/Growth.ts'
import * as Page from '../../bench/Page.ts'
import * as Publication from '../../bench/Publication.ts'
import { rounds, rows } from '../../bench/rows.ts'
import * as Served from '../../bench/server/Served.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(`${root}docs/performance.md`, 'utf8')

describe('docs/performance.md', () => {
  let published: Publication.Publication
  const growth = Growth.read()
  before(() => {
    const found = Publication.read(Publication.published)
    if (found === undefined) throw new Error('Nothing was published')
    published = found
  })

  it('has the tables that follow from the published readings', () => {
    const under = Served.read(Served.published)
    expect(Page.fill(page, published, { grown: growth, under })).to.equal(page)
  })

  it('has the charts that follow from them', () => {
    for (const [name, fresh] of Object.entries(Page.charts(published, growth))) {
      expect(readFileSync(`${root}${name}`, 'utf8'), name).to.equal(fresh)
      expect(page).to.contain(`(${name.replace('docs/', '')})`)
    }
  })

  it('has a result for every row, measured in all its rounds', () => {
    expect(published.results.map(({ work }) => work)).to.deep.equal(rows('full').map(({ work }) => work))
    for (const { work, ours, peers } of published.results)
      for (const { readings } of [ours, ...peers]) expect(readings, work).to.have.length(rounds('full'))
  })

  it('says of every row what it is, with the command that measures it', () => {
    for (const { id } of published.results) {
      expect(page).to.match(new RegExp(`^\\*\\*${id},`, 'm'))
      expect(page).to.contain(`npm run bench -- ${id}`)
    }
  })

  it('is about the versions of the peers that are pinned', () => {
    const pinned = globSync(['bench/package.json', 'bench/peers/*/package.json'], { cwd: root }).flatMap((file) =>
      Object.entries<string>(JSON.parse(readFileSync(`${root}${file}`, 'utf8')).dependencies),
    )
    const versions = new Map(pinned)
    const names = published.results.flatMap(({ peers }) => peers.map(({ name }) => name))
    const packages = rows('full').flatMap(({ peers }) => peers.flatMap((peer) => peer.packages))
    for (const name of packages)
      expect(
        names.some((text) => text.includes(`${name} ${versions.get(name)}`)),
        `${name} ${versions.get(name)}`,
      ).to.equal(true)
  })
})
