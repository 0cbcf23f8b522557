import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { type IncomingHttpHeaders, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import * as Errors from '@laurel/core/Errors'

/** Addresses that are not public: the special-purpose registries of RFC 6890 and what has been added to them. */
const closed = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  closed.addSubnet(network, prefix, 'ipv4')
// Of IPv6 only 2000::/3 is public, and in it these are not.
const open6 = new BlockList()
open6.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  closed.addSubnet(network, prefix, 'ipv6')

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

/** Names of no public place: RFC 6761, RFC 6762, RFC 8375, and the one that was set aside for private use in 2024. */
const privateName = /(^|\.)(internal|local|home\.arpa)\.?$/
const ownName = /(^|\.)localhost\.?$/

/** Control characters, encoded: somebody hopes that they are decoded on the way. */
const controls = /%(0[0-9a-f]|1[0-9a-f]|7f)/i

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

/** Where may be connected to. */
export type Rules = {
  /** Lets `http:` and `https:` to this machine through as well, at any port: for what runs here. */
  readonly allowLoopback: boolean
  /** The ports on public addresses; any where this is missing. */
  readonly ports?: readonly number[]
  /** All addresses of a name. */
  readonly resolve?: Resolve
}

export type Request = {
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** What is read of the answer's body, in bytes. */
  readonly maximumBytes: number
  /** Ends it all: looking the name up, connecting, sending, reading. */
  readonly signal: AbortSignal
}

export type Answer = {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Uint8Array
  /** Whether that is the whole body. */
  readonly isWhole: boolean
}

/**
 * Asks a server that somebody else has named: over HTTPS, at public addresses only, checked on the addresses that are then
 * connected to, so that no name can be resolved to another one in between. Redirections are answers like any other.
 *
 * @throws {OutboundError} what the other side has said stands in none of them
 */
export async function send(address: string | URL, request: Request, rules: Rules): Promise<Answer> {
  const { signal } = request
  const { url, addresses } = await admit(address, signal, rules)
  try {
    return await ask(url, addresses, request)
  } catch (cause) {
    throw signal.aborted ? new OutboundError('TIMEOUT', cause) : failed(cause)
  }
}

/**
 * Makes sure that an address is one to which something may be sent, by its text and by what its name stands for now. That
 * says nothing of later: {@link send} looks again.
 *
 * @throws {OutboundError} URL_BLOCKED; FETCH_FAILED when its name stands for nothing; TIMEOUT
 */
export async function check(address: string | URL, signal: AbortSignal, rules: Rules): Promise<void> {
  await admit(address, signal, rules)
}

/** Whether an address may be connected to. */
export function isOpen(address: string, allowLoopback: boolean): boolean {
  const family = isIP(address)
  if (family === 0) return false
  const type = typeOf(address)
  if (allowLoopback && loopback.check(address, type)) return true
  return !closed.check(address, type) && (family === 4 || open6.check(address, 'ipv6'))
}

async function admit(
  address: string | URL,
  signal: AbortSignal,
  { allowLoopback, ports, resolve = resolveAll }: Rules,
): Promise<{ readonly url: URL; readonly addresses: readonly LookupAddress[] }> {
  if (!URL.canParse(address)) throw new OutboundError('URL_BLOCKED')
  const url = new URL(address)
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:'
  if (!isWeb || url.username !== '' || url.password !== '') throw new OutboundError('URL_BLOCKED')
  if (url.protocol === 'http:' && !allowLoopback) throw new OutboundError('URL_BLOCKED')
  if (ownName.test(url.hostname) && !allowLoopback) throw new OutboundError('URL_BLOCKED')
  if (privateName.test(url.hostname) || controls.test(url.href)) throw new OutboundError('URL_BLOCKED')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses = isIP(host) === 0 ? await lookUp(host, signal, resolve) : [{ address: host, family: isIP(host) }]
  if (addresses.length === 0) throw new OutboundError('FETCH_FAILED')
  if (!addresses.every((each) => isOpen(each.address, allowLoopback))) throw new OutboundError('URL_BLOCKED')
  const isLocal = allowLoopback && addresses.every((each) => loopback.check(each.address, typeOf(each.address)))
  const port = Number(url.port === '' ? 443 : url.port)
  if (!isLocal && (url.protocol !== 'https:' || ports?.includes(port) === false)) throw new OutboundError('URL_BLOCKED')
  return { url, addresses }
}

async function lookUp(host: string, signal: AbortSignal, resolve: Resolve): Promise<readonly LookupAddress[]> {
  try {
    return await inTime(resolve(host), signal)
  } catch (cause) {
    throw new OutboundError(signal.aborted ? 'TIMEOUT' : 'FETCH_FAILED', cause)
  }
}

function ask(
  url: URL,
  addresses: readonly LookupAddress[],
  { method, headers, body, maximumBytes, signal }: Request,
): Promise<Answer> {
  const [first] = addresses as [LookupAddress]
  // All of them, where several may be tried: a machine may have no way to the first.
  const known: LookupFunction = (_, options, done) =>
    options.all ? done(null, [...addresses]) : done(null, first.address, first.family)
  const start = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((settle, reject) => {
    const request = start(url, { method, lookup: known, signal, agent: false, headers })
    request.once('error', reject)
    request.once('response', (response) => {
      const { statusCode: status = 0, headers } = response
      const chunks: Buffer[] = []
      let size = 0
      const end = (isWhole: boolean) => {
        const bytes = new Uint8Array(Buffer.concat(chunks)).subarray(0, maximumBytes)
        settle({ status, headers, bytes, isWhole })
      }
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        chunks.push(chunk)
        if (size <= maximumBytes) return
        end(false)
        response.destroy()
      })
      response.once('error', reject)
      response.once('end', () => end(true))
    })
    request.end(body)
  })
}

function failed(cause: unknown): OutboundError {
  const code = String((cause as NodeJS.ErrnoException).code)
  const isTls = /^(ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/.test(code)
  return new OutboundError(isTls ? 'FETCH_TLS' : 'FETCH_FAILED', cause)
}

function resolveAll(host: string): Promise<readonly LookupAddress[]> {
  return lookup(host, { all: true })
}

function typeOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 4 ? 'ipv4' : 'ipv6'
}

/** Names are resolved by the system, which cannot be interrupted and may take its time. */
function inTime<value>(answer: Promise<value>, signal: AbortSignal): Promise<value> {
  signal.throwIfAborted()
  return new Promise((settle, reject) => {
    const abort = () => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    answer.then(settle, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

const messages = {
  URL_BLOCKED: 'Nothing is sent to this address: it is not public, or not HTTPS.',
  TIMEOUT: 'The other side has not answered in time.',
  FETCH_TLS: 'The certificate of the other side does not hold.',
  FETCH_FAILED: 'The other side cannot be reached, or has broken off.',
} as const

/** Thrown when something cannot be sent to an address, or no whole answer came back. */
export class OutboundError extends Errors.BaseError<'URL_BLOCKED' | 'TIMEOUT' | 'FETCH_TLS' | 'FETCH_FAILED'> {
  override readonly name = 'Outbound.OutboundError'
  constructor(code: OutboundError['code'], cause?: unknown) {
    super(code, messages[code], { cause })
  }
}
