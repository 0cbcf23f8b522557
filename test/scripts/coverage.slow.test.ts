import { expect } from 'chai'
import hre from 'hardhat'
import solc from 'solc'
import { type Abi, decodeFunctionResult, encodeAbiParameters, encodeFunctionData, type Hex } from 'viem'
import * as Instrument from '../../scripts/coverage/Instrument.ts'
import * as Report from '../../scripts/coverage/Report.ts'
import * as Source from '../../scripts/solidity/Source.ts'

// Every construct that is instrumented, and a word in a comment that is longer in bytes than in characters: n × 32.
const sample = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

contract Sample {
    uint256 public total;

    constructor(uint256 start) {
        total = start;
    }

    modifier positive(uint256 x) {
        if (x == 0) revert();
        _;
    }

    receive() external payable {}

    function nothing() external {}

    function choose(uint256 x) external pure returns (uint256) {
        if (x > 10) return 1;
        else if (x > 5) {
            return 2;
        } // not x > 5
        return x == 3 ? 3 : 4;
    }

    function both(bool a, bool b) external pure returns (bool) {
        return (a && b) || !a;
    }

    function loops(uint256 n) external pure returns (uint256 sum) {
        for (uint256 i = 0; i < n; ++i) {
            if (i == 3) continue;
            if (i == 5) break;
            unchecked {
                sum += 10 * i;
            }
        }
        while (sum > 60) sum -= 50;
        do {
            ++sum;
        } while (sum < 3);
        while (true) return sum;
    }

    function demand(uint256 x) external positive(x) {
        require(x < 100, "large");
        total += x;
    }

    function attempt(Sample other, uint256 x) external returns (uint256) {
        try other.demand(x) {
            return 7;
        } catch {}
        return 9;
    }

    function yul(uint256 x) external view returns (uint256 y) {
        assembly ("memory-safe") {
            mstore(0, 5)
            if gt(x, 10) { y := 1 }
            switch x
            case 1 { y := 10 }
            case 2 { y := add(y, mload(0)) }
            for { let i := 0 } lt(i, x) { i := add(i, 1) } {
                if eq(i, 4) { break }
                y := add(y, 1)
            }
            function twice(a) -> b { b := mul(2, a) }
            if y { y := twice(y) }
        }
    }

    function yulPure(uint256 x) external pure returns (uint256 y) {
        assembly ("memory-safe") {
            if x { y := 1 }
        }
    }
}
`

type Call = readonly [name: string, ...args: readonly unknown[]]
const calls: readonly Call[] = [
  ['nothing'],
  ...[1, 3, 6, 11].map((x): Call => ['choose', x]),
  ...[true, false].flatMap((a) => [true, false].map((b): Call => ['both', a, b])),
  ...[0, 4, 9].map((n): Call => ['loops', n]),
  ...[0, 1, 100].map((x): Call => ['demand', x]),
  ...[0, 1].map((x): Call => ['attempt', 'self', x]),
  ...[0, 1, 2, 11].map((x): Call => ['yul', x]),
  ...[0, 1].map((x): Call => ['yulPure', x]),
]

function compile(text: string, viaIR: boolean): { readonly abi: Abi; readonly initCode: Hex } {
  const input = {
    language: 'Solidity',
    sources: { 'contracts/Sample.sol': { content: text }, [Instrument.libraryPath]: { content: Instrument.library } },
    settings: {
      viaIR,
      evmVersion: 'cancun',
      optimizer: { enabled: true },
      outputSelection: { '*': { '*': ['abi', 'evm.bytecode.object'] } },
    },
  }
  const { errors, contracts } = JSON.parse(solc.compile(JSON.stringify(input)))
  const failed = errors?.filter(({ severity }: { readonly severity: string }) => severity === 'error') ?? []
  expect(failed).to.deep.equal([])
  const { abi, evm } = contracts['contracts/Sample.sol'].Sample
  return { abi, initCode: `0x${evm.bytecode.object}` }
}

describe('coverage of contracts', function () {
  this.timeout(60_000)
  const source = Source.parse('contracts/Sample.sol', sample)
  const { text, points } = Instrument.instrument(source)
  const reached = new Set<string>()
  const handlers = {
    onCoverageData: async (_context: unknown, tags: readonly string[]) => {
      for (const tag of tags) reached.add(tag)
    },
  }

  before(() => hre.hooks.registerHandlers('network', handlers))
  after(() => hre.hooks.unregisterHandlers('network', handlers))
  beforeEach(() => reached.clear())

  /** What the contract answers and how it fails, call by call. */
  async function run(code: string, viaIR: boolean, some: readonly Call[]): Promise<readonly unknown[]> {
    const { abi, initCode } = compile(code, viaIR)
    const { provider, close } = await hre.network.create({ network: 'default', chainType: 'l1' })
    const request = (method: string, ...params: unknown[]) => provider.request({ method, params }) as Promise<unknown>
    try {
      const [from] = (await request('eth_accounts')) as readonly Hex[]
      const transact = async (transaction: object) => {
        const hash = await request('eth_sendTransaction', { from, ...transaction })
        return (await request('eth_getTransactionReceipt', hash)) as { readonly contractAddress: Hex }
      }
      const start = encodeAbiParameters([{ type: 'uint256' }], [5n]).slice(2)
      const { contractAddress: to } = await transact({ data: `${initCode}${start}` })
      await transact({ to, value: '0x1' })
      const answers: unknown[] = []
      for (const [functionName, ...args] of some) {
        const resolved = args.map((each) => (each === 'self' ? to : each))
        const data = encodeFunctionData({ abi, functionName, args: resolved })
        try {
          const answer = (await request('eth_call', { from, to, data }, 'latest')) as Hex
          answers.push(decodeFunctionResult({ abi, functionName, data: answer }))
        } catch (error) {
          answers.push((error as { readonly data?: unknown }).data)
        }
      }
      return answers
    } finally {
      await close()
    }
  }

  for (const viaIR of [false, true]) {
    it(`changes nothing of what a contract does, ${viaIR ? 'via IR' : 'in the legacy pipeline'}`, async () => {
      const original = await run(sample, viaIR, calls)
      expect(original).to.have.length(calls.length)
      expect(await run(text, viaIR, calls)).to.deep.equal(original)
    })
  }

  it('sees all that is reached', async () => {
    await run(text, false, calls)
    expect(Report.create(points, reached, []).problems).to.deep.equal([])
  })

  for (const [missing, problems] of [
    [['nothing'], ['is never reached: function nothing() external {}']],
    [['choose', 3], ['is never true: x == 3']],
    [
      ['choose', 6],
      ['is never true: x > 5', 'is never reached: return 2;'],
    ],
    [
      ['both', true, false],
      ['is never false: b', 'is never false: !a'],
    ],
    [['demand', 100], ['is never false: x < 100']],
    [['yul', 2], ['is never taken: case 2 { y := add(y, mload(0)) }']],
    [['yul', 0], ['is never false: y']],
  ] as const) {
    it(`misses ${missing.join(' ')} where no test calls it`, async () => {
      const others = calls.filter((call) => JSON.stringify(call) !== JSON.stringify(missing))
      expect(others).to.have.length(calls.length - 1)
      await run(text, false, others)
      const found = Report.create(points, reached, []).problems
      expect(found.map((each) => each.replace(/^contracts\/Sample.sol:\d+ /, ''))).to.have.members([...problems])
    })
  }
})

describe('report of coverage', () => {
  const at = { path: 'contracts/A.sol', line: 3 } as const
  const points: readonly Instrument.Point[] = [
    { ...at, kind: 'statement', code: 'if (a) b();', tag: '1' },
    { ...at, kind: 'true', code: 'a', tag: '2' },
    { ...at, kind: 'false', code: 'a', tag: '3' },
    { ...at, kind: 'statement', code: 'if (a) b();', tag: '4' },
  ]
  const {
    tag: _,
    line: __,
    ...exception
  } = { ...points[2], why: 'a is never false on a chain' } as Instrument.Point & {
    readonly why: string
  }

  it('is content where everything is reached', () => {
    const report = Report.create(points, new Set(['1', '2', '3', '4']), [])
    expect(report.problems).to.deep.equal([])
    expect(Report.render(report)).to.equal('contracts/A.sol  lines 1 of 1  branches 2 of 2')
    expect(report.files[0]?.lcov.split('\n')).to.deep.equal([
      'SF:contracts/A.sol',
      'DA:3,1',
      'BRDA:3,0,0,1',
      'BRDA:3,0,1,1',
      'end_of_record',
    ])
  })

  it('counts a line whose body is not reached as not reached', () => {
    const { files, problems } = Report.create(points, new Set(['1', '3']), [])
    expect(files[0]?.lines).to.deep.equal({ reached: 0, of: 1 })
    expect(problems).to.deep.equal([
      'contracts/A.sol:3 is never true: a',
      'contracts/A.sol:3 is never reached: if (a) b();',
    ])
  })

  it('takes an exception that is explained, and refuses one that nothing needs', () => {
    const most = new Set(['1', '2', '4'])
    expect(Report.create(points, most, []).problems).to.deep.equal(['contracts/A.sol:3 is never false: a'])
    expect(Report.create(points, most, [exception]).problems).to.deep.equal([])
    expect(Report.create(points, new Set([...most, '3']), [exception]).problems).to.deep.equal([
      'contracts/A.sol: no exception is needed any more for false: a',
    ])
  })
})
