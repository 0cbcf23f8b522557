import { createPrivateKey, hkdfSync, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import * as Bytes from '@laurel/core/Bytes'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as EvmAddress from '@laurel/core/EvmAddress'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import * as Recent from '../../internal/Recent.ts'
import type { ChainSigner } from '../../ports/ChainSigner.ts'
import type { CredentialSigner } from '../../ports/CredentialSigner.ts'
import type { Keyring } from '../../ports/Keyring.ts'
import type { WebhookSecrets } from '../../ports/WebhookSecrets.ts'
import * as Keystore from './Keystore.ts'

/**
 * The two signers of a home that issue, whose keys lie encrypted under `keys/`. The secrets stay in closures: nothing
 * prints, serialises or exports them.
 *
 * @param passphraseFile the operator's; the home's own when absent
 * @returns also the public halves of every credential key that was in use, the oldest first
 * @throws {Keystore.KeystoreError} when a key cannot be opened
 */
export async function open(
  home: string,
  passphraseFile: string | undefined,
): Promise<{
  readonly credentialSigner: CredentialSigner
  readonly chainSigner: ChainSigner
  readonly credentialKeys: readonly Uint8Array[]
}> {
  const passphrase = await Keystore.readPassphrase(home, passphraseFile)
  const [earlier, newest, chain] = await Promise.all([
    Keystore.loadEarlier(home, 'credential', passphrase),
    Keystore.load(home, 'credential', passphrase, () => true),
    Keystore.load(home, 'chain', passphrase, secp256k1.utils.isValidSecretKey),
  ])
  return {
    credentialSigner: credentialSigner(newest),
    chainSigner: chainSigner(chain),
    credentialKeys: [...earlier, newest].map((seed) => Ed25519.publicKey(seed)),
  }
}

/**
 * The keys of a home as those see them who change them. A key is made when it is first asked for, and an account opened
 * once: where a person has chosen the passphrase, that takes as long as guessing it once.
 *
 * @param passphraseFile the operator's; the home's own when absent
 */
export function keyring(home: string, passphraseFile: string | undefined): Keyring {
  const passphrase = () => Keystore.readPassphrase(home, passphraseFile)
  const { isValidSecretKey } = secp256k1.utils
  const opened = new Map<string, ChainSigner>()
  return {
    account: async (purpose) => {
      const signer =
        opened.get(purpose) ?? chainSigner(await Keystore.load(home, purpose, await passphrase(), isValidSecretKey))
      opened.set(purpose, signer)
      return signer
    },
    accounts: async (purpose) => (await Keystore.loadAll(home, purpose, await passphrase())).map(chainSigner),
    credentialKeys: async () =>
      (await Keystore.loadAll(home, 'credential', await passphrase())).map((seed) => Ed25519.publicKey(seed)),
    nextAccount: async (purpose) =>
      chainSigner(await Keystore.loadNext(home, purpose, await passphrase(), isValidSecretKey)),
    nextCredentialKey: async () =>
      Ed25519.publicKey(await Keystore.loadNext(home, 'credential', await passphrase(), () => true)),
    hasNext: (purpose) => Keystore.hasNext(home, purpose),
    promote: async (purpose) => {
      await Keystore.promote(home, purpose)
      opened.delete(purpose)
    },
  }
}

/**
 * The secrets of endpoints, by HKDF-SHA-256 (RFC 5869) from a key of their own, which is opened when it is first needed.
 *
 * @param passphraseFile the operator's; the home's own when absent
 */
export function webhookSecrets(home: string, passphraseFile: string | undefined): WebhookSecrets {
  // What cannot be opened now, or made on a full disk, may be the next time.
  const opened = Recent.create<Promise<Uint8Array>>(1)
  const open = async () =>
    Keystore.load(home, 'webhook', await Keystore.readPassphrase(home, passphraseFile), () => true)
  const derive = async (info: string, size: number) =>
    new Uint8Array(hkdfSync('sha256', await opened.get('webhook', open), new Uint8Array(0), info, size))
  return {
    key: async () => Bytes.toHex(await derive('laurel/webhook-key/v1', 8)),
    secret: (endpoint, generation) => derive(`laurel/webhook/v1/${endpoint}/${generation}`, 32),
  }
}

/** Node signs on threads of its own, so that a great many messages hold nobody up. */
function credentialSigner(seed: Uint8Array): CredentialSigner {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  const signOne = promisify(sign) as (algorithm: null, message: Uint8Array, key: KeyObject) => Promise<Buffer>
  return {
    publicKey: Ed25519.publicKey(seed),
    sign: (messages) => Promise.all(messages.map((message) => signOne(null, message, key))),
  }
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410 §7). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

function chainSigner(secret: Uint8Array): ChainSigner {
  const point = secp256k1.getPublicKey(secret, false).slice(1)
  return {
    address: EvmAddress.fromPublicKey(point.slice(0, 32), point.slice(32)),
    x: point.slice(0, 32),
    y: point.slice(32),
    signDigest: async (digest) => {
      const signature = secp256k1.sign(digest, secret, { prehash: false, lowS: true, format: 'recovered' })
      return {
        r: Bytes.toHex(signature.slice(1, 33)),
        s: Bytes.toHex(signature.slice(33)),
        yParity: signature[0] === 0 ? 0 : 1,
      }
    },
  }
}
