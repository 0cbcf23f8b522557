import { expect } from 'chai'
import fc from 'fast-check'
import * as Viem from 'viem'
import * as BadgeCollection from '../../core/src/BadgeCollection.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import { vectors } from '../support/BadgeCollectionVectors.ts'
import { anyBytes, hash } from './support.ts'

const { fromHex, toHex } = Bytes
const anyAddress = anyBytes(20).map(toHex)
const anyArguments = fc.record({
  issuerId: anyBytes(32),
  metadataDigest: anyBytes(32),
  name: fc.string({ maxLength: 100, unit: 'grapheme' }),
  symbol: fc.string({ maxLength: 40, unit: 'grapheme' }),
})
const anyRebind = fc.record({
  chainId: fc.maxSafeNat(),
  collection: anyAddress,
  tokenId: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
  to: anyAddress,
  deadline: fc.maxSafeNat(),
})

const argumentsOf = (vector: (typeof vectors.collections)[number]): BadgeCollection.Arguments => ({
  ...vector,
  issuerId: fromHex(vector.issuerId),
  metadataDigest: fromHex(vector.metadataDigest),
})

/** The same with numbers as viem takes them. */
const asViem = ({ domain, types, primaryType, message }: ReturnType<typeof BadgeCollection.rebindTypedData>) => ({
  domain: { ...domain, chainId: BigInt(domain.chainId) },
  types,
  primaryType,
  message: { ...message, tokenId: BigInt(message.tokenId), deadline: BigInt(message.deadline) },
})

describe('BadgeCollection', () => {
  it('computes the code and the address of collections', () => {
    expect(vectors.collections).to.have.lengthOf(5)
    for (const vector of vectors.collections) {
      const options = argumentsOf(vector)
      expect(toHex(BadgeCollection.encodeArguments(options))).to.equal(vector.arguments)
      expect(toHex(BadgeCollection.code(vector.implementation, options))).to.equal(vector.code)
      expect(BadgeCollection.address(vector.factory, vector.implementation, options)).to.equal(vector.address)
    }
  })

  it('encodes the arguments as viem does', () => {
    fc.assert(
      fc.property(anyArguments, (options) => {
        const expected = Viem.encodeAbiParameters(
          [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'string' }, { type: 'string' }],
          [toHex(options.issuerId), toHex(options.metadataDigest), options.name, options.symbol],
        )
        expect(toHex(BadgeCollection.encodeArguments(options))).to.equal(expected)
      }),
    )
  })

  it('computes what claim keys sign', async () => {
    const { chainId, collection, trees } = vectors.trees
    const signed = trees.flatMap(({ tickets }) => tickets.filter(({ redeem }) => redeem !== undefined))
    expect(signed).to.have.length.above(20)
    for (const { ticket, redeem, address } of signed) {
      if (redeem === undefined) continue
      const { to, deadline, digest, signature } = redeem
      const computed = BadgeCollection.redeemDigest({ chainId, collection, ticket: fromHex(ticket), to, deadline })
      expect(toHex(computed)).to.equal(digest)
      const types = {
        Redeem: [
          { name: 'ticket', type: 'bytes32' },
          { name: 'to', type: 'address' },
          { name: 'deadline', type: 'uint256' },
        ],
      }
      const signer = await Viem.recoverTypedDataAddress({
        domain: { chainId, verifyingContract: collection as Viem.Hex },
        types,
        primaryType: 'Redeem',
        message: { ticket, to, deadline },
        signature: signature as Viem.Hex,
      })
      expect(signer.toLowerCase()).to.equal(address)
    }
  })

  it('computes what holders sign', async () => {
    expect(vectors.rebinds).to.have.lengthOf(5)
    for (const { digest, signature, holder, ...vector } of vectors.rebinds) {
      const rebind = { ...vector, tokenId: BigInt(vector.tokenId) }
      expect(toHex(BadgeCollection.rebindDigest(rebind))).to.equal(digest)
      const signer = await Viem.recoverTypedDataAddress({
        ...asViem(BadgeCollection.rebindTypedData(rebind)),
        signature: signature as Viem.Hex,
      })
      expect(signer.toLowerCase()).to.equal(holder)
    }
  })

  it('hashes the typed data for wallets as viem does', () => {
    fc.assert(
      fc.property(anyRebind, (rebind) => {
        const expected = Viem.hashTypedData(asViem(BadgeCollection.rebindTypedData(rebind)))
        expect(toHex(BadgeCollection.rebindDigest(rebind))).to.equal(expected)
      }),
    )
  })

  it('hashes what claim keys sign as viem does', () => {
    fc.assert(
      fc.property(anyRebind, anyBytes(32), ({ chainId, collection, to, deadline }, ticket) => {
        const expected = Viem.hashTypedData({
          domain: { chainId: BigInt(chainId), verifyingContract: collection },
          types: {
            EIP712Domain: [
              { name: 'chainId', type: 'uint256' },
              { name: 'verifyingContract', type: 'address' },
            ],
            Redeem: [
              { name: 'ticket', type: 'bytes32' },
              { name: 'to', type: 'address' },
              { name: 'deadline', type: 'uint256' },
            ],
          },
          primaryType: 'Redeem',
          message: { ticket: toHex(ticket), to, deadline: BigInt(deadline) },
        })
        const computed = BadgeCollection.redeemDigest({ chainId, collection, ticket, to, deadline })
        expect(toHex(computed)).to.equal(expected)
      }),
    )
  })

  it('writes typed data that survive JSON', () => {
    const [vector] = vectors.rebinds
    if (vector === undefined) throw new Error('there are no vectors')
    const data = BadgeCollection.rebindTypedData({ ...vector, tokenId: BigInt(vector.tokenId) })
    expect(JSON.parse(JSON.stringify(data))).to.deep.equal(data)
  })

  it('signs something else when any member differs, or the purpose', () => {
    const ticket = hash(1)
    const first = {
      chainId: 1,
      collection: toHex(hash(2).slice(0, 20)),
      to: toHex(hash(3).slice(0, 20)),
      deadline: 1_800_000_000,
    }
    const redeems = [
      { ...first, ticket },
      { ...first, ticket, chainId: 2 },
      { ...first, ticket, collection: first.to },
      { ...first, ticket: hash(4) },
      { ...first, ticket, to: first.collection },
      { ...first, ticket, deadline: first.deadline + 1 },
    ].map(BadgeCollection.redeemDigest)
    const rebind = BadgeCollection.rebindDigest({ ...first, tokenId: BigInt(toHex(ticket)) })
    expect(new Set([...redeems, rebind].map(toHex)).size).to.equal(7)
  })

  it('computes where things are stored', () => {
    expect(vectors.slots).to.have.lengthOf(6)
    for (const each of vectors.slots) {
      const award = BadgeCollection.awardSlots(each.award)
      expect([award.achievement, award.list].map(toHex)).to.deep.equal([each.awardSlot, each.listSlot])
      const series = BadgeCollection.seriesSlots(BigInt(each.series))
      expect([series.head, series.achievement, series.anchor].map(toHex)).to.deep.equal([
        each.headSlot,
        each.achievementSlot,
        each.anchorSlot,
      ])
      const places = [
        [BadgeCollection.holdingPlace(each.wallet, BigInt(each.holding.lane)), each.holding.slot, each.holding.bit],
        [
          BadgeCollection.holdingPlace(each.wallet, BadgeCollection.laneOfAward(each.award)),
          each.holdingOfAward.slot,
          each.holdingOfAward.bit,
        ],
        [BadgeCollection.gonePlace(each.award, each.index), each.goneSlot, each.goneBit],
        [BadgeCollection.spentPlace(fromHex(each.ticketRoot), each.ticketIndex), each.spentSlot, each.spentBit],
      ] as const
      for (const [place, slot, bit] of places) expect([toHex(place.slot), place.bit]).to.deep.equal([slot, bit])
      expect(toHex(BadgeCollection.rebindingSlot(BigInt(each.tokenId)))).to.equal(each.rebindingSlot)
    }
  })

  it('reads what is stored', () => {
    const head = (open: bigint, lane: bigint) => Bytes.fromUint((open << 224n) | (lane << 160n) | 0xffffn, 32)
    expect(BadgeCollection.laneOfHead(head(1n, 2n ** 64n - 1n))).to.equal(2n ** 64n - 1n)
    expect(BadgeCollection.laneOfHead(head(1n, 0n))).to.equal(0n)
    expect(BadgeCollection.isOpen(head(1n, 5n))).to.equal(true)
    expect(BadgeCollection.isOpen(head(0n, 2n ** 64n - 1n))).to.equal(false)
    const words = Bytes.fromUint((2n << 254n) | (1n << 130n) | (2n << 2n) | 1n, 32)
    const place = (bit: number) => ({ slot: hash(1), bit })
    const states = [0, 2, 4, 130, 254].map((bit) => BadgeCollection.holding(words, place(bit)))
    expect(states).to.deep.equal(['held', 'gone', 'never', 'held', 'gone'])
    expect([0, 1, 3, 255].map((bit) => BadgeCollection.isSet(words, place(bit)))).to.deep.equal([
      true,
      false,
      true,
      true,
    ])
  })

  it('takes words, ids and addresses of another size for mistakes', () => {
    const short = new Uint8Array(31)
    expect(() => BadgeCollection.isOpen(short)).to.throw(TypeError)
    expect(() => BadgeCollection.spentPlace(short, 0)).to.throw(TypeError)
    expect(() =>
      BadgeCollection.encodeArguments({ issuerId: short, metadataDigest: hash(1), name: '', symbol: '' }),
    ).to.throw(TypeError)
    expect(() => BadgeCollection.holdingPlace('0x11', 1n)).to.throw(Bytes.InvalidHexError)
  })
})
