import type { Trust } from '@laurel/verifier'
import * as EvmTransactionReader from '@laurel/verifier/readers/EvmTransactionReader'
import { expect } from 'chai'
import * as Chain from '../../support/Chain.ts'
import { until } from '../../support/until.ts'
import { batchOf, hex, issueSecond, judge, known, profile, second } from './Issuer.ts'

type Answer = Readonly<Record<string, unknown>> | null

/** An endpoint that answers as told, call by call. */
function endpoint(answers: Readonly<Record<string, unknown>>): (body: string) => string {
  return (body) => {
    const calls: readonly { readonly id: number; readonly method: string }[] = JSON.parse(body)
    return JSON.stringify(calls.map(({ id, method }) => ({ jsonrpc: '2.0', id, result: answers[method] ?? null })))
  }
}

const hash = `0x${'1'.repeat(64)}` as const
const blockHash = `0x${'2'.repeat(64)}`
const transaction: Answer = {
  ...{ hash, blockHash, blockNumber: '0xa', from: `0x${'0A'.repeat(20)}`, input: `0x${'03'.repeat(32)}` },
}
const honest = {
  eth_chainId: '0x1',
  eth_blockNumber: '0x14',
  eth_getTransactionByHash: transaction,
  eth_getTransactionReceipt: { transactionHash: hash, blockHash, status: '0x1' },
  eth_getBlockByHash: { hash: blockHash, number: '0xa', timestamp: '0x65' },
}
const found = {
  kind: 'final',
  from: `0x${'0a'.repeat(20)}`,
  input: `0x${'03'.repeat(32)}`,
  succeeded: true,
  time: 101,
}

const chain: Trust['chains'][number] = {
  ...{ chainId: 1, name: 'a chain', rpc: [], quorum: 1, confirmations: 11, test: false },
  registry: `0x${'0'.repeat(40)}`,
}

/** Asks endpoints that answer so; `undefined` is one that cannot be reached. */
async function ask(
  endpoints: readonly (Readonly<Record<string, unknown>> | undefined)[],
  change: Partial<typeof chain> = {},
) {
  const rpc = endpoints.map((_, i) => `https://rpc${i}.example.org`)
  let asked = 0
  const fetch: typeof globalThis.fetch = async (url, options) => {
    asked++
    const answers = endpoints[rpc.indexOf(String(url))]
    if (answers === undefined) throw new TypeError('Nobody is there')
    return new Response(endpoint(answers)(String(options?.body)))
  }
  const read = EvmTransactionReader.create(fetch)
  const answer = await read({ ...chain, rpc, ...change }, hash)
  const before = asked
  await read({ ...chain, rpc, ...change }, hash)
  return { answer, isRemembered: asked === before }
}

describe('The reader of transactions', () => {
  it('reads one that is final, and remembers it', async () => {
    expect(await ask([honest])).to.deep.equal({ answer: found, isRemembered: true })
    expect((await ask([honest, honest, honest], { quorum: 3 })).answer).to.deep.equal(found)
  })

  const other = (change: object) => ({ ...honest, ...change })
  const cases: Readonly<
    Record<string, readonly [kind: string, endpoints: Parameters<typeof ask>[0], change?: object]>
  > = {
    'is younger than final': ['recent', [honest], { confirmations: 12 }],
    'is final for one endpoint only': ['recent', [honest, other({ eth_blockNumber: '0xb' })]],
    'nobody knows': ['absent', [other({ eth_getTransactionByHash: null, eth_getTransactionReceipt: null })]],
    'is still waiting': [
      'absent',
      [other({ eth_getTransactionByHash: { ...transaction, blockHash: null }, eth_getTransactionReceipt: null })],
    ],
    'one of two does not know': [
      'disagreement',
      [honest, other({ eth_getTransactionByHash: null, eth_getTransactionReceipt: null })],
    ],
    'one of two says to be somebody else’s': [
      'disagreement',
      [honest, other({ eth_getTransactionByHash: { ...transaction, from: `0x${'0b'.repeat(20)}` } })],
    ],
    'one of two says to have failed': [
      'disagreement',
      [honest, other({ eth_getTransactionReceipt: { transactionHash: hash, blockHash, status: '0x0' } })],
    ],
    'one of two dates otherwise': [
      'disagreement',
      [honest, other({ eth_getBlockByHash: { hash: blockHash, number: '0xa', timestamp: '0x66' } })],
    ],
    'is of another chain': ['other-chain', [other({ eth_chainId: '0x2' })]],
    'one of two has from another chain': ['disagreement', [honest, other({ eth_chainId: '0x2' })]],
    'too few know': ['unreachable', [honest, undefined], { quorum: 2 }],
    'nobody can be asked about': ['unreachable', [undefined]],
    'there is nobody to ask about': ['unreachable', []],
    'the trust wants to see proven': ['unproven', [honest], { proof: 'required' }],
    'is another than was asked for': [
      'unreachable',
      [other({ eth_getTransactionByHash: { ...transaction, hash: `0x${'4'.repeat(64)}` } })],
    ],
    'has the receipt of another': [
      'unreachable',
      [other({ eth_getTransactionReceipt: { transactionHash: `0x${'4'.repeat(64)}`, blockHash, status: '0x1' } })],
    ],
    'stands in another block than it says': [
      'unreachable',
      [other({ eth_getBlockByHash: { hash: blockHash, number: '0xb', timestamp: '0x65' } })],
    ],
    'is dated as no calendar does': [
      'unreachable',
      [other({ eth_getBlockByHash: { hash: blockHash, number: '0xa', timestamp: `0x${'f'.repeat(64)}` } })],
    ],
    'has a sender that is none': [
      'unreachable',
      [other({ eth_getTransactionByHash: { ...transaction, from: '0x0' } })],
    ],
    'has no status': ['unreachable', [other({ eth_getTransactionReceipt: { transactionHash: hash, blockHash } })]],
  }
  for (const [what, [kind, endpoints, change]] of Object.entries(cases))
    it(`says ${kind} of one that ${what}, and asks again`, async () => {
      const { answer, isRemembered } = await ask(endpoints, change)
      expect(answer.kind).to.equal(kind)
      expect(isRemembered).to.equal(kind === 'unproven' || endpoints.length === 0)
    })

  describe('on a chain that runs', function () {
    this.timeout(60_000)
    let node: Chain.Chain
    before(async () => {
      node = await Chain.start(11155111)
    })
    after(() => node.stop())

    it('finds what anchors a certificate', async () => {
      const [from] = (await node.rpc('eth_accounts')) as readonly [`0x${string}`]
      const { root } = await batchOf(second)
      const dead = '0xdeaddeaddeaddeaddeaddeaddeaddeaddeaddead'
      const sent = (await node.rpc('eth_sendTransaction', { from, to: dead, data: `0x${hex(root)}` })) as `0x${string}`
      // A node may answer with the hash before it has mined.
      await until(
        () => node.rpc('eth_getTransactionReceipt', sent),
        (receipt) => receipt !== null,
      )
      const read = EvmTransactionReader.create(globalThis.fetch)
      const own = { ...chain, chainId: 11155111, rpc: [node.url] }
      const transaction = await read({ ...own, confirmations: 1 }, sent)
      expect(transaction).to.deep.include({ kind: 'final', from, input: `0x${hex(root)}`, succeeded: true })
      expect((await read({ ...own, confirmations: 3 }, sent)).kind).to.equal('recent')
      expect((await read(own, hash)).kind).to.equal('absent')
      const publicKey = [{ id: `ecdsa-koblitz-pubkey:${from}`, created: '2020-01-01T00:00:00Z' }]
      const { revocationList: _, ...rest } = profile
      const issuers = [{ ...known, profile: { ...rest, publicKey } }]
      expect((await judge(await issueSecond(), { transaction, issuers })).decision).to.equal('accepted ACCEPTED')
    })
  })
})
