import { expect } from 'chai'
import { computeAddress, keccak256, SigningKey } from 'ethers'
import fc from 'fast-check'
import * as BadgeCollection from '../../../core/src/BadgeCollection.ts'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as Cid from '../../../core/src/Cid.ts'
import * as Cohort from '../../../core/src/Cohort.ts'
import * as Commitment from '../../../core/src/Commitment.ts'
import * as Sha256 from '../../../core/src/Sha256.ts'
import * as Ticket from '../../../core/src/Ticket.ts'
import * as TicketPath from '../../../core/src/TicketPath.ts'
import * as TokenId from '../../../core/src/TokenId.ts'
import * as Tree from '../../../core/src/Tree.ts'
import * as Support from '../support.ts'
import { bytes, encode, hex, type World, worldOf } from './world.ts'

const anyBytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const anyAddress = anyBytes(20)
  .filter((each) => each.some((byte) => byte !== 0))
  .map(Bytes.toHex)

const anyCase = fc.record({
  /** Of the tree of tickets, and the ticket's position in it, as a fraction. */
  size: fc.integer({ min: 1, max: 200 }),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  kind: fc.constantFrom('holder' as const, 'ticket' as const),
  achievement: anyBytes(32),
  salt: anyBytes(32),
  holder: anyAddress,
  /** Of the claim key, and of the token's holder after it; digests of it, so that they are keys. */
  seed: anyBytes(32),
  treeRoot: anyBytes(32),
  manifestDigest: anyBytes(32),
  period: fc.integer({ min: 1_000, max: 30 * 86_400 - 1_000 }),
  /** A list to award to, and what a collection is made with. */
  list: fc.uniqueArray(anyAddress, { minLength: 1, maxLength: 20 }),
  name: fc.string({ maxLength: 60, unit: 'grapheme' }),
  symbol: fc.string({ maxLength: 10 }),
})

/**
 * Anchors batches, opens them, redeems tickets of both kinds, binds what claim keys have redeemed to further wallets,
 * awards to lists and makes collections, in the committed bytes: roots, ids, digests, slots, addresses, lists and URIs
 * have to be those of core, in every case.
 */
export async function compareWithCore(cases: number): Promise<void> {
  const chainId = 84_532
  const chain = await Support.chain(chainId)
  try {
    const world = await worldOf(chain, 'production')
    let count = 0
    const property = fc.asyncProperty(anyCase, async (each) => {
      const keys = [each.seed, keccak256(each.seed)].map((seed) => new SigningKey(keccak256(seed))) as [
        SigningKey,
        SigningKey,
      ]
      const [claimKey, holderKey] = keys.map(({ publicKey }) => hex(computeAddress(publicKey))) as [
        Bytes.Hex,
        Bytes.Hex,
      ]
      const index = Math.floor(each.at * each.size)
      const opening = {
        kind: each.kind,
        chainId,
        collection: world.address,
        achievement: each.achievement,
        index,
        address: each.kind === 'holder' ? each.holder : claimKey,
        salt: each.salt,
      }
      const ticket = Ticket.commitment(opening)
      const filler = (i: number) => Sha256.digest(each.seed, Bytes.fromUint(i, 4))
      const tree = Tree.build(Array.from({ length: each.size }, (_, i) => (i === index ? ticket : filler(i))))
      const ticketRoot = Tree.root(tree)
      const siblings = TicketPath.siblings(index, Tree.path(tree, index))
      expect(TicketPath.root(ticket, index, siblings)).to.deep.equal(ticketRoot)

      const root = Commitment.root(each.treeRoot, ticketRoot, each.manifestDigest)
      await world.anchor(root)
      const of = Bytes.toHex(each.achievement)
      const batch = [world.account.address, each.treeRoot, ticketRoot, each.manifestDigest]
      const opened = await world.send(world.stranger, 'open', batch.map(asHex), of)
      expect(opened.events[0]?.slice(0, 3)).to.deep.equal(['Opened', Bytes.toHex(ticketRoot), of])

      const to = each.kind === 'holder' ? each.holder : holderKey
      const deadline = opened.time + each.period
      const args = [[index, of, opening.address, Bytes.toHex(each.salt)], siblings.map(Bytes.toHex)]
      const digest = BadgeCollection.redeemDigest({ chainId, collection: world.address, ticket, to, deadline })
      const signature = (keys[0] as SigningKey).sign(digest).serialized
      const { events } = await (each.kind === 'holder'
        ? world.send(world.stranger, 'redeem', ...args)
        : world.send(world.stranger, 'redeemByKey', ...args, to, deadline, signature))
      const series = TokenId.seriesOfBatch(ticketRoot, each.achievement)
      const tokenId = TokenId.bound(series, to)
      expect(events.map(([name, ...values]) => [name, values.at(-1)])).to.deep.equal([
        ['Transfer', tokenId],
        ['Locked', tokenId],
      ])
      expect(await world.ask('tokenURI', tokenId)).to.equal(`ipfs://${Cid.fromDigest(each.achievement)}`)
      await isStored(world, series, to, ticketRoot, index)

      if (each.kind === 'ticket') {
        const rebind = { chainId, collection: world.address, tokenId, to: each.holder, deadline }
        const signed = (keys[1] as SigningKey).sign(BadgeCollection.rebindDigest(rebind)).serialized
        const rebound = await world.send(world.account, 'rebind', tokenId, each.holder, deadline, signed)
        expect(rebound.events.at(-1)).to.deep.equal(['Rebound', tokenId, TokenId.bound(series, each.holder)])
      }

      const number = Number(await world.ask('awardCount')) + 1
      const list = Cohort.pack(each.list)
      const awarded = await world.send(world.account, 'award', number, of, Bytes.toHex(list))
      expect(awarded.events.filter(([name]) => name === 'Locked').map(([, id]) => id)).to.deep.equal(
        each.list.map((_, i) => TokenId.awarded(number, i)),
      )
      const [, cohort] = (await world.ask('awardOf', number)) as [string, string]
      const code = await chain.ethers.provider.getCode(cohort)
      expect(Cohort.fromCode(Bytes.fromHex(code))).to.deep.equal(each.list.toSorted())

      const factory = hex(String(world.factory.target))
      const options = {
        issuerId: each.treeRoot,
        metadataDigest: each.manifestDigest,
        name: each.name,
        symbol: each.symbol,
      }
      const place = await world.factory.getFunction('collectionOf')(
        Bytes.toHex(each.treeRoot),
        Bytes.toHex(each.manifestDigest),
        each.name,
        each.symbol,
      )
      expect(hex(place)).to.equal(BadgeCollection.address(factory, world.implementation, options))
      count++
    })
    await fc.assert(property, { numRuns: cases, seed: 1, endOnFailure: true })
    expect(count).to.be.at.least(cases)
  } finally {
    await chain.close()
  }
}

const anyCommitment = fc.record({
  size: fc.integer({ min: 1, max: 200 }),
  at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  achievement: anyBytes(32),
  salt: anyBytes(32),
  holder: anyAddress,
  to: anyAddress,
  seed: anyBytes(32),
  treeRoot: anyBytes(32),
  manifestDigest: anyBytes(32),
  period: fc.integer({ min: 1, max: 30 * 86_400 }),
})

/**
 * Asks a collection for what nobody has anchored: the root to which a ticket leads, of a named wallet and of a claim
 * key, and the root of the batch are in the errors, and have to be those of core, in every case.
 */
export async function compareCommitments(cases: number): Promise<void> {
  const chainId = 84_532
  const chain = await Support.chain(chainId)
  try {
    const world = await worldOf(chain, 'production')
    const { collection, address, account, stranger, now } = world
    const says = async (name: string, args: readonly unknown[], error: string, ...values: readonly string[]) => {
      const call = { from: stranger.address, to: address, data: encode(collection, name, args) }
      await expect(chain.ethers.provider.call(call))
        .to.be.revertedWithCustomError(collection, error)
        .withArgs(...values)
    }
    const time = await now()
    let count = 0
    const property = fc.asyncProperty(anyCommitment, async (each) => {
      const key = new SigningKey(keccak256(each.seed))
      const index = Math.floor(each.at * each.size)
      const of = Bytes.toHex(each.achievement)
      const deadline = time + each.period
      for (const kind of ['holder', 'ticket'] as const) {
        const addressee = kind === 'holder' ? each.holder : hex(computeAddress(key.publicKey))
        const { achievement, salt } = each
        const ticket = Ticket.commitment({
          ...{ kind, chainId, collection: address, achievement, index, address: addressee, salt },
        })
        const filler = (i: number) => Sha256.digest(each.seed, Bytes.fromUint(i, 4))
        const tree = Tree.build(Array.from({ length: each.size }, (_, i) => (i === index ? ticket : filler(i))))
        const root = Bytes.toHex(Tree.root(tree))
        const siblings = TicketPath.siblings(index, Tree.path(tree, index)).map(Bytes.toHex)
        const args = [[index, of, addressee, Bytes.toHex(salt)], siblings]
        const digest = BadgeCollection.redeemDigest({ chainId, collection: address, ticket, to: each.to, deadline })
        if (kind === 'holder') await says('redeem', args, 'BadgeCollection_NotOpen', root, of)
        else {
          const signed = [...args, each.to, deadline, key.sign(digest).serialized]
          await says('redeemByKey', signed, 'BadgeCollection_NotOpen', root, of)
        }
        const batch = [account.address, ...[each.treeRoot, Tree.root(tree), each.manifestDigest].map(Bytes.toHex)]
        const anchored = Bytes.toHex(Commitment.root(each.treeRoot, Tree.root(tree), each.manifestDigest))
        await says('open', [batch, of], 'BadgeCollection_NotAnchored', account.address, anchored)
      }
      count++
    })
    await fc.assert(property, { numRuns: cases, seed: 1, endOnFailure: true })
    expect(count).to.equal(cases)
  } finally {
    await chain.close()
  }
}

async function isStored(
  { chain, address }: World,
  series: bigint,
  holder: Bytes.Hex,
  ticketRoot: Uint8Array,
  index: number,
): Promise<void> {
  const read = async (slot: Uint8Array) => bytes(await chain.ethers.provider.getStorage(address, Bytes.toHex(slot)))
  const head = await read(BadgeCollection.seriesSlots(series).head)
  expect(BadgeCollection.isOpen(head)).to.equal(true)
  const held = BadgeCollection.holdingPlace(holder, BadgeCollection.laneOfHead(head))
  expect(BadgeCollection.holding(await read(held.slot), held)).to.equal('held')
  const spent = BadgeCollection.spentPlace(ticketRoot, index)
  expect(BadgeCollection.isSet(await read(spent.slot), spent)).to.equal(true)
}

function asHex(part: string | Uint8Array): string {
  return typeof part === 'string' ? part : Bytes.toHex(part)
}
