import { AwsV4Signer } from 'aws4fetch'
import type * as KeyUri from '../../KeyUri.ts'
import * as AwsCredentials from './AwsCredentials.ts'
import * as Kms from './Kms.ts'
import { type Kind, type RemoteKey, SignerError } from './RemoteKey.ts'
import * as Secp256k1 from './Secp256k1.ts'

/**
 * How each kind of key is asked for a signature. `RAW` with ED25519_SHA_512 is Ed25519 as RFC 8032 has it; the other
 * algorithm of that key would hash the message before.
 */
const ways = {
  ed25519: { spec: 'ECC_NIST_EDWARDS25519', algorithm: 'ED25519_SHA_512', type: 'RAW' },
  secp256k1: { spec: 'ECC_SECG_P256K1', algorithm: 'ECDSA_SHA_256', type: 'DIGEST' },
} as const

/** What a message may have at most with `RAW`, in bytes. */
const largestMessage = 4_096

/** By how much the clocks may differ before AWS takes no request, in milliseconds: five minutes, and we stay below. */
const largestSkew = 4 * 60_000

/**
 * A key at AWS KMS, over its JSON API with requests signed by Signature Version 4. Where AWS says that the time of a
 * request is wrong, the request is made again by the clock of AWS: a machine whose clock is wrong stops issuing for other
 * reasons, and this is none.
 *
 * @throws {SignerError}
 */
export async function open(
  uri: KeyUri.AwsKms,
  kind: Kind,
  credentials: AwsCredentials.Options,
  manner: Kms.Manner = Kms.manner,
): Promise<RemoteKey> {
  const way = ways[kind]
  const asking = Kms.create(uri, manner)
  const show = AwsCredentials.create(uri, credentials, manner.now)
  let ahead = 0

  const ask = <value>(
    operation: 'Sign' | 'GetPublicKey',
    body: object,
    take: (body: Kms.Body) => value | SignerError,
    signal: AbortSignal,
  ) =>
    asking<value>(
      {
        request: async () => {
          const signer = new AwsV4Signer({
            ...(await show()),
            method: 'POST',
            url: `${uri.url}/`,
            headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `TrentService.${operation}` },
            body: JSON.stringify(body),
            service: 'kms',
            region: uri.region,
            datetime: new Date(manner.now() + ahead).toISOString().replace(/[:-]|\.\d{3}/g, ''),
          })
          const { url, ...init } = await signer.sign()
          return { url: url.href, init }
        },
        judge: (answer) => {
          if (answer.status === 200) {
            const taken = take(answer.body)
            return taken instanceof SignerError ? { again: taken } : { value: taken }
          }
          const isSkewed = Math.abs(answer.ahead - ahead) > largestSkew
          if (isSkewed && /Signature|Expired|Skew/.test(code(answer))) {
            ahead = answer.ahead
            return { again: refuse(uri, answer), at: 'once' }
          }
          return mayPass(answer) ? { again: refuse(uri, answer) } : { refused: refuse(uri, answer) }
        },
      },
      signal,
    )

  const publicKey = await ask(
    'GetPublicKey',
    { KeyId: uri.arn },
    ({ KeyId, PublicKey, KeySpec, KeyUsage }) => {
      if (KeyId !== uri.arn) return new SignerError('SIGNER_FAULTY', uri, 'another key')
      if (KeySpec !== way.spec || KeyUsage !== 'SIGN_VERIFY') return 'kind'
      const key = Buffer.from(String(PublicKey), 'base64')
      return Kms.publicKey({ key, format: 'der', type: 'spki' }, kind) ?? new SignerError('SIGNER_FAULTY', uri)
    },
    new AbortController().signal,
  )
  if (publicKey === 'kind') throw new SignerError('SIGNER_KEY_KIND', uri, `it is to be ${way.spec}, to sign`)

  return {
    publicKey,
    sign: async (message, signal) => {
      if (message.length > largestMessage)
        throw new SignerError('SIGNER_REFUSED', uri, `more than ${largestMessage} bytes`)
      return ask(
        'Sign',
        {
          KeyId: uri.arn,
          Message: Buffer.from(message).toString('base64'),
          MessageType: way.type,
          SigningAlgorithm: way.algorithm,
        },
        ({ Signature }) => {
          const bytes = new Uint8Array(Buffer.from(String(Signature), 'base64'))
          const signature = kind === 'ed25519' ? bytes : Secp256k1.fromDer(bytes)
          return signature?.length === 64 ? signature : new SignerError('SIGNER_FAULTY', uri)
        },
        signal,
      )
    },
  }
}

/** The name of an error: some answers have it with the name of the service before it, some with an address after it. */
function code({ body: { __type } }: Kms.Answer): string {
  return typeof __type === 'string' ? (/^(?:[^#]*#)?(\w{1,60})/.exec(__type)?.[1] ?? '') : ''
}

/** What the operations say about themselves (KMS API Reference, Sign, Errors), and the errors common to all of AWS. */
function mayPass(answer: Kms.Answer): boolean {
  return (
    answer.status >= 500 ||
    answer.status === 429 ||
    /^(Throttling|KeyUnavailable|DependencyTimeout|KMSInternal|RequestLimitExceeded|LimitExceeded)/.test(code(answer))
  )
}

function refuse(uri: KeyUri.KeyUri, answer: Kms.Answer): SignerError {
  const why = code(answer) || String(answer.status)
  if (answer.status === 429 || /Throttling|LimitExceeded/.test(why)) return new SignerError('SIGNER_BUSY', uri, why)
  if (answer.status >= 500) return new SignerError('SIGNER_UNREACHABLE', uri, why)
  if (why === 'NotFoundException') return new SignerError('SIGNER_KEY_MISSING', uri, why)
  if (why === 'InvalidKeyUsageException') return new SignerError('SIGNER_KEY_KIND', uri, why)
  return new SignerError(mayPass(answer) ? 'SIGNER_UNREACHABLE' : 'SIGNER_REFUSED', uri, why)
}
