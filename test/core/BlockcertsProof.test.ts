import { expect } from 'chai'
import * as AnchorProof from '../../core/src/AnchorProof.ts'
import * as BlockcertsProof from '../../core/src/BlockcertsProof.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Cbor from '../../core/src/internal/Cbor.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import { failure, hash } from './support.ts'

const [root, documentDigest, left, right, transaction] = [1, 2, 3, 4, 5].map(hash) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
]
const transactionHash = Bytes.toHex(transaction)
const digits = (bytes: Uint8Array) => Bytes.toHex(bytes).slice(2)
const path = [
  { side: 'left', hash: left },
  { side: 'right', hash: right },
] as const
const content = { root, documentDigest, path, anchors: [{ chain: 11155111, transactionHash }] }

describe('BlockcertsProof', () => {
  describe('of version 2', () => {
    const anchor = { sourceId: transactionHash, type: 'ETHData', chain: 'ethereumSepolia' }
    const signature: Json.Object = {
      type: ['MerkleProof2017', 'Extension'],
      merkleRoot: digits(root),
      targetHash: digits(documentDigest),
      proof: [{ left: digits(left) }, { right: digits(right) }],
      anchors: [anchor],
    }

    it('reads a path and an anchor', () => {
      expect(BlockcertsProof.parse2017(signature)).to.deep.equal(content)
      expect(BlockcertsProof.parse2017({ ...signature, proof: null }).path).to.deep.equal([])
      const upper = { ...signature, merkleRoot: digits(root).toUpperCase() }
      expect(BlockcertsProof.parse2017(upper)).to.deep.equal(content)
    })

    for (const [chain, own] of Object.entries({
      ethereumMainnet: 1,
      bitcoinMainnet: 'Bitcoin',
      mockchain: 'a chain that is none',
      constructor: 'a chain that is not known here',
    }))
      it(`knows what ${chain} is`, () => {
        const { anchors } = BlockcertsProof.parse2017({ ...signature, anchors: [{ ...anchor, chain }] })
        expect(anchors).to.deep.equal([{ chain: own, transactionHash }])
      })

    it('takes no name of a chain for Bitcoin where it says so by its kind', () => {
      const chainOf = (type: string) =>
        BlockcertsProof.parse2017({ ...signature, anchors: [{ sourceId: digits(transaction), type }] }).anchors[0]
          ?.chain
      expect(['BTCOpReturn', 'ETHData'].map(chainOf)).to.deep.equal(['Bitcoin', 'a chain that is not known here'])
    })

    const refused: Readonly<Record<string, Json.Object>> = {
      'without a root': { ...signature, merkleRoot: null },
      'with 31 bytes': { ...signature, targetHash: digits(root).slice(2) },
      'with letters that are no digits': { ...signature, targetHash: `${digits(root).slice(1)}g` },
      'with a step to both sides': { ...signature, proof: [{ left: digits(left), right: digits(right) }] },
      'with a step to neither side': { ...signature, proof: [{}] },
      'with more in a step': { ...signature, proof: [{ left: digits(left), x: 1 }] },
      'with a step that is none': { ...signature, proof: [7] },
      'with a path without end': { ...signature, proof: Array(65).fill({ left: digits(left) }) },
      'with a path that is none': { ...signature, proof: {} },
      'without anchors': { ...signature, anchors: null },
      'with anchors without end': { ...signature, anchors: Array(9).fill(anchor) },
      'with an anchor without a transaction': { ...signature, anchors: [{ ...anchor, sourceId: 'block 7' }] },
    }
    for (const [what, value] of Object.entries(refused))
      it(`refuses one ${what}`, () =>
        expect(failure(() => BlockcertsProof.parse2017(value)).code).to.equal('BLOCKCERTS_ENCODING'))
  })

  describe('of version 3', () => {
    const nested = (bytes: Uint8Array) => Bytes.concat(Uint8Array.of(0x58, bytes.length), bytes)
    const text = (value: string) => Bytes.concat(Uint8Array.of(0x78, value.length), Bytes.fromUtf8(value))
    const anchor = (chain: number, network: number, id: Uint8Array): Cbor.Item => [
      [0, chain],
      [1, network],
      [2, id],
    ]
    const write = (change: Partial<Record<0 | 1 | 2 | 3, Cbor.Item>>) => {
      const members: Record<number, Cbor.Item> = {
        0: nested(root),
        1: nested(documentDigest),
        2: [anchor(1, 11155111, nested(transaction))],
        3: [
          [0, nested(left)],
          [1, nested(right)],
        ],
        ...change,
      }
      return Multibase.toBase58(Cbor.encode(Object.entries(members).map(([key, item]) => [Number(key), item])))
    }

    it('reads what we write', () => {
      const own = AnchorProof.encode({ root, documentDigest, path, anchor: { chainId: 11155111, transactionHash } })
      expect(BlockcertsProof.parse2019(own)).to.deep.equal(content)
      expect(BlockcertsProof.parse2019(write({}))).to.deep.equal(content)
    })

    it('reads a transaction that stands there as text', () => {
      for (const id of [transactionHash, digits(transaction)])
        expect(BlockcertsProof.parse2019(write({ 2: [anchor(1, 11155111, text(id))] }))).to.deep.equal(content)
    })

    it('reads anchors on several chains', () => {
      const anchors = [0, 2, 9].map((chain) => anchor(chain, 137, nested(transaction)))
      const chains = BlockcertsProof.parse2019(write({ 2: anchors })).anchors.map(({ chain }) => chain)
      expect(chains).to.deep.equal(['Bitcoin', 137, 'a chain that is not known here'])
    })

    const refused: Readonly<Record<string, Json.Value | undefined>> = {
      'that is missing': undefined,
      'that is no text': 7,
      'of another base': 'f00',
      'that is no CBOR': Multibase.toBase58(Uint8Array.of(0xff)),
      'that is a number': Multibase.toBase58(Cbor.encode(7)),
      'without an end': Multibase.toBase58(Cbor.encode([[0, nested(root)]])),
      'with a member twice': Multibase.toBase58(
        Cbor.encode([
          [0, nested(root)],
          [0, nested(root)],
        ]),
      ),
      'with a hash of 31 bytes': write({ 0: nested(root.subarray(1)) }),
      'with a hash that is not whole': write({ 0: nested(root).subarray(0, 33) }),
      'with a hash that is a number': write({ 0: 7 }),
      'with text that is no hash': write({ 0: text('x'.repeat(64)) }),
      'with a third side': write({ 3: [[2, nested(left)]] }),
      'with a path without end': write({ 3: Array(65).fill([0, nested(left)]) }),
      'with an anchor of no chain': write({ 2: [[[2, nested(transaction)]]] }),
    }
    for (const [what, value] of Object.entries(refused))
      it(`refuses one ${what}`, () =>
        expect(failure(() => BlockcertsProof.parse2019(value)).code).to.equal('BLOCKCERTS_ENCODING'))
  })
})
