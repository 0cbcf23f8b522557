import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')

/** The rows of the table of invariants, each with its columns. */
const rows = [...read('docs/contracts.md').matchAll(/^\| (?:~~)?(I\d+)(?:~~)? .*$/gm)].map(([line, id]) => ({
  id: id ?? '',
  line,
  where: line.split(' | ').at(-1) ?? '',
}))
const solidity = globSync('test/contracts/**/*.t.sol', { cwd: root })

/** The numbers of the invariants in prose that a contract's invariant test has above it. */
function numbersOf(contract: string): readonly string[] {
  const texts = solidity.map(read)
  const text = texts.find((each) => each.includes(`contract ${contract}Invariants {`)) ?? ''
  return [...text.matchAll(/^\/\/\/ (\d+)\. /gm)].map(([, number]) => number ?? '')
}

describe('docs/contracts.md', () => {
  it('answers for each of the twenty invariants, in their order', () => {
    expect(rows.map(({ id }) => id)).to.deep.equal(Array.from({ length: 20 }, (_, i) => `I${i + 1}`))
    for (const { line, where } of rows) expect(where, line).to.match(/[a-z]{4}/)
  })

  it('names invariants that the contracts have', () => {
    const named = rows.flatMap(({ where }) => [...where.matchAll(/\b([A-Z]\w+) (\d+)\b/g)])
    expect(named.length).to.be.greaterThan(20)
    for (const [, contract = '', number = ''] of named) expect(numbersOf(contract), contract).to.include(number)
  })

  it('names tests that there are', () => {
    const named = rows.flatMap(({ where }) => [...where.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''))
    expect(named.length).to.be.greaterThan(5)
    for (const name of named) {
      if (name.endsWith('.ts')) expect(existsSync(`${root}test/contracts/${name}`), name).to.equal(true)
      else
        expect(
          solidity.some((path) => read(path).includes(`function ${basename(name)}(`)),
          name,
        ).to.equal(true)
    }
  })
})
