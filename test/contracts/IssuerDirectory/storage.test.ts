import { expect } from 'chai'
import { keccak256, toBeHex } from 'ethers'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as IssuerDirectory from '../../../core/src/IssuerDirectory.ts'
import * as Standing from '../../../core/src/Standing.ts'
import * as Support from '../support.ts'
import { compileFirst, did, fold, hex, profileDigest, salt, worldOf, zero } from './world.ts'

describe("the directory's storage", () => {
  for (const profile of Support.profiles) {
    compileFirst(profile)

    it(`is where its interface says, as eth_getProof has it, under the ${profile} profile`, async () => {
      const chain = await Support.chain()
      try {
        const address = '0x00000000000000000000000000000000d17ec702'
        const { runtimeCode } = await Support.compile(profile, 'IssuerDirectory')
        await chain.provider.request({ method: 'hardhat_setCode', params: [address, runtimeCode] })
        const { controller, candidate, account, issuerId, send, now, setNext } = await worldOf(chain, address)
        const long = `did:web:badges.example.org:${'x'.repeat(40)}`
        const history = [await send(controller, 'register', salt, did, profileDigest)]
        await send(account, 'consent', issuerId)
        const start = (await now()) + 1_000
        const next = async (time: number, ...call: readonly [name: string, ...args: unknown[]]) => {
          await setNext(start + time)
          history.push(await send(controller, ...call))
        }
        await next(0, 'addAccount', issuerId, account.address)
        await next(1, 'addKey', issuerId, salt)
        await next(2, 'offerController', issuerId, candidate.address)
        await next(3, 'retireAccount', issuerId, account.address)
        await next(100, 'reportAccount', issuerId, account.address, start + 2)
        await next(101, 'reportKey', issuerId, salt, start + 50)
        await send(account, 'withdrawConsents')
        await send(account, 'withdrawConsents')
        await send(account, 'consent', issuerId)

        const id = Bytes.fromHex(issuerId)
        const holder = hex(account.address)
        const slots = IssuerDirectory.issuerSlots(id)
        const consents = keccak256(`0x${holder.slice(2).padStart(64, '0')}${toBeHex(4, 32).slice(2)}`)
        const standing = {
          validFrom: start,
          retiredOn: start + 3,
          compromised: { from: start + 2, reportedOn: start + 100 },
        }
        const expected = new Map<Bytes.Hex, string>([
          [Bytes.toHex(slots.controller), toBeHex(controller.address, 32)],
          [Bytes.toHex(slots.candidate), toBeHex(candidate.address, 32)],
          [Bytes.toHex(slots.head), fold(...history)],
          [Bytes.toHex(slots.profileDigest), profileDigest],
          // Solidity writes a short string into the slot's high bytes, and twice its length into the lowest.
          [
            Bytes.toHex(slots.did),
            `0x${Buffer.from(did).toString('hex').padEnd(62, '0')}${(2 * did.length).toString(16)}`,
          ],
          [Bytes.toHex(IssuerDirectory.issuerOfSlot(holder)), issuerId],
          [consents as Bytes.Hex, issuerId],
          [toBeHex(BigInt(consents) + 1n, 32) as Bytes.Hex, toBeHex(2, 32)],
        ])
        const proof = async (keys: readonly string[]) => {
          const answer = await chain.provider.request({ method: 'eth_getProof', params: [address, keys, 'latest'] })
          const { storageProof } = answer as {
            storageProof: readonly { key: string; value: string; proof: string[] }[]
          }
          expect(storageProof.map(({ key }) => key)).to.deep.equal(keys)
          for (const each of storageProof) expect(each.proof).not.to.deep.equal([])
          return storageProof.map(({ value }) => toBeHex(BigInt(value), 32))
        }
        expect(await proof([...expected.keys()])).to.deep.equal([...expected.values()])

        const places = [IssuerDirectory.accountSlot(id, holder), IssuerDirectory.keySlot(id, Bytes.fromHex(salt))]
        const [ofAccount, ofKey] = (await proof(places.map(Bytes.toHex))).map((word) =>
          Standing.fromWord(Bytes.fromHex(word)),
        )
        expect(ofAccount).to.deep.equal(standing)
        expect(ofKey).to.deep.equal({
          validFrom: start + 1,
          compromised: { from: start + 50, reportedOn: start + 101 },
        })

        // A longer DID: twice its length and one in the slot, the bytes where the slot's digest says.
        await next(200, 'describe', issuerId, long, zero)
        const first = BigInt(keccak256(slots.did))
        const words = await proof([Bytes.toHex(slots.did), ...[0n, 1n, 2n].map((i) => toBeHex(first + i, 32))])
        expect(BigInt(words[0] ?? 0)).to.equal(2n * BigInt(long.length) + 1n)
        const bytes = Buffer.from(
          words
            .slice(1)
            .map((word) => word.slice(2))
            .join(''),
          'hex',
        )
        expect(bytes.subarray(0, long.length).toString()).to.equal(long)
      } finally {
        await chain.close()
      }
    })
  }
})
