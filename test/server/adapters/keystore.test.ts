import { verify as verifyWithNode } from 'node:crypto'
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inspect } from 'node:util'
import * as Bytes from '@laurel/core/Bytes'
import type * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import { expect } from 'chai'
import { recoverAddress } from 'viem'
import * as KeystoreSigners from '../../../server/src/adapters/signer/KeystoreSigners.ts'
import * as Cli from '../../support/Cli.ts'

describe('The keystore', function () {
  this.timeout(60_000)
  let home: string
  let remove: () => Promise<void>
  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
  })
  afterEach(() => remove())

  const refusal = async (passphraseFile?: string): Promise<string> => {
    try {
      await KeystoreSigners.open(home, passphraseFile)
    } catch (error) {
      const { code, message, facts } = error as Errors.BaseError
      expect(message + JSON.stringify(facts)).to.not.match(/[0-9a-f]{32}/)
      return code
    }
    return 'opened'
  }

  it('makes two keys, and finds them again', async () => {
    const first = await KeystoreSigners.open(home, undefined)
    const again = await KeystoreSigners.open(home, undefined)
    expect(again.credentialSigner.publicKey).to.deep.equal(first.credentialSigner.publicKey)
    expect(again.chainSigner.address).to.equal(first.chainSigner.address)
    expect((await readdir(join(home, 'keys'))).sort()).to.deep.equal(['chain.json', 'credential.json', 'passphrase'])
  })

  it('makes one pair only, however many ask at once', async () => {
    const all = await Promise.all(Array.from({ length: 6 }, () => KeystoreSigners.open(home, undefined)))
    expect(new Set(all.map(({ chainSigner }) => chainSigner.address)).size).to.equal(1)
    expect(new Set(all.map(({ credentialSigner }) => Bytes.toHex(credentialSigner.publicKey))).size).to.equal(1)
  })

  it('lets nobody else read them', async function () {
    if (process.platform === 'win32') this.skip()
    await KeystoreSigners.open(home, undefined)
    expect((await stat(join(home, 'keys'))).mode & 0o777).to.equal(0o700)
    for (const name of await readdir(join(home, 'keys')))
      expect((await stat(join(home, 'keys', name))).mode & 0o777, name).to.equal(0o600)
  })

  it('writes no secret into files or on the screen', async () => {
    const { credentialSigner, chainSigner } = await KeystoreSigners.open(home, undefined)
    expect(Object.keys(credentialSigner)).to.deep.equal(['publicKey', 'sign'])
    expect(inspect([credentialSigner, chainSigner], { depth: 9, showHidden: true })).to.not.match(
      /secret|seed|passphrase/,
    )
  })

  it('signs credentials as Ed25519 has it', async () => {
    const { credentialSigner } = await KeystoreSigners.open(home, undefined)
    const x = Buffer.from(credentialSigner.publicKey).toString('base64url')
    const key = { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' } as const
    const messages = ['a message', 'another'].map(Bytes.fromUtf8)
    for (const [i, signature] of (await credentialSigner.sign(messages)).entries())
      expect(verifyWithNode(null, messages[i] as Uint8Array, key, signature)).to.equal(true)
  })

  it('signs transactions so that the account can be recovered, with the lower s', async () => {
    const { chainSigner } = await KeystoreSigners.open(home, undefined)
    for (let i = 0; i < 50; i++) {
      const hash = Bytes.toHex(crypto.getRandomValues(new Uint8Array(32)))
      const { r, s, yParity } = await chainSigner.signDigest(Bytes.fromHex(hash))
      expect((await recoverAddress({ hash, signature: { r, s, yParity } })).toLowerCase()).to.equal(chainSigner.address)
      expect(BigInt(s) <= 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n).to.equal(true)
    }
  })

  it('takes the passphrase from the operator’s file, with or without a final newline', async () => {
    const file = join(home, 'secret')
    await writeFile(file, 'correct horse\n')
    const { chainSigner } = await KeystoreSigners.open(home, file)
    await writeFile(file, 'correct horse')
    expect((await KeystoreSigners.open(home, file)).chainSigner.address).to.equal(chainSigner.address)
    expect(await readdir(join(home, 'keys'))).to.not.include('passphrase')
    await writeFile(file, 'wrong horse')
    expect(await refusal(file)).to.equal('KEY_PASSPHRASE')
    await writeFile(file, '')
    expect(await refusal(file)).to.equal('PASSPHRASE_UNREADABLE')
    expect(await refusal(join(home, 'none'))).to.equal('PASSPHRASE_UNREADABLE')
  })

  it('yields the secrets of endpoints once their key can be opened, though it could not before', async () => {
    const file = join(home, 'secret')
    const secrets = KeystoreSigners.webhookSecrets(home, file)
    expect(await secrets.key().catch(({ code }) => code)).to.equal('PASSPHRASE_UNREADABLE')
    await writeFile(file, 'correct horse battery staple')
    const secret = await secrets.secret('e1', 1)
    expect(await KeystoreSigners.webhookSecrets(home, file).secret('e1', 1)).to.deep.equal(secret)
    expect(await secrets.secret('e1', 2)).to.not.deep.equal(secret)
  })

  describe('refuses a key file', () => {
    const path = () => join(home, 'keys', 'credential.json')
    type File = { [member: string]: Json.Value }
    const change = async (edit: (file: File) => Json.Value) => {
      await KeystoreSigners.open(home, undefined)
      const file = JSON.parse(await readFile(path(), 'utf8'))
      await writeFile(path(), JSON.stringify(edit(file)))
      return refusal()
    }
    const flipped = (hex: Json.Value | undefined) => String(hex).replace(/.$/, (digit) => (digit === '0' ? '1' : '0'))
    const kdf = (file: File, member: Json.Object) => ({ ...file, kdf: { ...(file.kdf as Json.Object), ...member } })

    for (const [what, edit, code] of [
      [
        'with another ciphertext',
        (file: File) => ({ ...file, ciphertext: flipped(file.ciphertext) }),
        'KEY_PASSPHRASE',
      ],
      ['with another tag', (file: File) => ({ ...file, tag: flipped(file.tag) }), 'KEY_PASSPHRASE'],
      ['with a short tag', (file: File) => ({ ...file, tag: '0x00' }), 'KEY_PASSPHRASE'],
      [
        'with another nonce',
        (file: File) => ({ ...file, cipher: { name: 'aes-256-gcm', nonce: `0x${'00'.repeat(12)}` } }),
        'KEY_PASSPHRASE',
      ],
      ['with another salt', (file: File) => kdf(file, { salt: `0x${'00'.repeat(16)}` }), 'KEY_PASSPHRASE'],
      ['that costs less than it says', (file: File) => kdf(file, { n: 512 }), 'KEY_PASSPHRASE'],
      ['that would take all memory', (file: File) => kdf(file, { n: 2 ** 40 }), 'KEY_DAMAGED'],
      ['whose cost scrypt does not have', (file: File) => kdf(file, { n: 1000 }), 'KEY_DAMAGED'],
      ['of another purpose', (file: File) => ({ ...file, purpose: 'chain' }), 'KEY_DAMAGED'],
      ['of another kind', (file: File) => ({ ...file, type: 'Key' }), 'KEY_DAMAGED'],
      ['of a later version', (file: File) => ({ ...file, version: 2 }), 'KEY_VERSION'],
      ['without a tag', ({ tag: _, ...file }: File) => file, 'KEY_DAMAGED'],
      ['with a member more', (file: File) => ({ ...file, comment: 'x' }), 'KEY_PASSPHRASE'],
      ['that is a list', () => [], 'KEY_DAMAGED'],
    ] as const)
      it(`${what}: ${code}`, async () => {
        expect(await change(edit as (file: File) => Json.Value)).to.equal(code)
      })

    it('that was cut short', async () => {
      await KeystoreSigners.open(home, undefined)
      await writeFile(path(), (await readFile(path())).subarray(0, 40))
      expect(await refusal()).to.equal('KEY_DAMAGED')
    })

    it('that is another key’s', async () => {
      await KeystoreSigners.open(home, undefined)
      await copyFile(join(home, 'keys', 'chain.json'), path())
      expect(await refusal()).to.equal('KEY_DAMAGED')
    })

    it('and leaves it as it is', async () => {
      await mkdir(join(home, 'keys'), { recursive: true })
      await writeFile(path(), 'precious')
      expect(await refusal()).to.equal('KEY_DAMAGED')
      expect(await readFile(path(), 'utf8')).to.equal('precious')
    })
  })
})
