import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Cli from '../../support/Cli.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

describe('Several laurels in one new home, at once', function () {
  this.timeout(60_000)

  it('make one issuer, start one chain, and issue every roster once', async () => {
    const { home, remove } = await Cli.createHome()
    try {
      const rosters = ['Ada,ada@example.org', 'Bo,bo@example.org'].map(async (person, i) => {
        const file = join(home, `roster-${i}.csv`)
        await writeFile(file, `name,email\n${person}\n`)
        return file
      })
      const [first = '', second = ''] = await Promise.all(rosters)
      const issued = await Promise.all(
        [first, first, second].map((file) => Cli.issue(file, achievement, { LAUREL_HOME: home })),
      )
      const batches = [...new Set(issued.map(({ batch }) => batch))]
      expect(issued[0]?.batch).to.equal(issued[1]?.batch)
      expect(batches).to.have.length(2)
      expect((await readdir(join(home, 'batches'))).sort()).to.deep.equal(batches.toSorted())

      const manifests = await Promise.all(
        batches.map(async (batch) => JSON.parse(await readFile(join(home, 'batches', batch, 'manifest.json'), 'utf8'))),
      )
      expect(new Set(manifests.map(({ account }) => account)).size).to.equal(1)
      expect(manifests.map(({ number }) => number).sort()).to.deep.equal([1, 2])
    } finally {
      await remove()
    }
  })
})
