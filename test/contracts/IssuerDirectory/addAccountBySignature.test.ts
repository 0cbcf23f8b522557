import { expect } from 'chai'
import { concat, dataSlice, Interface, keccak256, MaxUint256, Signature, toBeHex, Wallet } from 'ethers'
import * as Bytes from '../../../core/src/Bytes.ts'
import * as IssuerDirectory from '../../../core/src/IssuerDirectory.ts'
import {
  day,
  did,
  fold,
  hex,
  joinOf,
  nobody,
  profileDigest,
  salt,
  signatureOf,
  signing,
  specify,
  standing,
  walletFor,
  wallets,
  zero,
} from './world.ts'

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

specify('addAccountBySignature', (world) => {
  const add = (deadline: number | bigint, signature: string, account = signing.address, from = world().controller) =>
    [from, 'addAccountBySignature', world().issuerId, account, deadline, signature] as const

  /** That a signature makes no consent, and that nothing comes of it. */
  async function refusesSignature(signature: string, deadline: number | bigint, account = signing.address) {
    const { refuses, ask, issuerId } = world()
    await refuses(add(deadline, signature, account), 'ConsentMissing', issuerId, account)
    expect(await ask('issuerOf', account)).to.equal(zero)
    expect(await ask('nonceOf', account)).to.equal(0n)
  }

  /** The same if the account has signed something else than what is claimed. */
  async function refusesOther(difference: Partial<IssuerDirectory.Join>) {
    const join = await joinOf(world())
    await refusesSignature(signatureOf({ ...join, ...difference }), join.deadline)
    // And the one that was not changed would have counted.
    await world().send(...add(join.deadline, signatureOf(join)))
  }

  async function refusesForm(change: (signature: Signature) => string) {
    const join = await joinOf(world())
    await refusesSignature(change(Signature.from(signatureOf(join))), join.deadline)
  }

  const spelled = (r: string, s: string, v: number) => concat([r, s, toBeHex(v, 1)])
  const mirrored = ({ r, s, v }: Signature) => spelled(r, toBeHex(order - BigInt(s), 32), 55 - v)

  async function refusesWallet(code: string) {
    const { setCode, account } = world()
    await setCode(account.address, code)
    const { deadline } = await joinOf(world())
    for (const signature of ['0x', `0x${'11'.repeat(65)}`]) await refusesSignature(signature, deadline, account.address)
  }

  async function added() {
    const join = await joinOf(world())
    return world().send(...add(join.deadline, signatureOf(join)))
  }

  describe('addAccountBySignature', () => {
    describe('when the caller is not the controller', () => {
      it('it should revert with the issuer and the caller', async () => {
        const { stranger, refuses, issuerId } = world()
        const join = await joinOf(world())
        const call = add(join.deadline, signatureOf(join), signing.address, stranger)
        await refuses(call, 'NotController', issuerId, stranger.address)
      })
    })

    describe('when the deadline has passed', () => {
      it('it should revert with the deadline', async () => {
        const { refuses, setNext } = world()
        const join = await joinOf(world())
        await setNext(join.deadline + 1)
        await refuses(add(join.deadline, signatureOf(join)), 'ConsentDeadline', join.deadline)
        await refuses(add(1, signatureOf({ ...join, deadline: 1 })), 'ConsentDeadline', 1)
      })
    })

    describe('when the deadline is more than 30 days ahead', () => {
      it('it should revert with the deadline', async () => {
        const { refuses, now, setNext } = world()
        const next = (await now()) + 100
        const join = await joinOf(world(), { deadline: next + 30 * day + 1 })
        await setNext(next)
        await refuses(add(join.deadline, signatureOf(join)), 'ConsentDeadline', join.deadline)
      })

      it('it should revert with the largest deadline there is', async () => {
        const { refuses, issuerId, address } = world()
        const signature = await signing.signTypedData(
          { name: 'Laurel IssuerDirectory', version: '1', chainId: 31_337, verifyingContract: address },
          { Join: [...IssuerDirectory.joinTypedData(await joinOf(world())).types.Join] },
          { issuerId, account: signing.address, nonce: 0, deadline: MaxUint256 },
        )
        await refuses(add(MaxUint256, signature), 'ConsentDeadline', MaxUint256)
      })
    })

    describe('when the account has signed something else', () => {
      it('it should revert if the chain is another one', () => refusesOther({ chainId: 1 }))
      it('it should revert if the directory is another one', () =>
        refusesOther({ directory: '0x000000000000000000000000000000000000dead' }))
      it('it should revert if the issuer is another one', () => refusesOther({ issuerId: Bytes.fromHex(salt) }))
      it('it should revert if the account is another one', () =>
        refusesOther({ account: hex(world().account.address) }))
      it('it should revert if the nonce is another one', () => refusesOther({ nonce: 1 }))
      it('it should revert if the deadline is another one', async () =>
        refusesOther({ deadline: (await world().now()) + 3_601 }))
      it('it should revert if it is of another type, with the same members', async () => {
        const { domain, types, message } = IssuerDirectory.joinTypedData(await joinOf(world()))
        const leave = await signing.signTypedData(domain, { Leave: [...types.Join] }, message)
        await refusesSignature(leave, BigInt(message.deadline))
        const join = await signing.signTypedData(domain, { Join: [...types.Join] }, message)
        await world().send(...add(BigInt(message.deadline), join))
      })
      it("it should revert if it is a message of a wallet's own", async () => {
        const join = await joinOf(world())
        const signature = await signing.signMessage(IssuerDirectory.joinDigest(join))
        await refusesSignature(signature, join.deadline)
      })
    })

    describe('when the signature is not of one of the known forms', () => {
      it('it should revert if it is empty', () => refusesForm(() => '0x'))
      it('it should revert if it is 65 zeros', () => refusesForm(() => `0x${'00'.repeat(65)}`))
      it('it should revert if v is neither 27 nor 28', async () => {
        for (const v of [0, 1, 26, 29, 255]) await refusesForm(({ r, s }) => spelled(r, s, v))
        await refusesForm(({ r, s, v }) => spelled(r, s, 55 - v))
      })
      it('it should revert if r or s is zero', async () => {
        await refusesForm(({ s, v }) => spelled(zero, s, v))
        await refusesForm(({ r, v }) => spelled(r, zero, v))
      })
      it('it should revert if s is in the upper half', () => refusesForm(mirrored))
      it('it should revert if it is in the compact form of 64 bytes', () =>
        refusesForm(({ compactSerialized }) => compactSerialized))
      it('it should revert if it is cut short or has a byte too many', async () => {
        await refusesForm(({ serialized }) => dataSlice(serialized, 0, 64))
        await refusesForm(({ serialized }) => concat([serialized, '0x00']))
      })
    })

    describe('when somebody else has signed', () => {
      it('it should revert with the issuer and the account', async () => {
        const join = await joinOf(world())
        await refusesSignature(signatureOf(join, new Wallet(keccak256('0x04'))), join.deadline)
      })
    })

    describe('when the account is the zero address', () => {
      it('it should revert with 65 zeros', async () => {
        const { deadline } = await joinOf(world())
        await refusesSignature(`0x${'00'.repeat(65)}`, deadline, nobody)
      })
      it('it should revert with a signature that leads nowhere', async () => {
        const join = await joinOf(world(), { account: hex(nobody) })
        const { r, s } = Signature.from(signatureOf(join))
        await refusesSignature(spelled(r, s, 29), join.deadline, nobody)
        await refusesSignature(signatureOf(join), join.deadline, nobody)
      })
    })

    describe('when the signature has been used', () => {
      it('it should revert with the account and the issuer, in every form of it', async () => {
        const { send, refuses, issuerId } = world()
        const join = await joinOf(world())
        const signature = Signature.from(signatureOf(join))
        await send(...add(join.deadline, signature.serialized))
        await refuses(add(join.deadline, signature.serialized), 'AccountTaken', signing.address, issuerId)
        for (const other of [mirrored(signature), signature.compactSerialized])
          await refuses(add(join.deadline, other), 'ConsentMissing', issuerId, signing.address)
      })
    })

    describe('when the account has code', () => {
      const erc1271 = new Interface(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)'])

      /** Puts a contract into place that agrees to one digest with one signature, and joins it. */
      async function join(signature: string, difference: Partial<IssuerDirectory.Join> = {}) {
        const { account, setCode } = world()
        const join = await joinOf(world(), { account: hex(account.address) })
        const digest = IssuerDirectory.joinDigest({ ...join, ...difference })
        await setCode(account.address, walletFor(erc1271.encodeFunctionData('isValidSignature', [digest, signature])))
        return join
      }

      it('it should ask it with the digest and the signature', async () => {
        const { account, send, ask, issuerId } = world()
        const signature = `0x${'5a'.repeat(65)}`
        const { deadline } = await join(signature)
        await refusesSignature(`0x${'5b'.repeat(65)}`, deadline, account.address)
        const { time } = await send(...add(deadline, signature, account.address))
        expect(await ask('standingOf', issuerId, account.address)).to.deep.equal(standing(time))
        expect(await ask('issuerOf', account.address)).to.equal(issuerId)
      })

      it('it should take a signature of any length that it agrees to', async () => {
        const { account, chain, send, ask, issuerId } = world()
        const snapshot = await chain.networkHelpers.takeSnapshot()
        for (const length of [0, 1, 64, 130, 1_000]) {
          const signature = `0x${'5a'.repeat(length)}`
          const { deadline } = await join(signature)
          await send(...add(deadline, signature, account.address))
          expect(await ask('issuerOf', account.address)).to.equal(issuerId)
          await snapshot.restore()
        }
      })

      it('it should revert if it agrees to something else', async () => {
        const { account } = world()
        const { deadline } = await join('0x5a', { issuerId: Bytes.fromHex(salt) })
        await refusesSignature('0x5a', deadline, account.address)
      })

      it('it should revert if it answers with more than the magic value', () => refusesWallet(wallets.sloppy))

      it('it should revert if it answers with less', async () => {
        await refusesWallet(wallets.short)
        await refusesWallet(wallets.silent)
      })

      it('it should revert if it answers with something else', async () => {
        await refusesWallet(wallets.nodding)
        await refusesWallet(wallets.shifted)
      })

      it('it should revert if it answers with a mebibyte', () => refusesWallet(wallets.flooding))

      it('it should revert if it reverts', async () => {
        await refusesWallet(wallets.reverting)
        await refusesWallet(wallets.raging)
      })

      it('it should revert if it takes all gas', async () => {
        await refusesWallet(wallets.invalid)
        const { controller, account, directory, address, setCode, issuerId, ask } = world()
        await setCode(account.address, wallets.endless)
        const { deadline } = await joinOf(world())
        const data = directory.interface.encodeFunctionData('addAccountBySignature', [
          issuerId,
          account.address,
          deadline,
          '0x',
        ])
        // With a limit, because a node that estimates would loop for millions of steps.
        await expect(controller.sendTransaction({ to: address, data, gasLimit: 500_000 }))
          .to.be.revertedWithCustomError(directory, 'IssuerDirectory_ConsentMissing')
          .withArgs(issuerId, account.address)
        expect(await ask('issuerOf', account.address)).to.equal(zero)
      })

      it('it should revert if it has the code to agree but belongs to another issuer', async () => {
        const { account, stranger, setCode, send, refuses } = world()
        const { events } = await send(stranger, 'register', salt, did, profileDigest)
        const another = events[0]?.[1]
        await setCode(account.address, wallets.agreeing)
        const { deadline } = await joinOf(world())
        await send(stranger, 'addAccountBySignature', another, account.address, deadline, '0x')
        await refuses(add(deadline, '0x', account.address), 'AccountTaken', account.address, another)
      })

      it('it should take the signature of its own key whatever its code says', async () => {
        const { setCode, ask, issuerId } = world()
        await setCode(signing.address, wallets.reverting)
        await added()
        expect(await ask('issuerOf', signing.address)).to.equal(issuerId)
      })
    })

    describe('when the deadline is the time of the block', () => {
      it('it should add the account', async () => {
        const { send, setNext, ask, issuerId } = world()
        const join = await joinOf(world())
        await setNext(join.deadline)
        await send(...add(join.deadline, signatureOf(join)))
        expect(await ask('standingOf', issuerId, signing.address)).to.deep.equal(standing(join.deadline))
      })
    })

    describe('when the deadline is 30 days ahead', () => {
      it('it should add the account', async () => {
        const { send, now, setNext, ask, issuerId } = world()
        const next = (await now()) + 100
        const join = await joinOf(world(), { deadline: next + 30 * day })
        await setNext(next)
        await send(...add(join.deadline, signatureOf(join)))
        expect(await ask('standingOf', issuerId, signing.address)).to.deep.equal(standing(next))
      })
    })

    describe('when the account has signed', () => {
      it('it should keep the time of the block and nothing else against it', async () => {
        const { time } = await added()
        expect(await world().ask('standingOf', world().issuerId, signing.address)).to.deep.equal(standing(time))
      })

      it('it should keep whose account it is', async () => {
        await added()
        expect(await world().ask('issuerOf', signing.address)).to.equal(world().issuerId)
      })

      it('it should emit {AccountAdded} and nothing else', async () => {
        const { events } = await added()
        expect(events).to.deep.equal([['AccountAdded', world().issuerId, signing.address]])
      })

      it('it should fold it into the head', async () => {
        const { ask, issuerId, registered } = world()
        expect(fold(registered, await added())).to.equal(await ask('headOf', issuerId))
      })

      it('it should leave the nonce as it was', async () => {
        await added()
        expect(await world().ask('nonceOf', signing.address)).to.equal(0n)
        expect(await world().ask('consentOf', signing.address)).to.equal(zero)
      })
    })
  })
})
