import { expect } from 'chai'
import { type BaseContract, Interface, id } from 'ethers'

/** The functions of each interface, as its standard has them. */
const functions = {
  ERC165: ['supportsInterface(bytes4)'],
  ERC721: [
    'balanceOf(address)',
    'ownerOf(uint256)',
    'safeTransferFrom(address,address,uint256,bytes)',
    'safeTransferFrom(address,address,uint256)',
    'transferFrom(address,address,uint256)',
    'approve(address,uint256)',
    'setApprovalForAll(address,bool)',
    'getApproved(uint256)',
    'isApprovedForAll(address,address)',
  ],
  ERC721Metadata: ['name()', 'symbol()', 'tokenURI(uint256)'],
  ERC5192: ['locked(uint256)'],
} as const

/** The identifiers that the standards print. */
const identifiers = {
  ERC165: '0x01ffc9a7',
  ERC721: '0x80ac58cd',
  ERC721Metadata: '0x5b5e139f',
  ERC5192: '0xb45a3c0e',
} as const

/** Interfaces that somebody might take a collection of badge tokens to have, and it does not. */
const others = {
  ERC721Enumerable: '0x780e9d63',
  ERC721TokenReceiver: '0x150b7a02',
  ERC1155: '0xd9b67a26',
  ERC2981: '0x2a55205a',
  ERC4906: '0x49064906',
  ERC5484: '0x0489b56f',
  none: '0x00000000',
  invalid: '0xffffffff',
} as const

export type Name = keyof typeof functions

const erc165 = new Interface(['function supportsInterface(bytes4 interfaceID) view returns (bool)'])

/** ERC-165: the contract says of these interfaces that it has them, has them, and says it of no others. */
export function shouldSupportInterfaces(names: readonly Name[], subject: () => BaseContract): void {
  const supports = async (identifier: string): Promise<boolean> => {
    const collection = subject()
    const data = erc165.encodeFunctionData('supportsInterface', [identifier])
    const { provider } = collection.runner ?? {}
    // ERC-165: with less than 30,000 gas.
    const answer = await provider?.call({ to: await collection.getAddress(), data, gasLimit: 21_000n + 30_000n })
    return erc165.decodeFunctionResult('supportsInterface', answer ?? '0x')[0]
  }

  it('it should support each interface that it has', async () => {
    for (const name of names) {
      const selectors = functions[name].map((signature) => BigInt(id(signature).slice(0, 10)))
      const identifier = selectors.reduce((all, selector) => all ^ selector, 0n)
      expect(`0x${identifier.toString(16).padStart(8, '0')}`).to.equal(identifiers[name])
      expect(await supports(identifiers[name])).to.equal(true)
    }
  })

  it('it should have every function of them', () => {
    for (const name of names)
      for (const signature of functions[name]) expect(subject().interface.getFunction(signature)).not.to.equal(null)
  })

  it('it should support no other', async () => {
    for (const identifier of Object.values(others)) expect(await supports(identifier)).to.equal(false)
    const missing = (Object.keys(functions) as Name[]).filter((name) => !names.includes(name))
    for (const name of missing) expect(await supports(identifiers[name])).to.equal(false)
  })
}
