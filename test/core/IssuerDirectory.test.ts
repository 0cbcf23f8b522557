import { expect } from 'chai'
import fc from 'fast-check'
import * as Viem from 'viem'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Ed25519 from '../../core/src/Ed25519.ts'
import * as IssuerDirectory from '../../core/src/IssuerDirectory.ts'
import * as Multikey from '../../core/src/Multikey.ts'
import * as Sha256 from '../../core/src/Sha256.ts'
import { vectors } from '../support/IssuerDirectoryVectors.ts'
import { anyBytes, hash } from './support.ts'

const { toHex, fromHex } = Bytes
const anyAddress = anyBytes(20).map(toHex)
const anyJoin = fc.record({
  chainId: fc.maxSafeNat(),
  directory: anyAddress,
  issuerId: anyBytes(32),
  account: anyAddress,
  nonce: fc.maxSafeNat(),
  deadline: fc.maxSafeNat(),
})

const join = vectors.consents.map((each) => ({ ...each, issuerId: fromHex(each.issuerId) }))

/** The same with numbers as viem takes them. */
const asViem = ({ domain, types, primaryType, message }: ReturnType<typeof IssuerDirectory.joinTypedData>) => ({
  domain: { ...domain, chainId: BigInt(domain.chainId) },
  types,
  primaryType,
  message: { ...message, nonce: BigInt(message.nonce), deadline: BigInt(message.deadline) },
})

describe('IssuerDirectory', () => {
  it('computes the ids of issuers', () => {
    expect(vectors.issuers).to.have.lengthOf(12)
    for (const { chainId, controller, salt, issuerId } of vectors.issuers)
      expect(toHex(IssuerDirectory.issuerId(chainId, controller, fromHex(salt)))).to.equal(issuerId)
  })

  it('computes the ids of keys of any kind', () => {
    expect(vectors.keys).to.have.lengthOf(4)
    for (const { multikey, keyId } of vectors.keys) expect(toHex(IssuerDirectory.keyId(multikey))).to.equal(keyId)
  })

  it('tells a key from the same bytes of another kind', () => {
    const publicKey = Ed25519.publicKey(hash(1))
    const multikey = Multikey.fromEd25519(publicKey)
    expect(IssuerDirectory.keyId(multikey)).to.deep.equal(Sha256.digest(Uint8Array.of(0xed, 0x01), publicKey))
    expect(IssuerDirectory.keyId(multikey)).not.to.deep.equal(Sha256.digest(publicKey))
  })

  it('computes where things are stored', () => {
    expect(vectors.slots).to.have.lengthOf(8)
    for (const vector of vectors.slots) {
      const issuerId = fromHex(vector.issuerId)
      const slots = IssuerDirectory.issuerSlots(issuerId)
      const { accountSlot, keySlot, issuerOfSlot } = vector
      expect(toHex(IssuerDirectory.accountSlot(issuerId, vector.account))).to.equal(accountSlot)
      expect(toHex(IssuerDirectory.keySlot(issuerId, fromHex(vector.keyId)))).to.equal(keySlot)
      expect(toHex(IssuerDirectory.issuerOfSlot(vector.account))).to.equal(issuerOfSlot)
      expect(Object.values(slots).map(toHex)).to.deep.equal([
        vector.controllerSlot,
        vector.candidateSlot,
        vector.headSlot,
        vector.profileDigestSlot,
        vector.didSlot,
      ])
    }
  })

  it('never keeps an account and a key in one place', () => {
    fc.assert(
      fc.property(anyBytes(32), anyBytes(20), (issuerId, account) => {
        const keyId = Bytes.concat(new Uint8Array(12), account)
        expect(IssuerDirectory.keySlot(issuerId, keyId)).not.to.deep.equal(
          IssuerDirectory.accountSlot(issuerId, toHex(account)),
        )
      }),
    )
  })

  it('computes what an account signs', async () => {
    expect(join).to.have.lengthOf(8)
    for (const [i, each] of join.entries()) {
      const { digest, signature, account } = vectors.consents[i] as (typeof vectors.consents)[number]
      expect(toHex(IssuerDirectory.joinDigest(each))).to.equal(digest)
      const data = IssuerDirectory.joinTypedData(each)
      const signer = await Viem.recoverTypedDataAddress({ ...asViem(data), signature: signature as Viem.Hex })
      expect(signer.toLowerCase()).to.equal(account)
    }
  })

  it('hashes the typed data for wallets as viem does', () => {
    fc.assert(
      fc.property(anyJoin, (each) => {
        const data = IssuerDirectory.joinTypedData(each)
        expect(toHex(IssuerDirectory.joinDigest(each))).to.equal(Viem.hashTypedData(asViem(data)))
      }),
    )
  })

  it('writes typed data that survive JSON', () => {
    const data = IssuerDirectory.joinTypedData(join[0] as (typeof join)[number])
    expect(JSON.parse(JSON.stringify(data))).to.deep.equal(data)
  })

  it('signs something else when any member differs', () => {
    const first: IssuerDirectory.Join = join[0] as (typeof join)[number]
    const others = [
      first,
      { ...first, chainId: first.chainId + 1 },
      { ...first, directory: toHex(hash(1).slice(12)) },
      { ...first, issuerId: hash(2) },
      { ...first, account: toHex(hash(3).slice(12)) },
      { ...first, nonce: first.nonce + 1 },
      { ...first, deadline: first.deadline + 1 },
    ].map((each) => toHex(IssuerDirectory.joinDigest(each)))
    expect(new Set(others).size).to.equal(others.length)
  })

  it('takes ids and addresses of another size for mistakes', () => {
    const short = new Uint8Array(31)
    expect(() => IssuerDirectory.issuerId(1, `0x${'11'.repeat(20)}`, short)).to.throw(TypeError)
    expect(() => IssuerDirectory.accountSlot(short, `0x${'11'.repeat(20)}`)).to.throw(TypeError)
    expect(() => IssuerDirectory.keySlot(hash(1), short)).to.throw(TypeError)
    expect(() => IssuerDirectory.issuerOfSlot(`0x${'11'.repeat(21)}`)).to.throw(Bytes.InvalidHexError)
  })
})
