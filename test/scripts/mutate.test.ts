import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import * as Mutant from '../../scripts/mutate/Mutant.ts'
import * as Operators from '../../scripts/mutate/Operators.ts'
import * as Trial from '../../scripts/mutate/Trial.ts'
import * as Source from '../../scripts/solidity/Source.ts'

const contract = (body: string) => `// × is longer in bytes than in characters
pragma solidity ^0.8.24;
contract Sample {
    uint256 private _sum;
    event Said(address who, uint256 what);
    modifier guarded() { _; }
    ${body}
}
`

describe('mutation of contracts', () => {
  /** What an operator makes of the body of a contract. */
  const made = (operator: string, body: string) => {
    const source = Source.parse('contracts/Sample.sol', contract(body))
    const [head = '', tail = ''] = contract('\0').split('\0')
    return Operators.changes(source)
      .filter((change) => change.operator === operator)
      .map((change) => Source.edit(source, [change]).slice(head.length, -tail.length))
  }
  const f = (statements: string) => `function f(uint256 a, uint256 b) external { ${statements} }`

  for (const [operator, statements, others] of [
    ['relational', 'if (a < b) _sum = 1;', ['if (a <= b) _sum = 1;', 'if (a >= b) _sum = 1;']],
    ['relational', 'if (a==b) _sum = 1;', ['if (a!=b) _sum = 1;']],
    ['arithmetic', '_sum = a << b;', ['_sum = a >> b;']],
    ['arithmetic', '_sum += a;', ['_sum -= a;']],
    ['logical', 'assert(a > 1 && b > 1);', ['assert(a > 1 || b > 1);', 'assert(a > 1);', 'assert(b > 1);']],
    ['condition', 'if (a == b) _sum = 1;', ['if (true) _sum = 1;', 'if (false) _sum = 1;', 'if (!(a == b)) _sum = 1;']],
    [
      'unary',
      '_sum = ~a; ++_sum; _sum--;',
      ['_sum = a; ++_sum; _sum--;', '_sum = ~a; --_sum; _sum--;', '_sum = ~a; ++_sum; _sum++;'],
    ],
    ['constant', '_sum = 0x10;', ['_sum = 17;', '_sum = 15;']],
    ['constant', '_sum = 0;', ['_sum = 1;']],
    ['delete statement', 'emit Said(msg.sender, a); ', ['{ } ']],
    ['delete statement', 'if (a == b) revert() ;', ['{ }', 'if (a == b) { }']],
    ['delete statement', 'assembly { sstore(a, b) }', ['assembly {  }']],
    ['swap statements', '_sum = a; _sum = b;', ['_sum = b; _sum = a;']],
    ['swap arguments', 'this.f(a, b);', ['this.f(b, a);']],
    ['swap arguments', 'assembly { sstore(a, b) }', ['assembly { sstore(b, a) }']],
    [
      'environment',
      'emit Said(msg.sender, block.timestamp);',
      ['emit Said(tx.origin, block.timestamp);', 'emit Said(msg.sender, block.number);'],
    ],
    ['width', '_sum = uint64(a);', ['_sum = uint56(a);', '_sum = uint72(a);']],
    ['width', '_sum = uint256(a);', ['_sum = uint248(a);']],
    ['assembly', 'assembly { sstore(a, add(a, b)) }', ['assembly { sstore(a, sub(a, b)) }']],
    [
      'assembly condition',
      'assembly { if b { sstore(a, b) } }',
      ['assembly { if iszero(b) { sstore(a, b) } }', 'assembly { if 1 { sstore(a, b) } }'],
    ],
  ] as const) {
    it(`makes of "${statements}" by ${operator} what it should`, () => {
      expect(made(operator, f(statements))).to.have.members(others.map(f))
    })
  }

  it('takes modifiers away, and returns other values', () => {
    expect(made('modifier', 'function g() external guarded { }')).to.deep.equal(['function g() external  { }'])
    const returned = made('return value', 'function g() external returns (bool) { return _sum > 2; }')
    expect(returned).to.include('function g() external returns (bool) { return false; }')
  })

  it('leaves interfaces alone', () => {
    const source = Source.parse('I.sol', 'interface I { function f(uint256[2] calldata a) external; }')
    expect(Operators.changes(source)).to.deep.equal([])
  })

  it('knows around which function a place is', () => {
    const text =
      'contract C { uint256 x = 1; modifier m() { _; } constructor() { x = 2; } function _g() private { x = 3; } }'
    const source = Source.parse('C.sol', text)
    const within = ['x = 1', '_;', 'x = 2', 'x = 3'].map((place) => Source.functionAt(source, text.indexOf(place)))
    expect(within).to.deep.equal(['', 'm', '', '_g'])
  })

  describe('on a disk', () => {
    let root: string
    const write = (path: string, text: string) => {
      mkdirSync(join(root, path, '..'), { recursive: true })
      writeFileSync(join(root, path), text)
    }

    beforeEach(() => {
      root = mkdtempSync(join(tmpdir(), 'laurel-mutants-'))
      write('contracts/Sample.sol', contract(f('_sum = 2 ** 2; emit Said(msg.sender, a);')))
    })
    afterEach(() => rmSync(root, { recursive: true, force: true }))

    const draw = (size: number, seed: string) =>
      [...Mutant.mutants(root, ['contracts/Sample.sol'], { size, seed })].map(({ after }) => after)

    it('yields mutants that compile to code of their own', () => {
      const all = [...Mutant.mutants(root, ['contracts/Sample.sol'])]
      const afters = all.map(({ after }) => after)
      expect(afters).to.include('function f(uint256 a, uint256 b) external { { } emit Said(msg.sender, a); }')
      // The same code as before, and no code at all: two arguments of different types.
      expect(afters).not.to.include(
        'function f(uint256 a, uint256 b) external { _sum = 2 * 2; emit Said(msg.sender, a); }',
      )
      expect(afters.filter((after) => after.includes('Said(a, msg.sender)'))).to.deep.equal([])
      expect(new Set(all.map(({ text }) => text)).size).to.equal(all.length)
      expect(all.every(({ line }) => line === 7)).to.equal(true)
      expect(all.every(({ within }) => within === 'f')).to.equal(true)
    }).timeout(60_000)

    it('yields mutants of a library, which has no code of its own, by the code of those that use it', () => {
      const library = `pragma solidity ^0.8.24;
library Word {
    function twice(uint256 a) internal pure returns (uint256) { return a * 2; }
    function never(uint256 a) internal pure returns (uint256) { return a * 3; }
}
`
      write('contracts/libraries/Word.sol', library)
      const body = 'function f(uint256 a) external { _sum = Word.twice(a); }'
      write('contracts/Book.sol', `import { Word } from "./libraries/Word.sol";\n${contract(body)}`)
      const all = [...Mutant.mutants(root, ['contracts/libraries/Word.sol'])]
      expect(all.map(({ line }) => line)).to.include(3)
      // Nobody uses the other function: no test can meet it.
      expect(all.map(({ line }) => line)).not.to.include(4)
    }).timeout(60_000)

    it('draws the same sample for the same seed', () => {
      expect(draw(3, 'a')).to.have.length(3)
      expect(draw(3, 'a')).to.deep.equal(draw(3, 'a'))
      expect(draw(3, 'a')).not.to.deep.equal(draw(3, 'b'))
    }).timeout(60_000)

    it('finds the tests that are called after a contract or after those that import it', () => {
      write('contracts/libraries/Word.sol', '')
      write('contracts/Book.sol', 'import { Word } from "./libraries/Word.sol";')
      write('contracts/Shelf.sol', 'import { Book } from "./Book.sol";')
      for (const path of ['Sample.test.ts', 'Sample.t.sol', 'Shelf/put.test.ts', 'Bookmark.test.ts']) {
        write(`test/contracts/${path}`, '')
      }
      expect(Trial.testsOf(root, 'contracts/Sample.sol')).to.deep.equal({
        mocha: ['test/contracts/Sample.test.ts'],
        solidity: ['test/contracts/Sample.t.sol'],
      })
      expect(Trial.testsOf(root, 'contracts/libraries/Word.sol').mocha).to.deep.equal([
        'test/contracts/Shelf/put.test.ts',
      ])
      write('contracts/Alone.sol', '')
      expect(Trial.testsOf(root, 'contracts/Alone.sol').mocha).to.have.length(3)
    })
  })
})
