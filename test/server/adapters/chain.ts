import * as Bytes from '@laurel/core/Bytes'
import type * as Errors from '@laurel/core/Errors'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import * as IssuerDirectory from '@laurel/core/generated/IssuerDirectory'
import * as Directory from '@laurel/core/IssuerDirectory'
import { expect } from 'chai'
import { encodeFunctionData, keccak256 } from 'viem'
import { privateKeyToAccount, sign } from 'viem/accounts'
import { open } from '../../../server/src/adapters/chain/open.ts'
import { contracts } from '../../../server/src/deployment/Contracts.ts'
import { type Chain, RevertedError } from '../../../server/src/ports/Chain.ts'
import type { ChainSigner } from '../../../server/src/ports/ChainSigner.ts'
import * as Transactions from '../../../server/src/transactions/Transactions.ts'

/** A node to run the contract of the port against, with a way to ask it directly. */
export type Node = {
  readonly url: string
  readonly rpc: (method: string, ...params: readonly unknown[]) => Promise<unknown>
}

/** An account: a new one on each call, unless its secret is named. */
export function createSigner(privateKey: Bytes.Hex = anyRoot()): ChainSigner {
  const { address, publicKey } = privateKeyToAccount(privateKey)
  const point = Bytes.fromHex(publicKey)
  return {
    address: address.toLowerCase() as Bytes.Hex,
    x: point.slice(1, 33),
    y: point.slice(33),
    signDigest: async (digest) => {
      const { r, s, yParity } = await sign({ hash: Bytes.toHex(digest), privateKey })
      return { r, s, yParity: yParity === 0 ? 0 : 1 }
    },
  }
}

export function anyRoot(): Bytes.Hex {
  return Bytes.toHex(crypto.getRandomValues(new Uint8Array(32)))
}

/** The code of the error with which a promise is rejected. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return (error as Errors.BaseError).code
  }
  return 'nothing'
}

/** What every chain promises to the pipeline: see `ports/Chain.ts`. */
export function shouldBehaveLikeChain(start: () => Promise<Node>): void {
  let node: Node
  let chain: Chain
  let signer: ChainSigner
  const reopen = (confirmations?: number) =>
    open({ url: node.url, chainId: undefined, confirmations, embedded: false, account: signer.address })
  before(async () => {
    node = await start()
  })
  beforeEach(async () => {
    signer = createSigner()
    chain = await reopen()
  })

  const anchor = async (root: Bytes.Hex, nonce: number) =>
    Transactions.sign({
      chainId: chain.chainId,
      signer,
      nonce,
      call: Transactions.anchoring(chain.registry, [root]),
      fees: await chain.fees(),
    })

  /** Sends, and waits for the block: anvil answers before it has made one. */
  const mine = async ({ raw, hash }: Transactions.Transaction) => {
    await chain.send(raw)
    for (;;) {
      const receipt = await chain.receipt(hash)
      if (receipt !== null) return receipt
    }
  }

  it('has the registry at its address, with its code', async () => {
    expect(chain.registry).to.equal(AnchorRegistry.address)
    const code = (await node.rpc('eth_getCode', chain.registry, 'latest')) as Bytes.Hex
    expect(keccak256(code)).to.equal(AnchorRegistry.runtimeCodeHash)
  })

  it('is for tests, and one block is final', () => {
    expect(chain).to.include({ chainId: 31337, test: true, confirmations: 1 })
  })

  it('has paid the account that anchors, once', async () => {
    const before = await chain.balance(signer.address)
    expect(before >= 10n ** 18n).to.equal(true)
    await reopen()
    expect(await chain.balance(signer.address)).to.equal(before)
  })

  it('anchors a root, and knows since when', async () => {
    const root = anyRoot()
    const { number } = await chain.head()
    expect(await chain.anchoredAt(signer.address, root)).to.equal(null)
    const { raw, hash } = await anchor(root, 0)
    expect(await chain.transaction(hash)).to.equal(false)
    expect(await chain.receipt(hash)).to.equal(null)
    const receipt = await mine({ raw, hash })
    const head = await chain.head()
    expect(receipt).to.deep.include({ succeeded: true, blockHash: head.hash, blockNumber: head.number })
    expect(Number(receipt.gasUsed)).to.be.below(46_000)
    expect(await chain.transaction(hash)).to.equal(true)
    expect(await chain.anchoredAt(signer.address, root)).to.deep.equal({ time: head.time, block: head.number })
    expect(await chain.anchoredAt(signer.address, root, head.number)).to.deep.equal({
      time: head.time,
      block: head.number,
    })
    expect(await chain.anchoredAt(signer.address, root, number)).to.equal(null)
    expect(await chain.anchoredAt(createSigner().address, root)).to.equal(null)
  })

  it('says what the registry says of itself', async () => {
    const root = anyRoot()
    await mine(await anchor(root, 0))
    const selector = keccak256(Bytes.toHex(Bytes.fromUtf8('anchoredAt(address,bytes32)'))).slice(0, 10)
    const data = `${selector}${signer.address.slice(2).padStart(64, '0')}${root.slice(2)}`
    const answer = (await node.rpc('eth_call', { to: chain.registry, data }, 'latest')) as string
    const known = await chain.anchoredAt(signer.address, root)
    expect(BigInt(answer.slice(0, 66))).to.equal(BigInt(known?.time ?? 0))
    expect(BigInt(`0x${answer.slice(66, 130)}`)).to.equal(known?.block)
  })

  it('takes the same bytes again, once they are in a block', async () => {
    const { raw, hash } = await anchor(anyRoot(), 0)
    const before = await mine({ raw, hash })
    await chain.send(raw)
    expect(await chain.receipt(hash)).to.deep.equal(before)
    expect(await chain.nonce(signer.address)).to.equal(1)
  })

  it('takes the same bytes again while they wait', async () => {
    await node.rpc('evm_setAutomine', false)
    try {
      const { raw, hash } = await anchor(anyRoot(), 0)
      await chain.send(raw)
      await chain.send(raw)
      expect(await chain.transaction(hash)).to.equal(true)
      expect(await chain.receipt(hash)).to.equal(null)
      expect(await chain.nonce(signer.address)).to.equal(0)
      await node.rpc('evm_mine')
      expect((await mine({ raw, hash })).succeeded).to.equal(true)
    } finally {
      await node.rpc('evm_setAutomine', true)
    }
  })

  it('shows a transaction that was reverted, for an account anchors a root once only', async () => {
    const root = anyRoot()
    await mine(await anchor(root, 0))
    const first = await chain.anchoredAt(signer.address, root)
    const again = await anchor(root, 1)
    expect((await mine(again)).succeeded).to.equal(false)
    expect(await chain.anchoredAt(signer.address, root)).to.deep.equal(first)
  })

  it('says which chain it is, which block has which number, and what is final', async () => {
    const head = await chain.head()
    const { hash } = (await node.rpc('eth_getBlockByNumber', '0x0', false)) as { hash: string }
    expect(await chain.identify()).to.deep.equal({ chainId: 31337, genesis: hash })
    expect(await chain.blockHash(head.number)).to.equal(head.hash)
    expect(await chain.blockHash(head.number + 1_000n)).to.equal(null)
    expect(await chain.final(head)).to.equal(head.number)
  })

  it('knows which transaction has anchored a root, and what it has cost', async () => {
    const root = anyRoot()
    const { raw, hash } = await anchor(root, 0)
    const before = await chain.balance(signer.address)
    const { blockNumber, gasUsed, gasPrice } = await mine({ raw, hash })
    expect(await chain.anchoredBy(signer.address, root, blockNumber)).to.equal(hash)
    expect(await chain.anchoredBy(signer.address, anyRoot(), blockNumber)).to.equal(null)
    expect(before - (await chain.balance(signer.address))).to.equal(gasUsed * gasPrice)
  })

  it('counts the transactions of an account up to a block', async () => {
    await mine(await anchor(anyRoot(), 0))
    const { number } = await chain.head()
    await mine(await anchor(anyRoot(), 1))
    expect(await chain.nonce(signer.address, number)).to.equal(1)
    expect(await chain.nonce(signer.address)).to.equal(2)
  })

  it('is silent where another transaction has used the nonce: the registry is what counts', async () => {
    await mine(await anchor(anyRoot(), 0))
    const late = await anchor(anyRoot(), 0)
    await chain.send(late.raw)
    expect(await chain.transaction(late.hash)).to.equal(false)
  })

  it('makes the blocks that somebody waits for', async () => {
    const deep = await reopen(3)
    const { number } = await deep.head()
    expect((await deep.head()).number).to.equal(number + 1n)
    expect(deep.confirmations).to.equal(3)
  })

  describe('when a contract is called', () => {
    const nobody = `0x${'00'.repeat(20)}` as const
    const issuerOf = (account: string) => ask('issuerOf(address)', account.slice(2).padStart(64, '0'))
    const ask = (signature: string, ...words: readonly string[]) =>
      `${keccak256(Bytes.toHex(Bytes.fromUtf8(signature))).slice(0, 10)}${words.join('')}` as Bytes.Hex
    const reverted = async (promise: Promise<unknown>) => {
      const error = await promise.then(
        () => expect.fail('was not refused'),
        (reason) => reason,
      )
      expect(error).to.be.instanceOf(RevertedError)
      return (error as RevertedError).facts
    }
    const directory = IssuerDirectory.address

    it('has every contract at its address', async () => {
      for (const contract of contracts)
        expect(keccak256(await chain.code(contract.address))).to.equal(contract.runtimeCodeHash)
      expect(await chain.code(signer.address)).to.equal('0x')
    })

    it('answers what the contract answers, without changing anything', async () => {
      const { number } = await chain.head()
      expect(await chain.call({ to: directory, data: issuerOf(signer.address) })).to.equal(`0x${'00'.repeat(32)}`)
      expect((await chain.head()).number).to.equal(number)
    })

    it('is called by whoever is named', async () => {
      const zero = `0x${'00'.repeat(32)}` as const
      const args = [zero, 'did:example:1', zero] as const
      const data = encodeFunctionData({ abi: IssuerDirectory.abi, functionName: 'register', args })
      const answer = await chain.call({ from: signer.address, to: directory, data })
      const id = Directory.issuerId(31337, signer.address, new Uint8Array(32))
      expect(answer).to.equal(Bytes.toHex(id))
    })

    it('hands on the contract’s own word for a refusal', async () => {
      // Nobody has registered it, so that nobody is its controller.
      const data = ask('addKey(bytes32,bytes32)', '11'.repeat(32), '22'.repeat(32))
      const reason = ask('IssuerDirectory_NotController(bytes32,address)')
      for (const asked of [
        () => chain.call({ from: signer.address, to: directory, data }),
        () => chain.estimate({ from: signer.address, to: directory, data }),
      ])
        expect(await reverted(asked())).to.deep.equal({ to: directory, reason })
    })

    it('hands on that the contract has no word for it', async () => {
      // The registry of anchors refuses calldata of any other length without a reason.
      for (const asked of [
        () => chain.call({ from: signer.address, to: chain.registry, data: '0x01' }),
        () => chain.estimate({ from: signer.address, to: chain.registry, data: '0x01' }),
      ])
        expect((await reverted(asked())).to).to.equal(chain.registry)
    })

    it('answers nothing where nobody is', async () => {
      expect(await chain.call({ to: nobody, data: '0x01' })).to.equal('0x')
    })

    it('estimates what is used then', async () => {
      const root = anyRoot()
      const estimate = await chain.estimate({ from: signer.address, to: chain.registry, data: root })
      const { gasUsed } = await mine(await anchor(root, 0))
      expect(Number(estimate)).to.be.within(Number(gasUsed), Number(gasUsed) * 1.25)
    })
  })
}
