import type * as KeyUri from '../../KeyUri.ts'
import * as Crc32c from './Crc32c.ts'
import * as GcpToken from './GcpToken.ts'
import * as Kms from './Kms.ts'
import { type Kind, type RemoteKey, SignerError } from './RemoteKey.ts'
import * as Secp256k1 from './Secp256k1.ts'

const algorithms = { ed25519: 'EC_SIGN_ED25519', secp256k1: 'EC_SIGN_SECP256K1_SHA256' } as const

/** What a message may have at most, in bytes. */
const largestMessage = 65_536

/**
 * A version of a key at Google Cloud KMS, over its REST API. Both ways are guarded by checksums (CRC-32C): what was sent
 * arrived as it was, or is sent again, and what has come is thrown away where it does not match.
 *
 * @throws {SignerError}
 */
export async function open(
  uri: KeyUri.GcpKms,
  kind: Kind,
  credentials: GcpToken.Options,
  manner: Kms.Manner = Kms.manner,
): Promise<RemoteKey> {
  const asking = Kms.create(uri, manner)
  const tokens = GcpToken.create(uri, credentials, manner.now)

  const ask = <value>(
    path: string,
    body: object | undefined,
    take: (body: Kms.Body) => value | SignerError,
    signal: AbortSignal,
  ) => {
    let token = ''
    let dropped = false
    return asking<value>(
      {
        request: async () => {
          token = await tokens.get()
          const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
          const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) }
          return { url: `${uri.url}/v1/${uri.version}${path}`, init }
        },
        judge: (answer) => {
          if (answer.status === 200) {
            const taken = take(answer.body)
            return taken instanceof SignerError ? { again: taken } : { value: taken }
          }
          const refused = refuse(uri, answer)
          // A token that was taken back; once, lest one that never counts be asked for without end.
          if (answer.status === 401 && !dropped) {
            dropped = true
            tokens.drop(token)
            return { again: refused, at: 'once' }
          }
          return mayPass(answer) ? { again: refused } : { refused }
        },
      },
      signal,
    )
  }

  const publicKey = await ask(
    '/publicKey',
    undefined,
    ({ pem, pemCrc32c, algorithm, name }) => {
      if (typeof pem !== 'string' || name !== uri.version || !matches(Buffer.from(pem), pemCrc32c))
        return new SignerError('SIGNER_FAULTY', uri, 'checksum')
      if (algorithm !== algorithms[kind]) return 'kind'
      return Kms.publicKey({ key: pem, format: 'pem' }, kind) ?? new SignerError('SIGNER_FAULTY', uri)
    },
    new AbortController().signal,
  )
  if (publicKey === 'kind') throw new SignerError('SIGNER_KEY_KIND', uri, `it is to be ${algorithms[kind]}`)

  return {
    publicKey,
    sign: async (message, signal) => {
      if (message.length > largestMessage)
        throw new SignerError('SIGNER_REFUSED', uri, `more than ${largestMessage} bytes`)
      const text = Buffer.from(message).toString('base64')
      const checksum = String(Crc32c.checksum(message))
      const body =
        kind === 'ed25519' ? { data: text, dataCrc32c: checksum } : { digest: { sha256: text }, digestCrc32c: checksum }
      return ask(
        ':asymmetricSign',
        body,
        ({ signature: encoded, signatureCrc32c, verifiedDataCrc32c, verifiedDigestCrc32c, name }) => {
          const bytes = new Uint8Array(Buffer.from(String(encoded), 'base64'))
          const arrived = kind === 'ed25519' ? verifiedDataCrc32c : verifiedDigestCrc32c
          if (arrived !== true || name !== uri.version || !matches(bytes, signatureCrc32c))
            return new SignerError('SIGNER_FAULTY', uri, 'checksum')
          const signature = kind === 'ed25519' ? bytes : Secp256k1.fromDer(bytes)
          return signature?.length === 64 ? signature : new SignerError('SIGNER_FAULTY', uri)
        },
        signal,
      )
    },
  }
}

/** @param checksum an int64, which JSON has as a text */
function matches(bytes: Uint8Array, checksum: unknown): boolean {
  return String(checksum) === String(Crc32c.checksum(bytes))
}

/** The canonical code of an error (google.rpc.Code). */
function code({ body: { error } }: Kms.Answer): string {
  const { status } = Object(error)
  return typeof status === 'string' && /^\w{1,60}$/.test(status) ? status : ''
}

function mayPass(answer: Kms.Answer): boolean {
  return answer.status >= 500 || answer.status === 429 || answer.status === 408
}

function refuse(uri: KeyUri.KeyUri, answer: Kms.Answer): SignerError {
  const why = code(answer) || String(answer.status)
  if (answer.status === 429) return new SignerError('SIGNER_BUSY', uri, why)
  if (mayPass(answer)) return new SignerError('SIGNER_UNREACHABLE', uri, why)
  return new SignerError(answer.status === 404 ? 'SIGNER_KEY_MISSING' : 'SIGNER_REFUSED', uri, why)
}
