import * as Bytes from '@laurel/core/Bytes'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as EvmAddress from '@laurel/core/EvmAddress'
import * as Recent from '../../internal/Recent.ts'
import type * as KeyUri from '../../KeyUri.ts'
import type { ChainSigner } from '../../ports/ChainSigner.ts'
import type { CredentialSigner } from '../../ports/CredentialSigner.ts'
import { type RemoteKey, SignerError } from './RemoteKey.ts'
import * as Secp256k1 from './Secp256k1.ts'

/** A key that is kept elsewhere: where, which one it is, and how to get at it. */
export type Options = {
  readonly uri: KeyUri.KeyUri
  /** As it was written down when the key was taken into use. */
  readonly publicKey: Uint8Array
  /** Opens it once, whoever asks; what failed is tried again the next time. */
  readonly connect: () => Promise<RemoteKey>
}

/**
 * Opens a key that is kept elsewhere, and sees to it that it is the one that is meant.
 *
 * @param explain what another key found there means, where it is more than that
 * @throws {SignerError} SIGNER_MISMATCH, and what opening throws
 */
export function connect(
  { uri, publicKey, open }: Pick<Options, 'uri' | 'publicKey'> & { readonly open: () => Promise<RemoteKey> },
  explain: () => Error | undefined,
): Options['connect'] {
  const opened = Recent.create<Promise<RemoteKey>>(1)
  const demand = async () => {
    const key = await open()
    if (!Bytes.equals(key.publicKey, publicKey)) throw explain() ?? new SignerError('SIGNER_MISMATCH', uri)
    return key
  }
  return () => opened.get('', demand)
}

/**
 * Signs credentials with a key that is kept elsewhere. It is opened when it is first needed: what asks for no signature
 * works while the place is away. Every signature is verified before it is handed on, because a place may answer with
 * anything.
 *
 * @throws {SignerError} from `sign`
 */
export function credentialSigner({ uri, publicKey, connect }: Options): CredentialSigner {
  return {
    publicKey,
    sign: async (messages) => {
      const key = await connect()
      const failed = new AbortController()
      const sign = async (message: Uint8Array) => {
        const signature = await key.sign(message, failed.signal)
        if (!Ed25519.verify(signature, message, publicKey)) throw new SignerError('SIGNER_FAULTY', uri)
        return signature
      }
      try {
        return await Promise.all(messages.map(sign))
      } catch (error) {
        failed.abort(error)
        throw error
      }
    },
  }
}

/**
 * Signs transactions with a key that is kept elsewhere; as {@link credentialSigner}.
 *
 * @throws {SignerError} from `signDigest`
 */
export function chainSigner({ uri, publicKey, connect }: Options): ChainSigner {
  const [x, y] = [publicKey.slice(0, 32), publicKey.slice(32)]
  return {
    address: EvmAddress.fromPublicKey(x, y),
    x,
    y,
    signDigest: async (digest) => {
      const key = await connect()
      const signature = await key.sign(digest, new AbortController().signal)
      const recoverable = Secp256k1.recoverable(signature, digest, publicKey)
      if (recoverable === undefined) throw new SignerError('SIGNER_FAULTY', uri)
      const { r, s, yParity } = recoverable
      return { r: Bytes.toHex(r), s: Bytes.toHex(s), yParity }
    },
  }
}
