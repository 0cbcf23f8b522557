import { expect } from 'chai'
import { find } from '../../scripts/check/forbidden-words.ts'

// Put together here, so that the check does not find this file.
const focused = `it.${'only'}('x', () => {})`
const skipped = `describe.${'skip'}('x', () => {})`
const machine = `const folder = '/${'home'}/ada/laurel'`
const silenced = `// @ts-${'ignore'}`

describe('forbidden words', () => {
  for (const [path, line, sentence] of [
    ['test/core/A.test.ts', focused, 'a focused test'],
    ['test/core/A.test.ts', skipped, 'a skipped test without a reason'],
    ['docs/format.md', machine, 'a path of one machine'],
    ['core/src/A.ts', silenced, 'silenced without a reason'],
    ['core/src/A.ts', `// TO${'DO'}: later`, 'something unfinished'],
    ['.ci/run', `npm test |${'| true'}`, 'a failure that is swallowed'],
  ] as const) {
    it(`finds ${JSON.stringify(line)} in ${path}`, () => {
      const found = find(path, `fine\n${line}\n`)
      expect(found).to.have.length(1)
      expect(found[0]).to.match(new RegExp(`^${path.replaceAll('.', '\\.')}:2 ${sentence}`))
    })
  }

  for (const [path, line] of [
    ['test/core/A.test.ts', 'this.skip()'],
    ['test/core/support.ts', 'test.skip()'],
    ['core/src/A.ts', `// @ts-${'expect-error'} the package has no types for this`],
    ['docs/format.md', 'https://example.org/home/ada/x'],
    ['docs/format.md', 'somewhere/home/ada/x'],
  ] as const) {
    it(`lets ${JSON.stringify(line)} pass in ${path}`, () => {
      expect(find(path, line)).to.deep.equal([])
    })
  }
})
