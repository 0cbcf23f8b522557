import { expect } from 'chai'
import * as Costs from '../../bench/gas/Costs.ts'
import * as Figures from '../../bench/gas/Figures.ts'
import * as Path from '../../bench/gas/Path.ts'
import * as Table from '../../bench/gas/Table.ts'
import * as Work from '../../bench/gas/Work.ts'

const one = 'anchor one root, later'
const ten = Work.anchor(10)
const takings = { [ten]: { gas: 263_752, bytes: 320 }, [one]: { gas: 45_376, bytes: 32 } }

describe('gas figures', () => {
  it('are sentences in the order of the table, from which gas and calldata can be read again', () => {
    const sentences = Figures.toSentences(takings, true)
    expect(Object.entries(sentences)).to.deep.equal([
      [one, '45,376 gas, 32 bytes of calldata (target 45,400)'],
      [ten, '263,752 gas, 26,375 a root, 320 bytes of calldata'],
    ])
    for (const [title, sentence] of Object.entries(sentences)) {
      expect(Figures.toSpent(sentence)).to.deep.equal(takings[title])
    }
  })

  it('name no target of ours for a peer', () => {
    expect(Figures.toSentences(takings, false)[one]).to.equal('45,376 gas, 32 bytes of calldata')
  })

  it('are no sentences without a figure', () => {
    expect(() => Figures.toSpent('about 45,376 gas')).to.throw(TypeError)
  })

  const committed = { Laurel: { a: '1 gas', b: '2 gas' }, EAS: { a: '3 gas' } }
  for (const [what, measured, complete, lines] of [
    ['nothing where all is as committed', committed, true, []],
    [
      'a changed figure',
      { ...committed, Laurel: { a: '1 gas', b: '4 gas' } },
      true,
      ['- Laurel: b: 2 gas', '+ Laurel: b: 4 gas'],
    ],
    ['a figure that is gone', { ...committed, Laurel: { a: '1 gas' } }, true, ['- Laurel: b: 2 gas']],
    ['a new figure', { ...committed, EAS: { a: '3 gas', b: '5 gas' } }, true, ['+ EAS: b: 5 gas']],
    ['a side that is gone', { Laurel: committed.Laurel }, true, ['- EAS: a: 3 gas']],
    ['nothing of a side that was not measured', { Laurel: committed.Laurel }, false, []],
  ] as const) {
    it(`differ by ${what}`, () => {
      expect(Figures.compare(committed, measured, { complete })).to.deep.equal(lines)
    })
  }

  it('miss a target from the next unit of gas on', () => {
    expect(Figures.missed({ [one]: { gas: 45_400, bytes: 32 } })).to.deep.equal([])
    expect(Figures.missed({ [one]: { gas: 45_401, bytes: 32 } })).to.deep.equal([`${one}: 45,401 is above 45,400`])
    expect(Figures.missed({ [Work.burnMany]: { gas: 300_001, bytes: 0 } })).to.have.length(1)
  })

  it('may miss a target only with an excuse, and have none without missing it', () => {
    const work = { title: 'w', group: 'g', target: 10, excuse: 'the path is as long as it is' }
    expect(Figures.missed({ w: { gas: 11, bytes: 0 } }, [work])).to.deep.equal([])
    expect(Figures.missed({ w: { gas: 10, bytes: 0 } }, [work])).to.deep.equal([
      'w: needs no excuse: 10 is not above 10',
    ])
  })

  it('are of works that are told apart by their titles', () => {
    const titles = Work.all.map(({ title }) => title)
    expect(new Set(titles).size).to.equal(titles.length)
    expect(() => Work.find('anchor a ship')).to.throw(TypeError, 'Work.ts')
  })

  it('lie above the floor, which nothing on the chain goes below', () => {
    for (const [side, sentences] of Object.entries(Figures.read())) {
      for (const [title, sentence] of Object.entries(sentences)) {
        expect(Figures.toSpent(sentence).gas, `${side}: ${title}`).to.be.at.least(Work.find(title).floor?.gas ?? 21_000)
      }
    }
  })

  it('have the floors of the published schedule', () => {
    expect(Work.find(one).floor?.gas).to.equal(45_112)
    expect(Work.find('publish a status list, a version in place').floor?.gas).to.equal(28_012)
    expect(Work.find(Work.award(500)).floor?.gas).to.equal(21_000 + 500 * 7_201)
    expect(Work.find(Work.awardAgain(500)).floor?.gas).to.equal(21_000 + 500 * 2_881)
  })

  it('make a table with the ratio of a peer and what we are above the floor', () => {
    const text = Table.render({
      Laurel: { [one]: '50,000 gas, 32 bytes of calldata' },
      EAS: { [one]: '100,000 gas, 100 bytes of calldata' },
    })
    expect(text).to.contain('| work | floor | Laurel | EAS |')
    expect(text).to.contain(`| ${one} | 45,112 | **50,000** +10.8 % | 100,000 (2.00×) |`)
    expect(text).not.to.contain('## Awarding')
  })
})

describe('gas paths', () => {
  it('lead from their leaves to the root', () => {
    const leaves = ['aa', 'bb', 'cc', 'dd'].map((byte): `0x${string}` => `0x${byte.repeat(32)}`)
    const tree = Path.deepTree(leaves, 10, Path.sorted)
    for (const [index, leaf] of leaves.entries()) {
      expect(tree.path(index)).to.have.length(10)
      expect(tree.path(index).reduce(Path.sorted, leaf)).to.equal(tree.root)
    }
  })

  it('want leaves that fill their corner of the tree', () => {
    expect(() => Path.deepTree(['0x01', '0x02', '0x03'], 10, Path.sorted)).to.throw(TypeError)
    expect(() => Path.deepTree(['0x01', '0x02'], 0, Path.sorted)).to.throw(TypeError)
  })
})

describe('costs', () => {
  const chain = (name: string) => {
    const found = Costs.chains.find((each) => each.name === name)
    if (found === undefined) throw new TypeError(`no chain is called ${name}`)
    return found
  }

  it('are gas times price where no data fee is', () => {
    expect(Costs.cost({ gas: 1_000_000, bytes: 1_000 }, chain('Ethereum'))).to.be.closeTo(3, 1e-12)
    expect(Costs.cost({ gas: 1_000_000, bytes: 1_000 }, chain('Polygon PoS'))).to.be.closeTo(0.00625, 1e-12)
  })

  it("contain the OP Stack's data fee", () => {
    // 880 + 120 bytes, 1,019 compressed, 809.8079 by the regression; 101,889.125 wei a byte in millionths of a gwei.
    const wei = 0.005e9 * 100_000 + 809.8079 * (2_269 * 16 + 1_055_762 / 16) * 1e3
    expect(Costs.cost({ gas: 100_000, bytes: 880 }, chain('Base'))).to.be.closeTo((wei / 1e18) * 3_000, 1e-12)
    // No transaction counts as less than 100 bytes.
    const least = 100 * (2_269 * 16 + 1_055_762 / 16) * 1e3
    expect(Costs.cost({ gas: 0, bytes: 0 }, chain('Base'))).to.be.closeTo((least / 1e18) * 3_000, 1e-12)
  })

  it("contain Arbitrum's", () => {
    const wei = 1_000 * 16 * 0.0625e9
    expect(Costs.cost({ gas: 0, bytes: 880 }, chain('Arbitrum One'))).to.be.closeTo((wei / 1e18) * 3_000, 1e-12)
  })
})
