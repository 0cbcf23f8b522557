import { expect } from 'chai'
import { type BaseContract, Interface, toBeHex } from 'ethers'
import type * as Support from '../support.ts'

type Signer = Awaited<ReturnType<Support.Chain['ethers']['getSigner']>>

/** What the suite needs of a collection of locked tokens. */
export type Subject = {
  readonly chain: Support.Chain
  readonly collection: BaseContract
  /** Tokens of every kind that the collection has, and their holder, who can send transactions. */
  readonly tokens: readonly bigint[]
  readonly holder: Signer
  readonly stranger: Signer
  /** Who rules over the collection, and may nevertheless not move anything. */
  readonly rulers: readonly Signer[]
  /** An id that no token has ever had, and those of tokens that are gone. */
  readonly absent: readonly bigint[]
  /** The error with which tokens refuse to move, and the one with which operators are refused. */
  readonly errors: { readonly locked: string; readonly operator: string }
}

const erc721 = new Interface([
  'function safeTransferFrom(address from, address to, uint256 tokenId, bytes data) payable',
  'function safeTransferFrom(address from, address to, uint256 tokenId) payable',
  'function transferFrom(address from, address to, uint256 tokenId) payable',
  'function approve(address approved, uint256 tokenId) payable',
  'function setApprovalForAll(address operator, bool approved)',
  'function getApproved(uint256 tokenId) view returns (address)',
  'function isApprovedForAll(address owner, address operator) view returns (bool)',
  'function ownerOf(uint256 tokenId) view returns (address)',
  'function locked(uint256 tokenId) view returns (bool)',
])

const nobody = toBeHex(0, 20)

/** ERC-721 tokens that never leave the wallet that they were made for, and say so by ERC-5192. */
export function shouldBehaveLikeSoulbound(subject: () => Promise<Subject>): void {
  /** That a call fails for everybody, with value and without it, and that nobody has gained anything. */
  const refused = async (name: string, args: (each: Subject, tokenId: bigint) => readonly unknown[]) => {
    const each = await subject()
    const { chain, collection, holder, stranger, rulers, tokens, absent, errors } = each
    const target = await collection.getAddress()
    for (const tokenId of [...tokens, ...absent])
      for (const from of [holder, stranger, ...rulers])
        for (const value of [0n, 1n]) {
          const data = erc721.encodeFunctionData(name, args(each, tokenId))
          const call = chain.ethers.provider.call({ from: from.address, to: target, data, value })
          // What takes no value fails before it looks at the token.
          const isPayable = erc721.getFunction(name)?.payable === true
          if (value !== 0n && !isPayable) await expect(call).to.be.revertedWithoutReason(chain.ethers)
          else
            await expect(call)
              .to.be.revertedWithCustomError(collection, name === 'setApprovalForAll' ? errors.operator : errors.locked)
              .withArgs(name === 'setApprovalForAll' ? stranger.address : tokenId)
        }
    for (const tokenId of tokens) expect(await ask(each, 'ownerOf', tokenId)).to.equal(holder.address)
    expect(await chain.ethers.provider.getBalance(target)).to.equal(0n)
  }

  const ask = async ({ chain, collection }: Subject, name: string, ...args: readonly unknown[]) => {
    const to = await collection.getAddress()
    const answer = await chain.ethers.provider.call({ to, data: erc721.encodeFunctionData(name, args) })
    return erc721.decodeFunctionResult(name, answer)[0]
  }

  const unknown = async (name: string) => {
    const each = await subject()
    for (const tokenId of each.absent)
      await expect(ask(each, name, tokenId))
        .to.be.revertedWithCustomError(each.collection, 'ERC721NonexistentToken')
        .withArgs(tokenId)
  }

  describe('{transferFrom}', () => {
    it('it should revert for everybody', () =>
      refused('transferFrom', ({ holder, stranger }, tokenId) => [holder.address, stranger.address, tokenId]))
    it('it should revert if it leads back to the holder', () =>
      refused('transferFrom', ({ holder }, tokenId) => [holder.address, holder.address, tokenId]))
    it('it should revert if it leads to the zero address', () =>
      refused('transferFrom', ({ holder }, tokenId) => [holder.address, nobody, tokenId]))
  })

  describe('{safeTransferFrom}', () => {
    it('it should revert for everybody, without data', () =>
      refused('safeTransferFrom(address,address,uint256)', ({ holder, stranger }, tokenId) => [
        holder.address,
        stranger.address,
        tokenId,
      ]))
    it('it should revert for everybody, with data', () =>
      refused('safeTransferFrom(address,address,uint256,bytes)', ({ holder, stranger }, tokenId) => [
        holder.address,
        stranger.address,
        tokenId,
        '0x1234',
      ]))
  })

  describe('{approve}', () => {
    it('it should revert for everybody', () =>
      refused('approve', ({ stranger }, tokenId) => [stranger.address, tokenId]))
    it('it should revert if it takes an approval back', () => refused('approve', (_, tokenId) => [nobody, tokenId]))
  })

  describe('{setApprovalForAll}', () => {
    it('it should revert for everybody', () => refused('setApprovalForAll', ({ stranger }) => [stranger.address, true]))
    it('it should revert if it takes an approval back', () =>
      refused('setApprovalForAll', ({ stranger }) => [stranger.address, false]))
  })

  describe('{getApproved}', () => {
    it('it should answer that nobody is', async () => {
      const each = await subject()
      for (const tokenId of each.tokens) expect(await ask(each, 'getApproved', tokenId)).to.equal(nobody)
    })
    it('it should revert where there is no such token', () => unknown('getApproved'))
  })

  describe('{isApprovedForAll}', () => {
    it('it should answer no', async () => {
      const each = await subject()
      for (const operator of [each.stranger, each.holder, ...each.rulers])
        expect(await ask(each, 'isApprovedForAll', each.holder.address, operator.address)).to.equal(false)
    })
  })

  describe('{locked}', () => {
    it('it should answer yes', async () => {
      const each = await subject()
      for (const tokenId of each.tokens) expect(await ask(each, 'locked', tokenId)).to.equal(true)
    })
    it('it should revert where there is no such token', () => unknown('locked'))
  })
}
