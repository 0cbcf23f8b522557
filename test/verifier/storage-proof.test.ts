import * as AnchorSlot from '@laurel/core/AnchorSlot'
import * as BlockHeader from '@laurel/core/BlockHeader'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Rlp from '@laurel/core/Rlp'
import * as StorageProof from '@laurel/core/StorageProof'
import { expect } from 'chai'
import { encodeAbiParameters, keccak256 } from 'viem'
import * as Chain from '../support/Chain.ts'

const address = `0x${'aa'.repeat(20)}` as const
const nobody = `0x${'bb'.repeat(20)}` as const
const slot = (i: number) => `0x${(i + 1).toString(16).padStart(64, '0')}` as const
const absent = `0x${'cc'.repeat(32)}` as const
const size = 300

for (const [name, start] of [
  ['anvil', Chain.start],
  ['the node of Hardhat', Chain.startHardhat],
] as const)
  describe(`Storage proofs of ${name}`, function () {
    this.timeout(60_000)
    let chain: Chain.Chain
    let headers: readonly Uint8Array[]

    before(async () => {
      chain = await start()
      const { rpc } = chain
      await rpc('hardhat_setCode', address, '0x00')
      for (let i = 0; i < size; i++)
        await rpc('hardhat_setStorageAt', address, slot(i), `0x${(i + 1).toString(16).padStart(64, '0')}`)
      await rpc('evm_mine')
      await rpc('evm_mine')
      headers = await Promise.all(['0x1', '0x2'].map(header))
    })
    after(() => chain.stop())

    const header = async (number: string) =>
      BlockHeader.fromJsonRpc((await chain.rpc('eth_getBlockByNumber', number, false)) as Record<string, unknown>)
    const prove = async (which: Bytes.Hex, of: Bytes.Hex = address): Promise<StorageProof.StorageProof> => {
      const answer = (await chain.rpc('eth_getProof', of, [which], '0x1')) as {
        readonly accountProof: readonly string[]
        readonly storageProof: readonly { readonly proof: readonly string[] }[]
      }
      const bytes = (nodes: readonly string[] = []) => nodes.map((node) => Bytes.fromHex(node))
      return {
        headers: headers.slice(0, 1),
        account: bytes(answer.accountProof),
        storage: bytes(answer.storageProof[0]?.proof),
      }
    }
    /** What a changed proof shows; an error's code where it shows nothing. */
    const show = (proof: StorageProof.StorageProof, which: Bytes.Hex = slot(7)) => {
      try {
        return StorageProof.read(proof, address, which)
      } catch (error) {
        if (error instanceof Errors.BaseError) return error.code
        throw error
      }
    }

    it('begin with a header that hashes to its block', async () => {
      const { hash, timestamp } = (await chain.rpc('eth_getBlockByNumber', '0x1', false)) as Record<string, string>
      const read = BlockHeader.parse(headers[0] ?? new Uint8Array())
      expect(Bytes.toHex(read.hash)).to.equal(hash)
      expect(read).to.include({ number: 1n, time: Number(timestamp) })
    })

    it('show what is stored, in every slot', async () => {
      for (let i = 0; i < size; i += 13) {
        const shown = StorageProof.read(await prove(slot(i)), address, slot(i))
        expect(shown).to.include({ hasCode: true, word: BigInt(i + 1) })
      }
    })

    it('show that nothing is stored, or that there is no contract', async () => {
      expect(StorageProof.read(await prove(absent), address, absent)).to.include({ hasCode: true, word: 0n })
      const none = { ...(await prove(absent, nobody)), storage: [] }
      expect(StorageProof.read(none, nobody, absent)).to.include({ hasCode: false, word: 0n })
    })

    it('lead to a later block by the headers between', async () => {
      const proof = await prove(slot(7))
      const shown = StorageProof.read({ ...proof, headers }, address, slot(7))
      expect(shown.trusted).to.deep.equal(BlockHeader.parse(headers[1] as Uint8Array).hash)
      expect(shown.word).to.equal(8n)
      expect(show({ ...proof, headers: headers.toReversed() })).to.be.a('string')
      expect(show({ ...proof, headers: [headers[0] as Uint8Array, headers[0] as Uint8Array] })).to.equal(
        'STORAGE_PROOF_INVALID',
      )
    })

    it('show nothing when any byte of a node is another', async () => {
      const proof = await prove(slot(7))
      let mutants = 0
      for (const part of ['account', 'storage'] as const)
        for (const [i, node] of proof[part].entries())
          for (let at = 0; at < node.length; at += 3) {
            const changed = node.slice()
            changed[at] = (changed[at] as number) ^ 0x01
            expect(show({ ...proof, [part]: proof[part].with(i, changed) })).to.be.a('string')
            mutants++
          }
      expect(mutants).to.be.greaterThan(300)
    })

    it('lead to no trusted block when any byte of the header is another', async () => {
      const proof = await prove(slot(7))
      const [first = new Uint8Array()] = headers
      const { hash } = BlockHeader.parse(first)
      for (let at = 0; at < first.length; at++) {
        const changed = first.slice()
        changed[at] = (changed[at] as number) ^ 0x01
        const shown = show({ ...proof, headers: [changed] })
        if (typeof shown !== 'string') expect(Bytes.equals(shown.trusted, hash)).to.equal(false)
      }
    })

    it('show nothing when nodes are missing, too many, out of order or of another slot', async () => {
      const proof = await prove(slot(7))
      const other = await prove(slot(8))
      for (const part of ['account', 'storage'] as const) {
        const nodes = proof[part]
        const last = nodes.at(-1) ?? new Uint8Array()
        for (const changed of [[], nodes.slice(0, -1), nodes.slice(1), [...nodes, last], nodes.toReversed()])
          expect(show({ ...proof, [part]: changed }), part).to.be.a('string')
      }
      expect(show({ ...proof, storage: other.storage })).to.be.a('string')
      expect(show({ ...proof, account: proof.storage, storage: proof.account })).to.be.a('string')
      expect(show({ ...proof, headers: [] })).to.equal('STORAGE_PROOF_INVALID')
    })

    it('show no other word by the same nodes under another slot', async () => {
      const proof = await prove(slot(7))
      for (let i = 0; i < 40; i++) {
        if (i === 7) continue
        const shown = show(proof, slot(i))
        expect(shown).to.be.a('string')
      }
    })

    it('show nothing when a node is encoded in a longer way', async () => {
      const proof = await prove(slot(7))
      const [root = new Uint8Array()] = proof.account
      const items = Rlp.decode(root)
      expect(Rlp.encode(items)).to.deep.equal(root)
      const longer = Bytes.concat(Uint8Array.of(0xfa, 0), root.subarray(1))
      expect(show({ ...proof, account: proof.account.with(0, longer) })).to.be.a('string')
    })
  })

describe('AnchorSlot', () => {
  it('is where Solidity keeps it', () => {
    const root = `0x${'12'.repeat(32)}` as const
    const expected = keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [address, root]))
    expect(AnchorSlot.of(address, root)).to.equal(expected)
  })

  it('reads time and block', () => {
    expect(AnchorSlot.read(0n)).to.equal(undefined)
    expect(AnchorSlot.read((5n << 64n) | 7n)).to.deep.equal({ time: 7, block: 5n })
  })
})
