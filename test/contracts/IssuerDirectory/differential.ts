import { expect } from 'chai'
import { computeAddress, keccak256, SigningKey, toBeHex } from 'ethers'
import fc from 'fast-check'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as Generated from '../../../core/src/generated/IssuerDirectory.ts'
import * as IssuerDirectory from '../../../core/src/IssuerDirectory.ts'
import * as IssuerHistory from '../../../core/src/IssuerHistory.ts'
import * as Standing from '../../../core/src/Standing.ts'
import * as Support from '../support.ts'
import { hex, worldOf } from './world.ts'

const anyBytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })

const anyCase = fc.record({
  controller: anyBytes(20).map(Bytes.toHex),
  salt: anyBytes(32),
  did: fc.string({ minLength: 1, maxLength: 100 }),
  profileDigest: anyBytes(32).map(Bytes.toHex),
  /** Of the account; a digest of it, so that it is a key. */
  seed: anyBytes(32),
  period: fc.integer({ min: 10, max: 30 * 86_400 - 1_000 }),
  withdrawals: fc.nat(2),
  keyId: anyBytes(32),
  /** Seconds after its addition from which on the key is compromised, and before the report. */
  from: fc.nat(50),
  late: fc.nat(50),
})

/**
 * Registers issuers, adds accounts by signature and keys, and reports the keys, in the committed directory: ids,
 * digests, slots, words, answers and heads have to be those of core, in every case.
 */
export async function compareWithCore(cases: number): Promise<void> {
  const chainId = 84_532
  const chain = await Support.chain(chainId)
  const request = (method: string, ...params: unknown[]) => chain.provider.request({ method, params })
  const directory = hex(Generated.address)
  try {
    await request('hardhat_setCode', directory, Generated.runtimeCode)
    const { send, ask, storage, setNext, impersonate } = await worldOf(chain, directory)
    let count = 0
    const property = fc.asyncProperty(anyCase, async (each) => {
      const issuerId = IssuerDirectory.issuerId(chainId, each.controller, each.salt)
      const id = Bytes.toHex(issuerId)
      const key = new SigningKey(keccak256(Bytes.concat(each.seed, each.salt)))
      const account = hex(computeAddress(key.publicKey))
      const controller = await impersonate(each.controller)

      const registered = await send(controller, 'register', Bytes.toHex(each.salt), each.did, each.profileDigest)
      expect(registered.events[0]?.slice(1, 3).map(String).map(hex)).to.deep.equal([id, each.controller])
      for (let i = 0; i < each.withdrawals; i++) await send(await impersonate(account), 'withdrawConsents')

      const deadline = registered.time + each.period
      const join = { chainId, directory, issuerId, account, nonce: each.withdrawals, deadline }
      const { serialized } = key.sign(IssuerDirectory.joinDigest(join))
      const added = await send(controller, 'addAccountBySignature', id, account, deadline, serialized)
      const keyAdded = await send(controller, 'addKey', id, Bytes.toHex(each.keyId))
      await setNext(keyAdded.time + each.from + each.late + 1)
      const from = keyAdded.time + each.from
      const reported = await send(controller, 'reportKey', id, Bytes.toHex(each.keyId), from)

      const word = async (slot: Uint8Array) => Bytes.fromHex(await storage(slot))
      const slots = IssuerDirectory.issuerSlots(issuerId)
      expect(await storage(IssuerDirectory.issuerOfSlot(account))).to.equal(id)
      expect(await storage(slots.controller)).to.equal(toBeHex(each.controller, 32))
      expect(await storage(slots.profileDigest)).to.equal(each.profileDigest)
      const ofAccount = Standing.fromWord(await word(IssuerDirectory.accountSlot(issuerId, account)))
      expect(ofAccount).to.deep.equal({ validFrom: added.time })
      const ofKey = Standing.fromWord(await word(IssuerDirectory.keySlot(issuerId, each.keyId)))
      const compromised = { from, reportedOn: reported.time }
      expect(ofKey).to.deep.equal({ validFrom: keyAdded.time, compromised })

      for (const time of [keyAdded.time - 1, keyAdded.time, from - 1, from, reported.time]) {
        const [answer] = (await ask('keySpokeFor', id, Bytes.toHex(each.keyId), time)) as [boolean]
        expect(Standing.spoke(ofKey, time)).to.equal(answer)
      }
      const entries = [registered, added, keyAdded, reported].flatMap(({ receipt, time }) =>
        receipt.logs.map(({ topics, data }) => ({ topics: topics.map((topic) => Bytes.fromHex(topic)), data, time })),
      )
      const head = IssuerHistory.head(entries.map((entry) => ({ ...entry, data: Bytes.fromHex(entry.data) })))
      expect(await storage(slots.head)).to.equal(Bytes.toHex(head))
      count++
    })
    await fc.assert(property, { numRuns: cases, seed: 1, endOnFailure: true })
    expect(count).to.be.at.least(cases)
  } finally {
    await chain.close()
  }
}
