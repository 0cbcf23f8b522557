import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Figures from '../../bench/gas/Figures.ts'
import { laurel } from '../../bench/gas/sides/laurel.ts'
import * as Work from '../../bench/gas/Work.ts'

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

  it('tells line by line what redeeming costs, of the gas that is measured', () => {
    const section = /### Redeeming\n([\s\S]*?)\n## /.exec(read('docs/contracts.md'))?.[1] ?? ''
    const number = (text = '') => Number(text.replaceAll(',', ''))
    const sentences = Figures.read()[laurel.name] ?? {}
    const gas = (title: string) => Figures.toSpent(sentences[title] ?? '').gas
    const lines = [...section.matchAll(/^\| .* \| +([\d,]+) \|$/gm)].map(([, each]) => number(each))
    expect(lines.reduce((sum, each) => sum + each, 0)).to.equal(gas(Work.redeemLater(10)))
    expect(number(/Measured: ([\d,]+)\./.exec(section)?.[1])).to.equal(gas(Work.redeemLater(10)))
    const more = number(/its first costs ([\d,]+) more/.exec(section)?.[1])
    expect(more).to.equal(gas(Work.redeem(10)) - gas(Work.redeemLater(10)))
  })
})
