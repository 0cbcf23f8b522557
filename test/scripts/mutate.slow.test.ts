import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import * as Mutant from '../../scripts/mutate/Mutant.ts'
import * as Trial from '../../scripts/mutate/Trial.ts'
import * as Copy from '../../scripts/solidity/Copy.ts'

const path = 'contracts/StatusRegistry.sol'

// Knows that the contract compiles, and nothing of what it does.
const weak = `import { expect } from 'chai'
import * as Support from './support.ts'

it('has code', async () => {
  const { runtimeCode } = await Support.compile('default', 'StatusRegistry')
  expect(runtimeCode.length).to.be.greaterThan(2)
})
`

describe('a planted mutant', function () {
  this.timeout(600_000)
  let copy: Copy.Copy
  let planted: Mutant.Mutant

  before(() => {
    copy = Copy.create()
    writeFileSync(join(copy.folder, 'test/contracts/Weak.test.ts'), weak)
    const isPlanted = ({ operator, before }: Mutant.Mutant) =>
      operator === 'delete statement' && before.startsWith('emit Published')
    const found = [...Mutant.mutants(Copy.root, [path])].find(isPlanted)
    if (found === undefined) throw new Error('no mutant forgets to emit')
    planted = found
  })

  after(() => copy.remove())

  const weakTests: Trial.Tests = { mocha: ['test/contracts/Weak.test.ts'], solidity: [] }

  it('is killed by the tests of its contract', async () => {
    const tests = Trial.testsOf(copy.folder, path)
    expect(await Trial.judge(copy, planted, tests, 300_000)).to.equal('mocha')
  })

  it('survives tests that are weaker', async () => {
    expect(await Trial.judge(copy, planted, weakTests, 300_000)).to.equal('survived')
  })

  it('is killed by the Solidity tests where mocha sees nothing', async () => {
    const other = [...Mutant.mutants(Copy.root, [path])].find(({ operator }) => operator === 'width')
    if (other === undefined) throw new Error('no mutant cuts the time')
    const { solidity } = Trial.testsOf(copy.folder, path)
    expect(await Trial.judge(copy, other, { ...weakTests, solidity }, 300_000)).to.equal('solidity')
  })

  it('is killed by the time limit where the tests do not end', async () => {
    expect(await Trial.judge(copy, planted, weakTests, 1)).to.equal('time limit')
  })

  it('leaves the contract as it was', async () => {
    const read = () => readFileSync(join(copy.folder, path), 'utf8')
    const original = readFileSync(join(Copy.root, path), 'utf8')
    expect(read()).to.equal(original)
    expect(await Trial.judge(copy, { path, text: 'no contract at all', within: '' }, weakTests, 300_000)).to.equal(
      'mocha',
    )
    expect(read()).to.equal(original)
  })

  it('means nothing where the tests fail without it', async () => {
    writeFileSync(join(copy.folder, 'test/contracts/Weak.test.ts'), weak.replace('greaterThan(2)', 'lessThan(2)'))
    const failure = await Trial.rehearse(copy, weakTests).then(
      () => undefined,
      (error: unknown) => error,
    )
    expect(String(failure)).to.contain('do not pass on the contract as it is')
  })
})
