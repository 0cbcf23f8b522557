import { expect } from 'chai'
import fc from 'fast-check'
import * as Viem from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import * as BadgeCalls from '../../core/src/BadgeCalls.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as ClaimTicket from '../../core/src/ClaimTicket.ts'
import { abi } from '../../core/src/generated/BadgeCollection.ts'
import * as Secret from '../../core/src/Secret.ts'
import * as Ticket from '../../core/src/Ticket.ts'
import { read, vectors } from '../support/ClaimTicketVectors.ts'
import { anyBytes, failure } from './support.ts'

const { toHex, fromHex } = Bytes
const [first] = vectors.tickets.filter(({ kind }) => kind === 'ticket')
const [named] = vectors.tickets.filter(({ kind }) => kind === 'holder')
if (first === undefined || named === undefined) throw new Error('there are no vectors')

type Written = { [member: string]: unknown; collection: { [member: string]: unknown }; batch: object; path: unknown[] }

/** A golden ticket with something changed. */
function changed(file: string, change: (ticket: Written) => void): string {
  const ticket = JSON.parse(read(file))
  change(ticket)
  return JSON.stringify(ticket)
}

describe('ClaimTicket', () => {
  for (const vector of vectors.tickets)
    describe(`golden ticket ${vector.file}, a ${vector.kind}`, () => {
      const ticket = ClaimTicket.parse(read(vector.file))

      it('is written as it was read, byte for byte', () => {
        expect(ClaimTicket.text(ticket)).to.equal(read(vector.file))
        expect(ClaimTicket.parse(ClaimTicket.text(ticket, 0))).to.deep.equal(ticket)
        expect(ClaimTicket.text(ticket, 0).split('\n')).to.have.length(2)
      })

      it('leads to the roots, from the secret of its recipient', () => {
        const { salt, claimKey } = Secret.derive(fromHex(vector.secret))
        expect(ticket.salt).to.equal(toHex(salt))
        const addressee = vector.kind === 'holder' ? { wallet: vector.address } : { claimKey: toHex(claimKey) }
        expect(ticket).to.deep.include(addressee)
        const opening = ClaimTicket.opening(ticket)
        expect(opening.address).to.equal(vector.address)
        expect(toHex(Ticket.commitment(opening))).to.equal(vector.commitment)
        const ticketRoot = ClaimTicket.ticketRoot(ticket)
        expect(toHex(ticketRoot)).to.equal(vector.ticketRoot)
        expect(toHex(ClaimTicket.root(ticket, ticketRoot))).to.equal(vector.root)
        expect(ticket.collection.address).to.equal(vectors.collection.address)
      })

      it('becomes the calldata that opens its batch and redeems it', () => {
        const opening = ClaimTicket.opening(ticket)
        const { account, treeRoot, manifestDigest } = ticket.batch
        const batch = {
          account,
          treeRoot: fromHex(treeRoot),
          ticketRoot: ClaimTicket.ticketRoot(ticket),
          manifestDigest: fromHex(manifestDigest),
        }
        expect(toHex(BadgeCalls.open(batch, opening.achievement))).to.equal(vector.open)
        const siblings = ticket.path.map((each) => fromHex(each))
        if (vector.deadline === undefined) {
          expect(toHex(BadgeCalls.redeem(opening, siblings))).to.equal(vector.redeem)
          return
        }
        const signature = ClaimTicket.sign(ticket, vector.wallet, vector.deadline)
        expect(toHex(signature)).to.equal(vector.signature)
        const signed = { to: vector.wallet, deadline: vector.deadline, signature }
        expect(toHex(BadgeCalls.redeemByKey(opening, siblings, signed))).to.equal(vector.redeem)
      })
    })

  it('knows the address of a claim key as viem does', () => {
    fc.assert(
      fc.property(anyBytes(32), (secret) => {
        const { claimKey } = Secret.derive(secret)
        expect(ClaimTicket.keyAddress(claimKey)).to.equal(privateKeyToAddress(toHex(claimKey)).toLowerCase())
      }),
    )
  })

  it('signs nothing for a named wallet', () => {
    const ticket = ClaimTicket.parse(read(named.file))
    expect(() => ClaimTicket.sign(ticket, named.wallet, 1_800_000_000)).to.throw(TypeError)
  })

  it('leads nowhere by a path that no tree has', () => {
    const ticket = { ...ClaimTicket.parse(read(named.file)), index: 15 }
    expect(failure(() => ClaimTicket.ticketRoot(ticket)).facts).to.deep.equal({ member: 'path' })
  })

  it('is read from bytes as from text', () => {
    expect(ClaimTicket.parse(Bytes.fromUtf8(read(first.file)))).to.deep.equal(ClaimTicket.parse(read(first.file)))
  })

  describe('refuses', () => {
    for (const [title, change] of [
      ['another type', (ticket: Written) => Object.assign(ticket, { type: 'LaurelManifest' })],
      ['a later version', (ticket: Written) => Object.assign(ticket, { version: 2 })],
      ['a version that is a text', (ticket: Written) => Object.assign(ticket, { version: '1' })],
    ] as const)
      it(title, () => {
        expect(failure(() => ClaimTicket.parse(changed(first.file, change))).code).to.equal('TICKET_VERSION')
      })

    const other = `0x${'11'.repeat(20)}`
    const changes: readonly (readonly [title: string, member: string, change: (ticket: Written) => unknown])[] = [
      ['a member too many', '', (ticket) => Object.assign(ticket, { credential: 'urn:uuid:1' })],
      ['a member too few', '', (ticket) => delete ticket.salt],
      ['a wallet and a claim key', '', (ticket) => Object.assign(ticket, { wallet: other })],
      ['neither', '', (ticket) => delete ticket.claimKey],
      ['a chain without a number', 'chainId', (ticket) => Object.assign(ticket, { chainId: '1' })],
      ['chain 0', 'chainId', (ticket) => Object.assign(ticket, { chainId: 0 })],
      ['an index beyond four bytes', 'index', (ticket) => Object.assign(ticket, { index: 2 ** 32 })],
      ['an index below zero', 'index', (ticket) => Object.assign(ticket, { index: -1 })],
      ['an index that no path of this length has', 'path', (ticket) => Object.assign(ticket, { index: 2 ** 31 + 1 })],
      ['a short salt', 'salt', (ticket) => Object.assign(ticket, { salt: other })],
      ['capitals', 'achievement', (ticket) => Object.assign(ticket, { achievement: `0x${'AB'.repeat(32)}` })],
      ['a key that is none', 'claimKey', (ticket) => Object.assign(ticket, { claimKey: `0x${'00'.repeat(32)}` })],
      ['a key above the order', 'claimKey', (ticket) => Object.assign(ticket, { claimKey: `0x${'ff'.repeat(32)}` })],
      ['a path that is no list', 'path', (ticket) => Object.assign(ticket, { path: {} })],
      ['a sibling that is none', 'path/sibling', (ticket) => ticket.path.push(1)],
      ['another collection', 'collection/address', (ticket) => Object.assign(ticket.collection, { address: other })],
      ['another name of it', 'collection/address', (ticket) => Object.assign(ticket.collection, { name: 'B' })],
      ['a name that is no text', 'collection/name', (ticket) => Object.assign(ticket.collection, { name: 1 })],
      ['a symbol that is no text', 'collection/symbol', (ticket) => Object.assign(ticket.collection, { symbol: null })],
      ['a collection with more', 'collection', (ticket) => Object.assign(ticket.collection, { owner: other })],
      ['no collection', 'collection', (ticket) => Object.assign(ticket, { collection: other })],
      ['a batch with less', 'batch', (ticket) => Object.assign(ticket, { batch: {} })],
      ['an account that is none', 'batch/account', (ticket) => Object.assign(ticket.batch, { account: '0x' })],
    ]
    for (const [title, member, change] of changes)
      it(title, () => {
        const error = failure(() => ClaimTicket.parse(changed(first.file, change)))
        expect([error.code, error.facts]).to.deep.equal(['TICKET_INVALID', { member }])
      })

    it('the zero address and the collection itself as wallets', () => {
      for (const wallet of [`0x${'00'.repeat(20)}`, vectors.collection.address])
        expect(
          failure(() => ClaimTicket.parse(changed(named.file, (each) => Object.assign(each, { wallet })))).facts,
        ).to.deep.equal({ member: 'wallet' })
    })

    it('a member twice', () => {
      const text = read(first.file).replace('"version": 1,', '"version": 1, "version": 1,')
      expect(failure(() => ClaimTicket.parse(text)).code).to.equal('JSON_DUPLICATE_KEY')
    })
  })

  it('leads elsewhere when anything that it commits to is changed', () => {
    const flip = (hex: unknown) => String(hex).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    const roots = [
      read(named.file),
      changed(named.file, (ticket) => Object.assign(ticket, { chainId: 1 })),
      ...['achievement', 'wallet', 'salt'].map((member) =>
        changed(named.file, (ticket) => Object.assign(ticket, { [member]: flip(ticket[member]) })),
      ),
      changed(named.file, (ticket) => Object.assign(ticket, { index: 0 })),
      changed(named.file, (ticket) => Object.assign(ticket, { path: [flip(ticket.path[0]), ...ticket.path.slice(1)] })),
      changed(named.file, (ticket) => ticket.path.pop()),
    ].map((text) => toHex(ClaimTicket.ticketRoot(ClaimTicket.parse(text))))
    expect(new Set(roots).size).to.equal(roots.length)
  })
})

describe('BadgeCalls', () => {
  const anyAddress = anyBytes(20).map(toHex)
  const anyTicket = fc.record({
    kind: fc.constant('ticket' as const),
    chainId: fc.maxSafeNat(),
    collection: anyAddress,
    achievement: anyBytes(32),
    index: fc.nat(2 ** 32 - 1),
    address: anyAddress,
    salt: anyBytes(32),
  })
  const anySigned = fc.record({
    to: anyAddress,
    deadline: fc.maxSafeNat(),
    signature: fc.uint8Array({ maxLength: 200 }),
  })

  it('encodes as viem does, whatever stands in it', () => {
    fc.assert(
      fc.property(
        anyTicket,
        fc.array(anyBytes(32), { maxLength: 33 }),
        anySigned,
        fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
        (ticket, siblings, signed, tokenId) => {
          const { index, address: addressee } = ticket
          const opening = { index, achievement: toHex(ticket.achievement), addressee, salt: toHex(ticket.salt) }
          const path = siblings.map(toHex)
          const { to, deadline, signature } = signed
          const signedArgs = [to, BigInt(deadline), toHex(signature)] as const
          expect(toHex(BadgeCalls.redeem(ticket, siblings))).to.equal(
            Viem.encodeFunctionData({ abi, functionName: 'redeem', args: [opening, path] }),
          )
          expect(toHex(BadgeCalls.redeemByKey(ticket, siblings, signed))).to.equal(
            Viem.encodeFunctionData({ abi, functionName: 'redeemByKey', args: [opening, path, ...signedArgs] }),
          )
          expect(toHex(BadgeCalls.rebind(tokenId, signed))).to.equal(
            Viem.encodeFunctionData({ abi, functionName: 'rebind', args: [tokenId, ...signedArgs] }),
          )
          const batch = {
            account: to,
            treeRoot: ticket.salt,
            ticketRoot: ticket.achievement,
            manifestDigest: ticket.salt,
          }
          expect(toHex(BadgeCalls.open(batch, ticket.achievement))).to.equal(
            Viem.encodeFunctionData({
              abi,
              functionName: 'open',
              args: [
                {
                  account: to,
                  treeRoot: toHex(batch.treeRoot),
                  ticketRoot: toHex(batch.ticketRoot),
                  manifestDigest: toHex(batch.manifestDigest),
                },
                toHex(ticket.achievement),
              ],
            }),
          )
        },
      ),
    )
  })

  it('takes words of another size for mistakes', () => {
    const ticket = ClaimTicket.opening(ClaimTicket.parse(read(first.file)))
    expect(() => BadgeCalls.redeem(ticket, [new Uint8Array(31)])).to.throw(TypeError)
  })
})
