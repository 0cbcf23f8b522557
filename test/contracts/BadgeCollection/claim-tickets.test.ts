import { expect } from 'chai'
import { Contract } from 'ethers'
import * as AnchorRegistry from '../../../core/src/generated/AnchorRegistry.ts'
import * as BadgeCollection from '../../../core/src/generated/BadgeCollection.ts'
import * as BadgeCollectionFactory from '../../../core/src/generated/BadgeCollectionFactory.ts'
import * as IssuerDirectory from '../../../core/src/generated/IssuerDirectory.ts'
import { vectors } from '../../support/ClaimTicketVectors.ts'
import * as Support from '../support.ts'
import { encode, hex } from './world.ts'

describe('the vectors of claim tickets, on the committed contracts', () => {
  const { collection: made } = vectors
  let chain: Support.Chain
  let collection: Contract
  let send: (from: string, to: string, data: string) => Promise<void>

  before(async function () {
    this.timeout(120_000)
    chain = await Support.chain(vectors.chainId)
    const { provider } = chain.ethers
    for (const { address, runtimeCode } of [AnchorRegistry, IssuerDirectory, BadgeCollection, BadgeCollectionFactory])
      await chain.provider.request({ method: 'hardhat_setCode', params: [address, runtimeCode] })
    send = async (from, to, data) => {
      const signer = await chain.ethers.getSigner(from)
      await (await signer.sendTransaction({ to, data })).wait()
    }
    const directory = new Contract(IssuerDirectory.address, IssuerDirectory.abi, provider)
    const tell = (from: string, name: string, ...args: readonly unknown[]) =>
      send(from, IssuerDirectory.address, encode(directory, name, args))
    await tell(vectors.controller, 'register', vectors.salt, 'did:web:badges.example.org', made.metadataDigest)
    await tell(vectors.account, 'consent', made.issuerId)
    await tell(vectors.controller, 'addAccount', made.issuerId, vectors.account)
    const factory = new Contract(BadgeCollectionFactory.address, BadgeCollectionFactory.abi, provider)
    const args = [made.issuerId, made.metadataDigest, made.name, made.symbol]
    await send(await stranger(), BadgeCollectionFactory.address, encode(factory, 'deploy', args))
    collection = new Contract(made.address, BadgeCollection.abi, provider)
    for (const root of new Set(vectors.tickets.map((ticket) => ticket.root)))
      await send(vectors.account, AnchorRegistry.address, root)
  })

  after(() => chain.close())

  const stranger = async () => (await chain.ethers.getSigners()).at(-1)?.address ?? ''

  it('are of the collection that the factory has made, which says so itself', async () => {
    const asked = await Promise.all(['name', 'symbol', 'issuerId'].map((view) => collection.getFunction(view)()))
    expect(asked).to.deep.equal([made.name, made.symbol, made.issuerId])
  })

  for (const vector of vectors.tickets)
    it(`open and redeem by their calldata, whoever sends it, once: ${vector.file}`, async () => {
      await send(await stranger(), made.address, vector.open)
      await send(await stranger(), made.address, vector.redeem)
      const achievement = `0x${vector.open.slice(-64)}`
      const tokenId = await collection.getFunction('tokenIdOf')(vector.ticketRoot, achievement, vector.wallet)
      expect(hex(await collection.getFunction('ownerOf')(tokenId))).to.equal(vector.wallet)
      const again = chain.ethers.provider.call({ to: made.address, data: vector.redeem })
      await expect(again).to.be.revertedWithCustomError(collection, 'BadgeCollection_TicketSpent')
    })
})
