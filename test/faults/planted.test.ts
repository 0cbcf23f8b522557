import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { bugs, find, plant } from './planted/bugs.ts'
import { shouldBeNoticed } from './planted/notice.ts'

describe('Planted bugs', function () {
  this.timeout(60_000)

  it('are many, and each has a name of its own', () => {
    expect(bugs.length).to.be.at.least(12)
    expect(new Set(bugs.map(({ name }) => name)).size).to.equal(bugs.length)
  })

  for (const { name, changes, test } of bugs)
    it(`fit the sources as they are: ${name}`, () => {
      const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
      for (const change of changes) expect(plant(read(change.path), change)).not.to.equal(read(change.path))
      expect(test.file).to.match(/^test\/.*\.test\.ts$/)
    })

  shouldBeNoticed(find('delivered-unchecked'))
})
