import { expect } from 'chai'
import { Contract } from 'ethers'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Commitment from '../../core/src/Commitment.ts'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as Tree from '../../core/src/Tree.ts'
import * as Support from './support.ts'

const anyDigest = fc.uint8Array({ minLength: 32, maxLength: 32 })

const anyBatch = fc.record({
  credentials: fc.array(fc.tuple(anyDigest, anyDigest), { minLength: 1, maxLength: 70 }),
  ticketRoot: anyDigest,
  manifestDigest: anyDigest,
})

const abi = [
  'function leafOf(bytes32 documentDigest, bytes32 blind) view returns (bytes32)',
  'function rootOf(bytes32[] documentDigests, bytes32[] blinds, bytes32 ticketRoot, bytes32 manifestDigest) view returns (bytes32)',
]

/** Computes leaves and roots of random batches in Solidity and in core: they have to be the same, in every case. */
export async function compareWithSolidity(cases: number): Promise<void> {
  const chain = await Support.chain()
  try {
    const [account] = await chain.ethers.getSigners()
    const { initCode } = await Support.compile('default', 'Commitments', 'test/contracts')
    const receipt = await (await account?.sendTransaction({ data: initCode }))?.wait()
    const solidity = new Contract(receipt?.contractAddress ?? '', abi, chain.ethers.provider)
    let count = 0
    const property = fc.asyncProperty(anyBatch, async ({ credentials, ticketRoot, manifestDigest }) => {
      const leaves = credentials.map(([digest, blind]) => Commitment.leaf(digest, blind))
      const at = count % credentials.length
      const [digests, blinds] = [0, 1].map((i) => credentials.map((each) => Bytes.toHex(each[i] as Uint8Array)))
      expect(await solidity.getFunction('leafOf')(digests?.[at], blinds?.[at])).to.equal(
        Bytes.toHex(leaves[at] as Uint8Array),
      )
      const tree = Tree.build(leaves)
      const root = Commitment.root(Tree.root(tree), ticketRoot, manifestDigest)
      const args = [digests, blinds, Bytes.toHex(ticketRoot), Bytes.toHex(manifestDigest)]
      expect(await solidity.getFunction('rootOf')(...args)).to.equal(Bytes.toHex(root))
      // The path that a credential carries leads there from its digest.
      const path: InclusionProof.Path = [
        { side: 'right', hash: credentials[at]?.[1] as Uint8Array },
        ...Tree.path(tree, at),
        { side: 'right', hash: ticketRoot },
        { side: 'right', hash: manifestDigest },
      ]
      expect(InclusionProof.fold(credentials[at]?.[0] as Uint8Array, path)).to.deep.equal(root)
      count++
    })
    await fc.assert(property, { numRuns: cases, seed: 1, endOnFailure: true })
    expect(count).to.equal(cases)
  } finally {
    await chain.close()
  }
}
