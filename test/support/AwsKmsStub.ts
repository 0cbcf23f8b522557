import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Kind } from '../../server/src/adapters/signer/RemoteKey.ts'
import * as KeyPair from './KeyPair.ts'

/**
 * How the service behaves: by its documentation, or as one that is down, hangs, answers with a page, is asked too much of,
 * lets nobody do anything, lets nobody sign, signs with another key, or damages what it signs.
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
  | 'damaged'

type Key = { readonly pair: KeyPair.KeyPair; state: 'Enabled' | 'Disabled' }

export type AwsKmsStub = {
  readonly url: string
  mode: Mode
  /** By how many milliseconds its clock is ahead of ours. */
  ahead: number
  /** How long each signature takes, in milliseconds. */
  latency: number
  /** How many requests in a second it takes; more are turned away. */
  quota: number
  readonly keys: Map<string, Key>
  /** Requests to sign that were made, those turned away among them; and how many there were at once at most. */
  readonly seen: { signed: number; throttled: number; most: number }
  readonly create: (kind: Kind) => string
  readonly stop: () => Promise<void>
}

export const region = 'eu-central-1'
export const credentials = {
  id: 'AKIDEXAMPLE',
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  token: 'FwoGZXIvYXdzEBYaDEXAMPLE/of=AWS',
} as const
/** What a container shows to its agent. */
export const containerToken = 'container-token'

/** The part of AWS KMS that Laurel uses, after the KMS API Reference; every request's signature is checked (SigV4). */
export async function start(): Promise<AwsKmsStub> {
  const keys = new Map<string, Key>()
  const seen = { signed: 0, throttled: 0, most: 0 }
  let underway = 0
  let second = { at: 0, count: 0 }
  const stub = { mode: 'honest' as Mode, ahead: 0, latency: 0, quota: Number.POSITIVE_INFINITY, keys, seen }
  const other = { ed25519: KeyPair.generate('ed25519'), secp256k1: KeyPair.generate('secp256k1') }

  const isOverQuota = () => {
    const at = Math.floor(Date.now() / 1_000)
    second = { at, count: second.at === at ? second.count + 1 : 1 }
    return second.count > stub.quota
  }

  const server = createServer(async (request, response) => {
    const body = await text(request)
    response.setHeader('date', new Date(Date.now() + stub.ahead).toUTCString())
    if (request.url === '/container' || request.url?.startsWith('/latest/')) return handOut(request, response)
    if (stub.mode === 'hangs') return
    if (stub.mode === 'down') return fail(response, 500, 'KMSInternalException')
    if (stub.mode === 'html') return response.writeHead(200, { 'content-type': 'text/html' }).end('<p>Welcome')
    const problem = authenticate(request, body, Date.now() + stub.ahead)
    if (problem !== undefined) return fail(response, 400, problem)
    if (request.method !== 'POST' || request.headers['content-type'] !== 'application/x-amz-json-1.1')
      return fail(response, 400, 'SerializationException')
    const asked = JSON.parse(body)
    const operation = String(request.headers['x-amz-target'])
    if (operation === 'TrentService.Sign') seen.signed++
    if (stub.mode === 'throttled' || isOverQuota()) {
      seen.throttled++
      return fail(response, 400, 'ThrottlingException')
    }
    if (stub.mode === 'denied' || (stub.mode === 'may-not-sign' && operation === 'TrentService.Sign'))
      return fail(response, 400, 'AccessDeniedException')
    const key = keys.get(asked.KeyId)
    if (key === undefined) return fail(response, 400, 'NotFoundException')
    if (key.state === 'Disabled') return fail(response, 400, 'DisabledException')
    const isEd = key.pair.kind === 'ed25519'
    const algorithm = isEd ? 'ED25519_SHA_512' : 'ECDSA_SHA_256'
    if (operation === 'TrentService.GetPublicKey')
      return send(response, {
        KeyId: asked.KeyId,
        PublicKey: key.pair.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
        KeySpec: isEd ? 'ECC_NIST_EDWARDS25519' : 'ECC_SECG_P256K1',
        CustomerMasterKeySpec: isEd ? 'ECC_NIST_EDWARDS25519' : 'ECC_SECG_P256K1',
        KeyUsage: 'SIGN_VERIFY',
        SigningAlgorithms: isEd ? ['ED25519_SHA_512', 'ED25519_PH_SHA_512'] : ['ECDSA_SHA_256'],
      })
    if (operation !== 'TrentService.Sign') return fail(response, 400, 'UnknownOperationException')
    const message = Buffer.from(asked.Message, 'base64')
    if (asked.SigningAlgorithm !== algorithm || asked.MessageType !== (isEd ? 'RAW' : 'DIGEST'))
      return fail(response, 400, 'ValidationException')
    if (isEd ? message.length < 1 || message.length > 4_096 : message.length !== 32)
      return fail(response, 400, 'ValidationException')
    underway++
    seen.most = Math.max(seen.most, underway)
    if (stub.latency > 0) await new Promise((resolve) => setTimeout(resolve, stub.latency))
    underway--
    const signature = (stub.mode === 'other-key' ? other[key.pair.kind] : key.pair).sign(message)
    if (stub.mode === 'damaged') signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1
    send(response, {
      KeyId: asked.KeyId,
      Signature: Buffer.from(signature).toString('base64'),
      SigningAlgorithm: algorithm,
    })
  })

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  return Object.assign(stub, {
    url,
    create: (kind: Kind) => {
      const arn = `arn:aws:kms:${region}:111122223333:key/${crypto.randomUUID()}`
      keys.set(arn, { pair: KeyPair.generate(kind), state: 'Enabled' })
      return `aws-kms:${arn}?endpoint=${url}`
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  })
}

/** The agent of a container, and the metadata of a machine (IMDSv2). */
function handOut(request: IncomingMessage, response: ServerResponse): void {
  const machineToken = 'machine-token'
  const handed = {
    AccessKeyId: credentials.id,
    SecretAccessKey: credentials.secret,
    Token: credentials.token,
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  }
  const folder = '/latest/meta-data/iam/security-credentials/'
  const isMachine = request.headers['x-aws-ec2-metadata-token'] === machineToken
  if (request.url === '/container')
    if (request.headers.authorization === containerToken) send(response, handed)
    else fail(response, 401, 'Unauthorized')
  else if (request.url === '/latest/api/token' && request.method === 'PUT')
    if (request.headers['x-aws-ec2-metadata-token-ttl-seconds'] === undefined) fail(response, 400, 'BadRequest')
    else response.writeHead(200).end(machineToken)
  else if (!isMachine) fail(response, 401, 'Unauthorized')
  else if (request.url === folder) response.writeHead(200).end('laurel-role')
  else if (request.url === `${folder}laurel-role`) send(response, handed)
  else fail(response, 404, 'NotFound')
}

/**
 * What is wrong with how a request shows who made it; after "AWS Signature Version 4 for API requests" of the IAM User
 * Guide, step by step.
 */
function authenticate(request: IncomingMessage, body: string, now: number): string | undefined {
  const header =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/kms\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/.exec(
      request.headers.authorization ?? '',
    )
  if (header === null) return 'IncompleteSignatureException'
  const [, id, day = '', scopeRegion, signedHeaders = '', signature] = header
  const names = signedHeaders.split(';')
  const time = String(request.headers['x-amz-date'])
  if (id !== credentials.id || request.headers['x-amz-security-token'] !== credentials.token)
    return 'UnrecognizedClientException'
  if (!['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token'].every((name) => names.includes(name)))
    return 'InvalidSignatureException'
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (Number.isNaN(at) || !time.startsWith(day) || Math.abs(at - now) > 5 * 60_000) return 'InvalidSignatureException'
  const hash = (value: string) => createHash('sha256').update(value).digest('hex')
  const mac = (key: string | Buffer, value: string) => createHmac('sha256', key).update(value).digest()
  const canonicalHeaders = names.map((name) => `${name}:${String(request.headers[name]).trim().replace(/ +/g, ' ')}\n`)
  const canonical = [request.method, request.url, '', canonicalHeaders.join(''), signedHeaders, hash(body)].join('\n')
  const scope = `${day}/${region}/kms/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', time, scope, hash(canonical)].join('\n')
  const key = [day, region, 'kms', 'aws4_request'].reduce<string | Buffer>(mac, `AWS4${credentials.secret}`)
  const isSigned = scopeRegion === region && mac(key, toSign).toString('hex') === signature
  return isSigned ? undefined : 'InvalidSignatureException'
}

function send(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
}

function fail(response: ServerResponse, status: number, name: string): void {
  const body = { __type: `com.amazonaws.kms#${name}`, message: `${name}, says the stub` }
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
}
