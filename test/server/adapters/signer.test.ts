import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import fc from 'fast-check'
import * as AwsKms from '../../../server/src/adapters/signer/AwsKms.ts'
import * as GcpKms from '../../../server/src/adapters/signer/GcpKms.ts'
import * as Keystore from '../../../server/src/adapters/signer/Keystore.ts'
import * as KeystoreSigners from '../../../server/src/adapters/signer/KeystoreSigners.ts'
import * as Kms from '../../../server/src/adapters/signer/Kms.ts'
import * as Pkcs11Key from '../../../server/src/adapters/signer/Pkcs11Key.ts'
import type { Kind } from '../../../server/src/adapters/signer/RemoteKey.ts'
import * as Secp256k1 from '../../../server/src/adapters/signer/Secp256k1.ts'
import * as KeyUri from '../../../server/src/KeyUri.ts'
import * as AwsKmsStub from '../../support/AwsKmsStub.ts'
import * as Cli from '../../support/Cli.ts'
import * as GcpKmsStub from '../../support/GcpKmsStub.ts'
import * as KeyPair from '../../support/KeyPair.ts'
import * as SoftHsm from '../../support/SoftHsm.ts'
import { type Place, refusal, shouldBehaveLikeSigners, shown, spellings } from './signer.ts'

/** Gives up soon what is turned away, but waits for an answer as long as a busy machine may need. */
const impatient: Kms.Manner = { ...Kms.manner, timeout: 20_000, patience: 200, pause: 5 }
/** Gives up a service that never answers. */
const hasty: Kms.Manner = { ...impatient, timeout: 1_000 }
const never = new AbortController().signal
const kinds: readonly Kind[] = ['ed25519', 'secp256k1']
const kindOf = (purpose: KeystoreSigners.Placed): Kind => (purpose === 'credential' ? 'ed25519' : 'secp256k1')

/** A key for each purpose, where `make` brings them. */
async function placeOf(
  make: (kind: Kind) => Promise<string> | string,
  open: KeystoreSigners.Elsewhere['open'],
  rest: Pick<Place, 'secrets' | 'outage'>,
): Promise<Place> {
  const at: Partial<Record<KeystoreSigners.Placed, string>> = {}
  for (const purpose of KeystoreSigners.placed) at[purpose] = await make(kindOf(purpose))
  const generate = async () => false
  return {
    elsewhere: { at, open, generate },
    another: async (purpose) => ({ at: { ...at, [purpose]: await make(kindOf(purpose)) }, open, generate }),
    ...rest,
  }
}

describe('Signers', function () {
  this.timeout(60_000)

  describe('whose keys are in the keystore', () => {
    shouldBehaveLikeSigners({ mayBeAway: false }, async () => ({
      elsewhere: undefined,
      another: async () => undefined,
      secrets: async (home) => {
        const passphrase = await Keystore.readPassphrase(home, undefined)
        const secrets = []
        for (const purpose of ['credential', 'chain', 'badges'] as const)
          for (const key of await Keystore.loadAll(home, purpose, passphrase))
            if ('secret' in key) secrets.push(key.secret)
        return secrets
      },
    }))
  })

  describe('whose keys are at AWS KMS, on a stub of its API', () => {
    let stub: AwsKmsStub.AwsKmsStub
    let home: string
    let remove: () => Promise<void>
    beforeEach(async () => {
      stub = await AwsKmsStub.start()
      ;({ home, remove } = await Cli.createHome())
      const { id, secret, token } = AwsKmsStub.credentials
      await writeFile(
        join(home, 'credentials'),
        `[other]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n\n[laurel]\naws_access_key_id = ${id}\naws_secret_access_key=${secret}\naws_session_token = ${token}\n`,
      )
      await writeFile(join(home, 'token'), `${AwsKmsStub.containerToken}\n`)
    })
    afterEach(async () => {
      await stub.stop()
      await remove()
    })
    const fromContainer = () => ({
      file: undefined,
      profile: 'default',
      container: `${stub.url}/container`,
      containerTokenFile: join(home, 'token'),
      metadata: 'http://127.0.0.1:9',
    })
    const parse = (uri: string) => KeyUri.parse(uri) as KeyUri.AwsKms
    const open = (kind: Kind, uri = stub.create(kind), manner = impatient) =>
      AwsKms.open(parse(uri), kind, fromContainer(), manner)

    shouldBehaveLikeSigners({ mayBeAway: true }, () =>
      placeOf(
        (kind) => stub.create(kind),
        (uri, kind) => AwsKms.open(uri as KeyUri.AwsKms, kind, fromContainer(), impatient),
        {
          secrets: async () => [
            ...[...stub.keys.values()].map(({ pair }) => pair.secret),
            Bytes.fromUtf8(AwsKmsStub.credentials.secret),
          ],
          outage: {
            begin: () => {
              stub.mode = 'down'
            },
            end: () => {
              stub.mode = 'honest'
            },
          },
        },
      ),
    )

    for (const [mode, code] of [
      ['down', 'SIGNER_UNREACHABLE'],
      ['hangs', 'SIGNER_UNREACHABLE'],
      ['html', 'SIGNER_UNREACHABLE'],
      ['throttled', 'SIGNER_BUSY'],
      ['denied', 'SIGNER_REFUSED'],
    ] as const)
      it(`signs nothing at a service in the mode ${mode}: ${code}`, async () => {
        for (const kind of kinds) {
          stub.mode = 'honest'
          const manner = mode === 'hangs' ? hasty : impatient
          const key = await open(kind, undefined, manner)
          stub.mode = mode
          expect(await refusal(key.sign(new Uint8Array(32), never)), kind).to.equal(code)
          expect(await refusal(open(kind, undefined, manner)), kind).to.equal(code)
        }
      })

    for (const mode of ['other-key', 'damaged'] as const)
      it(`hands out no signature of a service in the mode ${mode}: SIGNER_FAULTY`, async () => {
        const elsewhere = {
          at: { credential: stub.create('ed25519'), chain: stub.create('secp256k1') },
          open: (uri: KeyUri.KeyUri, kind: Kind) => AwsKms.open(uri as KeyUri.AwsKms, kind, fromContainer(), impatient),
          generate: async () => false,
        }
        const { credentialSigner, chainSigner } = await KeystoreSigners.open(home, undefined, elsewhere)
        stub.mode = mode
        expect(await refusal(credentialSigner.sign([new Uint8Array(64)]))).to.equal('SIGNER_FAULTY')
        expect(await refusal(chainSigner.signDigest(new Uint8Array(32).fill(1)))).to.equal('SIGNER_FAULTY')
      })

    it('refuses a key that is disabled, missing, of another kind, or elsewhere than its name says', async () => {
      const uri = stub.create('ed25519')
      const key = stub.keys.get(parse(uri).arn)
      if (key === undefined) throw new Error('It was made')
      expect(await refusal(open('secp256k1', uri))).to.equal('SIGNER_KEY_KIND')
      key.state = 'Disabled'
      expect(await refusal(open('ed25519', uri))).to.equal('SIGNER_REFUSED')
      expect(await refusal(open('ed25519', uri.replace(/key\/[^?]+/, 'key/none')))).to.equal('SIGNER_KEY_MISSING')
    })

    it('signs by the clock of AWS where its own is an hour slow, or fast', async () => {
      for (const ahead of [3_600_000, -3_600_000]) {
        stub.ahead = ahead
        const { publicKey, sign } = await open('ed25519')
        const message = Bytes.fromUtf8('on time')
        expect(KeyPair.isSigned(publicKey, 'ed25519', message, await sign(message, never))).to.equal(true)
      }
    })

    it('waits and asks again where it is asked too much of, and not all at once', async () => {
      const { publicKey, sign } = await open('ed25519', undefined, { ...Kms.manner, width: 16, pause: 20 })
      stub.quota = 50
      stub.latency = 1
      const messages = Array.from({ length: 120 }, (_, i) => Bytes.fromUint(i, 8))
      const signatures = await Promise.all(messages.map((message) => sign(message, never)))
      for (const [i, message] of messages.entries())
        expect(KeyPair.isSigned(publicKey, 'ed25519', message, signatures[i] as Uint8Array)).to.equal(true)
      expect(stub.seen.throttled).to.be.greaterThan(0)
      expect(stub.seen.most).to.be.at.most(16)
    })

    it('gives up what waits as soon as one of many cannot be signed', async () => {
      const at = { credential: stub.create('ed25519'), chain: stub.create('secp256k1') }
      const open = (uri: KeyUri.KeyUri, kind: Kind) =>
        AwsKms.open(uri as KeyUri.AwsKms, kind, fromContainer(), { ...impatient, width: 4 })
      const elsewhere = { at, open, generate: async () => false }
      const { credentialSigner } = await KeystoreSigners.open(home, undefined, elsewhere)
      await credentialSigner.sign([new Uint8Array(1)])
      stub.mode = 'denied'
      stub.seen.signed = 0
      expect(await refusal(credentialSigner.sign(Array(500).fill(new Uint8Array(8))))).to.equal('SIGNER_REFUSED')
      expect(stub.seen.signed).to.be.lessThan(20)
    })

    it('refuses a message that AWS does not take, before it is sent', async () => {
      const { sign } = await open('ed25519')
      expect((await sign(new Uint8Array(4_096), never)).length).to.equal(64)
      expect(await refusal(sign(new Uint8Array(4_097), never))).to.equal('SIGNER_REFUSED')
    })

    it('shows itself by a file, or by what the machine hands out; and says nothing of either in an error', async () => {
      const uri = parse(stub.create('ed25519'))
      const nobody = { ...fromContainer(), container: undefined }
      const metadata = { ...nobody, metadata: stub.url }
      expect((await AwsKms.open(uri, 'ed25519', metadata, impatient)).publicKey.length).to.equal(32)
      expect(await refusal(AwsKms.open(uri, 'ed25519', nobody, impatient))).to.equal('SIGNER_UNREACHABLE')
      const file = { ...nobody, file: join(home, 'credentials'), profile: 'laurel' }
      expect((await AwsKms.open(uri, 'ed25519', file, impatient)).publicKey.length).to.equal(32)
      const other = { ...file, profile: 'other' }
      const error = await AwsKms.open(uri, 'ed25519', other, impatient).catch((reason) => reason)
      expect(error.code).to.equal('SIGNER_REFUSED')
      expect(error.facts.why).to.equal('UnrecognizedClientException')
      for (const spelling of spellings(Bytes.fromUtf8(AwsKmsStub.credentials.secret)))
        expect(shown(error).includes(spelling)).to.equal(false)
      expect(await refusal(AwsKms.open(uri, 'ed25519', { ...file, profile: 'none' }, impatient))).to.equal(
        'SIGNER_UNREACHABLE',
      )
    })
  })

  describe('whose keys are at Google Cloud KMS, on a stub of its API', () => {
    let stub: GcpKmsStub.GcpKmsStub
    let home: string
    let remove: () => Promise<void>
    beforeEach(async () => {
      stub = await GcpKmsStub.start()
      ;({ home, remove } = await Cli.createHome())
      await writeFile(join(home, 'account.json'), JSON.stringify(stub.account))
    })
    afterEach(async () => {
      await stub.stop()
      await remove()
    })
    const fromFile = () => ({ file: join(home, 'account.json'), metadata: 'http://127.0.0.1:9' })
    const parse = (uri: string) => KeyUri.parse(uri) as KeyUri.GcpKms
    const open = (kind: Kind, uri = stub.create(kind), manner = impatient) =>
      GcpKms.open(parse(uri), kind, fromFile(), manner)

    shouldBehaveLikeSigners({ mayBeAway: true }, () =>
      placeOf(
        (kind) => stub.create(kind),
        (uri, kind) => GcpKms.open(uri as KeyUri.GcpKms, kind, fromFile(), impatient),
        {
          secrets: async () => [...stub.keys.values()].map(({ pair }) => pair.secret),
          outage: {
            begin: () => {
              stub.mode = 'down'
            },
            end: () => {
              stub.mode = 'honest'
            },
          },
        },
      ),
    )

    for (const [mode, code] of [
      ['down', 'SIGNER_UNREACHABLE'],
      ['hangs', 'SIGNER_UNREACHABLE'],
      ['html', 'SIGNER_UNREACHABLE'],
      ['throttled', 'SIGNER_BUSY'],
      ['denied', 'SIGNER_REFUSED'],
      ['wrong-checksum', 'SIGNER_FAULTY'],
      ['other-name', 'SIGNER_FAULTY'],
    ] as const)
      it(`signs nothing at a service in the mode ${mode}: ${code}`, async () => {
        for (const kind of kinds) {
          stub.mode = 'honest'
          const manner = mode === 'hangs' ? hasty : impatient
          const key = await open(kind, undefined, manner)
          stub.mode = mode
          expect(await refusal(key.sign(new Uint8Array(32), never)), kind).to.equal(code)
          expect(await refusal(open(kind, undefined, manner)), kind).to.equal(code)
        }
      })

    for (const mode of ['other-key', 'unchecked'] as const)
      it(`hands out no signature of a service in the mode ${mode}: SIGNER_FAULTY`, async () => {
        const at = { credential: stub.create('ed25519'), chain: stub.create('secp256k1') }
        const openOne = (uri: KeyUri.KeyUri, kind: Kind) =>
          GcpKms.open(uri as KeyUri.GcpKms, kind, fromFile(), impatient)
        const elsewhere = { at, open: openOne, generate: async () => false }
        const { credentialSigner, chainSigner } = await KeystoreSigners.open(home, undefined, elsewhere)
        stub.mode = mode
        expect(await refusal(credentialSigner.sign([new Uint8Array(64)]))).to.equal('SIGNER_FAULTY')
        expect(await refusal(chainSigner.signDigest(new Uint8Array(32).fill(1)))).to.equal('SIGNER_FAULTY')
      })

    it('refuses a key that is disabled, missing, or of another kind', async () => {
      const uri = stub.create('ed25519')
      const key = stub.keys.get(parse(uri).version)
      if (key === undefined) throw new Error('It was made')
      expect(await refusal(open('secp256k1', uri))).to.equal('SIGNER_KEY_KIND')
      key.state = 'DISABLED'
      expect(await refusal(open('ed25519', uri))).to.equal('SIGNER_REFUSED')
      expect(await refusal(open('ed25519', uri.replace('/1?', '/2?')))).to.equal('SIGNER_KEY_MISSING')
    })

    it('asks for another token where one was taken back, once for all who have it', async () => {
      const { sign } = await open('ed25519')
      await sign(new Uint8Array(8), never)
      stub.tokens.clear()
      const before = stub.seen.tokens
      await Promise.all(Array.from({ length: 30 }, () => sign(new Uint8Array(8), never)))
      expect(stub.seen.tokens - before).to.equal(1)
    })

    it('asks for a token by the clock of Google where its own is wrong', async () => {
      for (const ahead of [7_200_000, -7_200_000]) {
        stub.ahead = ahead
        expect((await open('ed25519')).publicKey.length).to.equal(32)
      }
    })

    it('shows itself by what the machine hands out, and says nothing of its key in an error', async () => {
      const machine = { file: undefined, metadata: stub.url }
      const uri = parse(stub.create('secp256k1'))
      expect((await GcpKms.open(uri, 'secp256k1', machine, impatient)).publicKey.length).to.equal(64)
      const account = JSON.parse(await readFile(join(home, 'account.json'), 'utf8'))
      await writeFile(join(home, 'account.json'), JSON.stringify({ ...account, client_email: 'mallory@example.org' }))
      const error = await open('ed25519').catch((reason) => reason)
      expect(error.code).to.equal('SIGNER_UNREACHABLE')
      expect(shown(error)).to.not.include(account.private_key.split('\n')[1])
    })
  })

  describe('whose keys are on a PKCS#11 token, of SoftHSM2', () => {
    let hsm: SoftHsm.SoftHsm
    let count = 0
    before(async function () {
      if (SoftHsm.module === undefined) {
        console.log('SKIPPED: no SoftHSM2 here; the Debian package softhsm2 has it')
        return this.skip()
      }
      hsm = await SoftHsm.start()
    })
    after(() => hsm?.stop())
    const parse = (uri: string) => KeyUri.parse(uri) as KeyUri.Pkcs11
    const open = (uri: string, kind: Kind) => Pkcs11Key.open(parse(uri), kind)
    const make = async (kind: Kind) => {
      const uri = hsm.uri(`${kind}-${count++}`)
      await Pkcs11Key.generate(parse(uri), kind)
      return uri
    }

    describe('by labels', () => {
      shouldBehaveLikeSigners({ mayBeAway: true }, async () => {
        const brought: Uint8Array[] = []
        return placeOf(
          async (kind) => {
            const object = `${kind}-${count++}`
            brought.push((await hsm.bring(object, kind)).secret)
            return hsm.uri(object)
          },
          (uri, kind) => Pkcs11Key.open(uri as KeyUri.Pkcs11, kind),
          {
            secrets: async () => brought,
            outage: { begin: hsm.remove, end: hsm.restore },
          },
        )
      })
    })

    it('makes keys that never leave the token, once for a label', async () => {
      for (const kind of kinds) {
        const uri = hsm.uri(`made-${kind}`)
        expect(await Pkcs11Key.generate(parse(uri), kind)).to.equal(true)
        expect(await Pkcs11Key.generate(parse(uri), kind)).to.equal(false)
        const key = await open(uri, kind)
        const message = new Uint8Array(32).fill(7)
        const signature = await key.sign(message, never)
        expect(signature.length).to.equal(64)
        if (kind === 'ed25519') expect(KeyPair.isSigned(key.publicKey, kind, message, signature)).to.equal(true)
        else expect(Secp256k1.recoverable(signature, message, key.publicKey)).to.not.equal(undefined)
      }
    })

    it('refuses a key of another kind, one that is missing, and a token that is missing', async () => {
      const uri = await make('ed25519')
      expect(await refusal(open(uri, 'secp256k1'))).to.equal('SIGNER_KEY_KIND')
      expect(await refusal(open(hsm.uri('none'), 'ed25519'))).to.equal('SIGNER_KEY_MISSING')
      expect(await refusal(open(hsm.uri('none', 'no such token'), 'ed25519'))).to.equal('SIGNER_UNREACHABLE')
      expect(await refusal(open(uri.replace(/module-path=[^&]+/, 'module-path=/none.so'), 'ed25519'))).to.equal(
        'SIGNER_UNREACHABLE',
      )
    })
  })
})

describe('Signatures of devices', () => {
  it('become what a transaction needs, whichever s they have', () => {
    const pair = KeyPair.generate('secp256k1')
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' })
    const publicKey = Bytes.concat(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url'))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) => {
        // One with the higher s, one with the lower.
        const both = [pair.sign(digest), pair.sign(digest)].map((der) =>
          Secp256k1.recoverable(Secp256k1.fromDer(der) ?? new Uint8Array(), digest, publicKey),
        )
        expect(both[0]).to.not.equal(undefined)
        expect(both[0]).to.deep.equal(both[1])
      }),
    )
  })

  it('are refused where they are none, or of another key or digest', () => {
    const pair = KeyPair.generate('secp256k1')
    const { x = '', y = '' } = pair.publicKey.export({ format: 'jwk' })
    const publicKey = Bytes.concat(Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url'))
    const digest = new Uint8Array(32).fill(9)
    const signature = Secp256k1.fromDer(pair.sign(digest)) ?? new Uint8Array()
    expect(Secp256k1.recoverable(signature, new Uint8Array(32).fill(8), publicKey)).to.equal(undefined)
    expect(Secp256k1.recoverable(signature, digest, new Uint8Array(64))).to.equal(undefined)
    for (const none of [new Uint8Array(0), new Uint8Array(64), new Uint8Array(64).fill(0xff), signature.slice(1)])
      expect(Secp256k1.recoverable(none, digest, publicKey)).to.equal(undefined)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const read = Secp256k1.fromDer(bytes)
        expect(read === undefined || read.length === 64).to.equal(true)
      }),
    )
  })
})
