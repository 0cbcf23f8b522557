import { generateKeyPairSync, randomBytes, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Kind } from '../../server/src/adapters/signer/RemoteKey.ts'
import * as KeyPair from './KeyPair.ts'

/**
 * How the service behaves: by its documentation, or as one that is down, hangs, answers with a page, is asked too much of,
 * lets nobody do anything, lets nobody sign, signs with another key, or one from which or to which bytes do not arrive as they were sent.
 */
export type Mode =
  | 'honest'
  | 'down'
  | 'hangs'
  | 'html'
  | 'throttled'
  | 'denied'
  | 'may-not-sign'
  | 'other-key'
  | 'wrong-checksum'
  | 'unchecked'
  | 'other-name'

type Key = { readonly pair: KeyPair.KeyPair; state: 'ENABLED' | 'DISABLED' }

export type GcpKmsStub = {
  readonly url: string
  mode: Mode
  /** By how many milliseconds its clock is ahead of ours. */
  ahead: number
  latency: number
  readonly keys: Map<string, Key>
  readonly seen: { signed: number; throttled: number; most: number; tokens: number }
  /** The access tokens that count. */
  readonly tokens: Set<string>
  /** The key file of its service account. */
  readonly account: object
  readonly create: (kind: Kind) => string
  readonly stop: () => Promise<void>
}

const email = 'laurel@example.iam.gserviceaccount.com'
const algorithms = { ed25519: 'EC_SIGN_ED25519', secp256k1: 'EC_SIGN_SECP256K1_SHA256' } as const

/** The part of Google Cloud KMS that Laurel uses, after its REST reference, and what hands out access tokens for it. */
export async function start(): Promise<GcpKmsStub> {
  const keys = new Map<string, Key>()
  const tokens = new Set<string>()
  const seen = { signed: 0, throttled: 0, most: 0, tokens: 0 }
  let underway = 0
  const stub = { mode: 'honest' as Mode, ahead: 0, latency: 0, keys, seen, tokens }
  const other = { ed25519: KeyPair.generate('ed25519'), secp256k1: KeyPair.generate('secp256k1') }
  const account = generateKeyPairSync('rsa', { modulusLength: 2_048 })

  const handOut = (response: ServerResponse) => {
    const token = `ya29.${randomBytes(24).toString('base64url')}`
    tokens.add(token)
    seen.tokens++
    send(response, 200, { access_token: token, expires_in: 3_599, token_type: 'Bearer' })
  }

  const server = createServer(async (request, response) => {
    const body = await text(request)
    response.setHeader('date', new Date(Date.now() + stub.ahead).toUTCString())
    if (request.url === '/token')
      return isAsserted(body, account.publicKey, `${url}/token`, Date.now() + stub.ahead)
        ? handOut(response)
        : send(response, 400, { error: 'invalid_grant' })
    if (request.url === '/computeMetadata/v1/instance/service-accounts/default/token')
      return request.headers['metadata-flavor'] === 'Google' ? handOut(response) : response.writeHead(403).end()
    if (stub.mode === 'hangs') return
    if (stub.mode === 'down') return fail(response, 503, 'UNAVAILABLE')
    if (stub.mode === 'html') return response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome')
    if (!tokens.has(bearer(request))) return fail(response, 401, 'UNAUTHENTICATED')
    const [, name = '', operation] =
      /^\/v1\/(projects\/[\w/-]+\/cryptoKeyVersions\/\d+)(\/publicKey|:asymmetricSign)$/.exec(request.url ?? '') ?? []
    if (operation === ':asymmetricSign') seen.signed++
    if (stub.mode === 'throttled') {
      seen.throttled++
      return fail(response, 429, 'RESOURCE_EXHAUSTED')
    }
    if (stub.mode === 'denied' || (stub.mode === 'may-not-sign' && operation === ':asymmetricSign'))
      return fail(response, 403, 'PERMISSION_DENIED')
    const key = keys.get(name)
    if (key === undefined) return fail(response, 404, 'NOT_FOUND')
    if (key.state === 'DISABLED') return fail(response, 400, 'FAILED_PRECONDITION')
    const answered = stub.mode === 'other-name' ? name.replace(/\d+$/, '99') : name
    const add = stub.mode === 'wrong-checksum' ? 1 : 0
    if (operation === '/publicKey' && request.method === 'GET') {
      const pem = key.pair.publicKey.export({ format: 'pem', type: 'spki' }).toString()
      return send(response, 200, {
        pem,
        algorithm: algorithms[key.pair.kind],
        pemCrc32c: String(crc32c(Buffer.from(pem)) + add),
        name: answered,
        protectionLevel: 'HSM',
      })
    }
    if (operation !== ':asymmetricSign' || request.method !== 'POST') return fail(response, 404, 'NOT_FOUND')
    const asked = JSON.parse(body)
    const isEd = key.pair.kind === 'ed25519'
    const message = Buffer.from((isEd ? asked.data : asked.digest?.sha256) ?? '', 'base64')
    const checksum = isEd ? asked.dataCrc32c : asked.digestCrc32c
    if (checksum !== String(crc32c(message)) || (!isEd && message.length !== 32))
      return fail(response, 400, 'INVALID_ARGUMENT')
    underway++
    seen.most = Math.max(seen.most, underway)
    if (stub.latency > 0) await new Promise((resolve) => setTimeout(resolve, stub.latency))
    underway--
    const signature = (stub.mode === 'other-key' ? other[key.pair.kind] : key.pair).sign(message)
    const isChecked = stub.mode !== 'unchecked'
    send(response, 200, {
      signature: Buffer.from(signature).toString('base64'),
      signatureCrc32c: String(crc32c(signature) + add),
      ...(isEd ? { verifiedDataCrc32c: isChecked } : { verifiedDigestCrc32c: isChecked }),
      name: answered,
      protectionLevel: 'HSM',
    })
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return Object.assign(stub, {
    url,
    account: {
      type: 'service_account',
      project_id: 'example',
      private_key_id: 'key-1',
      private_key: account.privateKey.export({ format: 'pem', type: 'pkcs8' }),
      client_email: email,
      token_uri: `${url}/token`,
    },
    create: (kind: Kind) => {
      const parent = 'projects/example/locations/europe-west3/keyRings/laurel'
      const name = `${parent}/cryptoKeys/${kind}-${keys.size + 1}/cryptoKeyVersions/1`
      keys.set(name, { pair: KeyPair.generate(kind), state: 'ENABLED' })
      return `gcp-kms:${name}?endpoint=${url}`
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

function bearer({ headers }: IncomingMessage): string {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? ''
}

/** Whether a request for a token is one of the service account (RFC 7523; "Using OAuth 2.0 for Server to Server"). */
function isAsserted(body: string, key: Parameters<typeof verify>[2], audience: string, now: number): boolean {
  const form = new URLSearchParams(body)
  if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer') return false
  const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
  const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString())
  const { alg, kid } = read(header)
  const { iss, scope, aud, iat, exp } = read(claims)
  return (
    alg === 'RS256' &&
    kid === 'key-1' &&
    iss === email &&
    scope === 'https://www.googleapis.com/auth/cloudkms' &&
    aud === audience &&
    exp - iat <= 3_600 &&
    Math.abs(iat * 1_000 - now) < 5 * 60_000 &&
    verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url'))
  )
}

/** CRC-32C bit by bit, as RFC 3720 has it: another way than that of the server. */
function crc32c(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = ((value ^ (byte >>> bit)) & 1) === 1
      value = isOdd ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
    }
  return (value ^ 0xffffffff) >>> 0
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
}

function fail(response: ServerResponse, code: number, status: string): void {
  send(response, code, { error: { code, message: `${status}, says the stub`, status } })
}
