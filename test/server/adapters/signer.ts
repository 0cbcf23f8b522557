import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import * as Bytes from '@laurel/core/Bytes'
import * as Multikey from '@laurel/core/Multikey'
import * as Sha256 from '@laurel/core/Sha256'
import { ed25519 } from '@noble/curves/ed25519.js'
import { expect } from 'chai'
import { recoverAddress } from 'viem'
import * as KeystoreSigners from '../../../server/src/adapters/signer/KeystoreSigners.ts'
import type { ChainSigner } from '../../../server/src/ports/ChainSigner.ts'
import * as Cli from '../../support/Cli.ts'
import * as KeyPair from '../../support/KeyPair.ts'

/** Where keys are kept, to run the contracts of the ports against. */
export type Place = {
  /** What is said to a home about keys here. */
  readonly elsewhere: KeystoreSigners.Elsewhere | undefined
  /** Brings another key, and says what is said from now on; the home makes its own. */
  readonly another: (purpose: KeystoreSigners.Placed) => Promise<KeystoreSigners.Elsewhere | undefined>
  /** The secret halves that the test knows, and what opens the place. */
  readonly secrets: (home: string) => Promise<readonly Uint8Array[]>
  /** Takes the place away and puts it back; what is in the home is always there. */
  readonly outage?: { readonly begin: () => Promise<void> | void; readonly end: () => Promise<void> | void }
}

/** EIP-2: half of the order of secp256k1. */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n

/** The code of the error with which a promise is rejected. */
export async function refusal(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return String((error as { readonly code?: unknown }).code ?? error)
  }
  return 'none'
}

/** Every way in which somebody might see a value. */
export function shown(value: unknown): string {
  const error = value as Partial<Error>
  const all = { depth: 12, showHidden: true, getters: true, maxArrayLength: null, maxStringLength: null } as const
  return [
    inspect(value, all),
    JSON.stringify(value) ?? '',
    String(value),
    error.stack ?? '',
    inspect(error.cause, all),
  ].join('\n')
}

/** A secret as it may be written. */
export function spellings(secret: Uint8Array): readonly string[] {
  const buffer = Buffer.from(secret)
  return [
    buffer.toString('hex'),
    buffer.toString('base64'),
    buffer.toString('base64url'),
    buffer.join(', '),
    buffer.join(','),
    buffer.toString('latin1'),
    BigInt(`0x${buffer.toString('hex')}`).toString(),
  ]
}

/**
 * What every place does in which keys are kept: the contracts of `CredentialSigner`, `ChainSigner` and `Keyring`.
 *
 * @param mayBeAway whether the place can be out of reach while its process goes on
 */
export function shouldBehaveLikeSigners(
  { mayBeAway }: { readonly mayBeAway: boolean },
  create: () => Promise<Place>,
): void {
  let place: Place
  let home: string
  let remove: () => Promise<void>
  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
    place = await create()
  })
  afterEach(() => remove())
  const open = (elsewhere = place.elsewhere) => KeystoreSigners.open(home, undefined, elsewhere)
  const keyring = (elsewhere = place.elsewhere) => KeystoreSigners.keyring(home, undefined, elsewhere)
  const random = (length: number) => crypto.getRandomValues(new Uint8Array(length))

  const expectSigned = async (signer: ChainSigner) => {
    const message = random(40)
    const digest = Sha256.digest(message)
    const { r, s, yParity } = await signer.signDigest(digest)
    const hash = Bytes.toHex(digest)
    expect((await recoverAddress({ hash, signature: { r, s, yParity } })).toLowerCase()).to.equal(signer.address)
    expect(BigInt(s) <= halfOrder, 's is in the lower half of the order').to.equal(true)
    const signature = Bytes.concat(Bytes.fromHex(r, 32), Bytes.fromHex(s, 32))
    const isSigned = KeyPair.isSigned(Bytes.concat(signer.x, signer.y), 'secp256k1', message, signature)
    expect(isSigned, 'OpenSSL takes it').to.equal(true)
  }

  it('signs many messages at once, each as Ed25519 has it, in their order', async () => {
    const { credentialSigner } = await open()
    const messages = Array.from({ length: 200 }, (_, i) => random(1 + i * 7))
    const signatures = await credentialSigner.sign(messages)
    expect(signatures.length).to.equal(messages.length)
    for (const [i, message] of messages.entries()) {
      const signature = signatures[i] as Uint8Array
      const { publicKey } = credentialSigner
      expect(KeyPair.isSigned(publicKey, 'ed25519', message, signature), `OpenSSL takes ${i}`).to.equal(true)
      expect(ed25519.verify(signature, message, publicKey), `noble takes ${i}`).to.equal(true)
    }
  })

  it('signs nothing where it is given nothing, and the same message twice alike', async () => {
    const { credentialSigner } = await open()
    expect(await credentialSigner.sign([])).to.deep.equal([])
    const message = random(64)
    const [first, second] = await credentialSigner.sign([message, message])
    expect(Bytes.equals(first as Uint8Array, second as Uint8Array)).to.equal(true)
  })

  it('signs digests so that the account can be recovered, with the lower s, many at once', async () => {
    const { chainSigner } = await open()
    await Promise.all(Array.from({ length: 40 }, () => expectSigned(chainSigner)))
  })

  it('has the same keys in every process, however many open them at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => open()))
    expect(new Set(all.map(({ chainSigner }) => chainSigner.address)).size).to.equal(1)
    expect(new Set(all.map(({ credentialSigner }) => Bytes.toHex(credentialSigner.publicKey))).size).to.equal(1)
    for (const { check, credentialKeys } of all) {
      await check()
      expect(credentialKeys.length).to.equal(1)
    }
  })

  it('has an account of its own for each purpose, and none that was not asked for', async () => {
    await open()
    expect(await keyring().accounts('controller')).to.deep.equal([])
    const addresses = new Set<string>()
    for (const purpose of ['chain', 'controller', 'badges'] as const) {
      const account = await keyring().account(purpose)
      addresses.add(account.address)
      await expectSigned(account)
      expect((await keyring().accounts(purpose)).map(({ address }) => address)).to.deep.equal([account.address])
    }
    expect(addresses.size).to.equal(3)
  })

  it('replaces an account: the next one is there before it is in use, and the old one still signs', async () => {
    const old = (await open()).chainSigner
    const elsewhere = await place.another('chain')
    expect(await keyring(elsewhere).hasNext('chain')).to.equal(false)
    const next = await keyring(elsewhere).nextAccount('chain')
    expect((await keyring(elsewhere).nextAccount('chain')).address).to.equal(next.address)
    expect(next.address).to.not.equal(old.address)
    expect((await keyring(elsewhere).account('chain')).address).to.equal(old.address)
    expect(await keyring(elsewhere).hasNext('chain')).to.equal(true)
    await expectSigned(next)
    await keyring(elsewhere).promote('chain')
    expect(await keyring(elsewhere).hasNext('chain')).to.equal(false)
    const signers = await open(elsewhere)
    await signers.check()
    expect(signers.chainSigner.address).to.equal(next.address)
    await expectSigned(signers.chainSigner)
    const all = await keyring(elsewhere).accounts('chain')
    expect(all.map(({ address }) => address)).to.deep.equal([old.address, next.address])
    for (const signer of all) await expectSigned(signer)
  })

  it('replaces the credential key, and keeps the public half of the old one', async () => {
    const old = (await open()).credentialSigner.publicKey
    const elsewhere = await place.another('credential')
    const next = await keyring(elsewhere).nextCredentialKey()
    expect((await open(elsewhere)).credentialSigner.publicKey).to.deep.equal(old)
    await keyring(elsewhere).promote('credential')
    const { credentialSigner, credentialKeys, check } = await open(elsewhere)
    await check()
    expect(credentialKeys.map(Multikey.fromEd25519)).to.deep.equal([old, next].map(Multikey.fromEd25519))
    const message = random(64)
    const [signature] = await credentialSigner.sign([message])
    expect(KeyPair.isSigned(next, 'ed25519', message, signature as Uint8Array)).to.equal(true)
    expect(KeyPair.isSigned(old, 'ed25519', message, signature as Uint8Array)).to.equal(false)
  })

  it('lists what there is, and each key signs when it is tried', async () => {
    expect(await KeystoreSigners.list(home, undefined, place.elsewhere)).to.deep.equal([])
    const { chainSigner, credentialSigner } = await open()
    const listed = await KeystoreSigners.list(home, undefined, place.elsewhere)
    expect(listed.map(({ purpose, standing, id }) => [purpose, standing, id])).to.deep.equal([
      ['credential', 'in use', Multikey.fromEd25519(credentialSigner.publicKey)],
      ['chain', 'in use', chainSigner.address],
    ])
    for (const { test } of listed) await test()
  })

  it('shows no secret to whoever prints it, and writes none into the home', async () => {
    const { credentialSigner, chainSigner } = await open()
    await credentialSigner.sign([random(64)])
    await chainSigner.signDigest(random(32))
    const account = await keyring().account('badges')
    const seen = shown([credentialSigner, chainSigner, account, place.elsewhere])
    const files = await Promise.all(
      (await readdir(join(home, 'keys'))).map((name) => readFile(join(home, 'keys', name), 'latin1')),
    )
    const secrets = await place.secrets(home)
    expect(secrets.length).to.be.greaterThan(0)
    for (const secret of secrets)
      for (const spelling of spellings(secret))
        expect(seen.includes(spelling) || files.some((file) => file.includes(spelling))).to.equal(false)
  })

  if (mayBeAway) {
    const during = async (work: (outage: NonNullable<Place['outage']>) => Promise<void>) => {
      const { outage } = place
      if (outage === undefined) throw new Error('This place cannot be away')
      try {
        await work(outage)
      } finally {
        await outage.end()
      }
    }

    it('signs all or nothing while its place is away, says so, and signs again once it is back', () =>
      during(async (outage) => {
        const { credentialSigner, chainSigner, check } = await open()
        await credentialSigner.sign([random(64)])
        await outage.begin()
        const messages = Array.from({ length: 20 }, () => random(64))
        for (const work of [
          () => credentialSigner.sign(messages),
          () => chainSigner.signDigest(random(32)),
          async () => (await open()).check(),
        ]) {
          const error = await work().then(
            () => undefined,
            (reason) => reason,
          )
          expect(error?.code).to.equal('SIGNER_UNREACHABLE')
          for (const secret of await place.secrets(home))
            for (const spelling of spellings(secret)) expect(shown(error).includes(spelling)).to.equal(false)
        }
        await outage.end()
        const signatures = await credentialSigner.sign(messages)
        for (const [i, message] of messages.entries())
          expect(
            KeyPair.isSigned(credentialSigner.publicKey, 'ed25519', message, signatures[i] as Uint8Array),
          ).to.equal(true)
        await expectSigned(chainSigner)
        await check()
      }))

    it('opens a home while its place is away: only what is to be signed waits', () =>
      during(async (outage) => {
        const { credentialSigner, chainSigner } = await open()
        await outage.begin()
        const opened = await open()
        expect(opened.chainSigner.address).to.equal(chainSigner.address)
        expect(opened.credentialSigner.publicKey).to.deep.equal(credentialSigner.publicKey)
      }))
  }

  it('refuses another key in place of the one that is in use', async () => {
    await open()
    const path = join(home, 'keys', 'chain.json')
    const file = JSON.parse(await readFile(path, 'utf8'))
    const other = await Cli.createHome()
    try {
      if (file.type === 'LaurelKey') {
        // Of another home, under another passphrase.
        await KeystoreSigners.open(other.home, undefined)
        await mkdir(join(home, 'keys'), { recursive: true })
        await copyFile(join(other.home, 'keys', 'chain.json'), path)
        expect(await refusal(open())).to.equal('KEY_PASSPHRASE')
        return
      }
      const { publicKey } = KeyPair.generate('secp256k1')
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
      const half = Bytes.toHex(Bytes.concat(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')))
      await writeFile(path, JSON.stringify({ ...file, publicKey: half }))
      const { check, chainSigner } = await open()
      expect(await refusal(check())).to.equal('SIGNER_MISMATCH')
      expect(await refusal(chainSigner.signDigest(random(32)))).to.equal('SIGNER_MISMATCH')
    } finally {
      await other.remove()
    }
  })

  it('refuses to start with another key than the operator names, and to let one follow itself', async () => {
    await open()
    const elsewhere = (await place.another('chain')) ?? {
      at: { chain: 'aws-kms:arn:aws:kms:eu-central-1:111122223333:key/none' },
      open: () => Promise.reject(new TypeError('It is not asked')),
      generate: async () => false,
    }
    expect(await refusal((await open(elsewhere)).check())).to.equal('KEY_NOT_IN_USE')
    if (place.elsewhere !== undefined) expect(await refusal(keyring().nextAccount('chain'))).to.equal('KEY_SAME')
  })
}
