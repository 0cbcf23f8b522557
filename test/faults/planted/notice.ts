import { expect } from 'chai'
import type { Bug } from './bugs.ts'
import { run } from './trial.ts'

/** Shows that the tests of a bug pass without it, and that they say what is wrong with it. */
export function shouldBeNoticed(bug: Bug): void {
  it(`${bug.name}: is noticed by ${bug.test.file}`, async function () {
    const without = await run(bug, false)
    expect(without.failed, 'without the bug').to.deep.equal([])
    if (without.passed.length === 0) {
      expect(without.skipped, 'no test has these words in its title').not.to.deep.equal([])
      console.log(`    SKIPPED: the tests that notice ${bug.name} cannot run here`)
      this.skip()
    }
    const planted = await run(bug, true)
    const messages = planted.failed.map(({ message }) => message)
    expect(messages, 'with the bug').not.to.deep.equal([])
    expect(messages.some((message) => message.includes(bug.red))).to.equal(true, messages.join('\n'))
  })
}
