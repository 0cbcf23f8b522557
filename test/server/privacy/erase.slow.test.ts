import { expect } from 'chai'
import * as Cli from '../../support/Cli.ts'
import * as People from './people.ts'

/** How many there are; above a thousand they are lines of one file. */
for (const count of process.env.FAULTS === 'all' ? [1_000, 1_001] : [1_000]) {
  describe(`of ${count.toLocaleString('en')} people`, function () {
    this.timeout(600_000)
    let people: Awaited<ReturnType<typeof People.open>>
    before(async () => {
      people = await People.open(count)
    })
    after(() => people?.close())

    /** How many of the others a stranger accepts. */
    const accepted = async (): Promise<number> => {
      const { stdout } = await Cli.run('laurel-verify', [people.folder, '--json'], people.environment)
      const verdicts: readonly { readonly file: string; readonly verdict: string }[] = JSON.parse(stdout)
      expect(new Set(verdicts.map(({ verdict }) => verdict))).to.deep.equal(new Set(['accepted']))
      return count > 1_000 ? verdicts.length : verdicts.length / 2
    }

    it('one is erased, and then ten: nothing of them is left, and all the others verify', async () => {
      expect(await people.left(50)).to.not.deep.equal([])
      await people.ask('POST', `/v1/credentials/${people.ids[50]}/erase`, { json: {} })
      expect(await people.left(50)).to.deep.equal([])
      expect(await accepted()).to.equal(count - 1)
      const ten = Array.from({ length: 10 }, (_, i) => 9 * i + 7)
      for (const n of ten)
        await people.ask('POST', '/v1/learners/erase', { json: { email: people.canaries[n]?.email } })
      expect(await people.left(50, ...ten)).to.deep.equal([])
      expect(await accepted()).to.equal(count - 11)
      console.log(`    ${count} people: 11 erased, 0 residues, ${count - 11} verify`)
    })
  })
}
