import type { LookupAddress } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import type { Door } from '../Http.ts'

/** How many times it may be sent elsewhere. */
const maximumRedirects = 3

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

export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

export type Options = {
  /** Lets `http:` and `https:` to this machine through as well: for an issuer that runs here. */
  readonly allowLoopback: boolean
  /** How long all of one answer may take, in milliseconds. */
  readonly timeout?: number
  /** All addresses of a name. */
  readonly resolve?: Resolve
}

/**
 * Makes the door to the web: GET over HTTPS, to public addresses only, checked on the addresses that are then connected to,
 * so that no name can be resolved to another one in between.
 */
export function create({ allowLoopback, timeout = 10_000, resolve = resolveAll }: Options): Door {
  return async (url, maximumBytes) => {
    const signal = AbortSignal.timeout(timeout)
    try {
      let target = new URL(url)
      for (let i = 0; i <= maximumRedirects; i++) {
        const answer = await get(target, maximumBytes, { allowLoopback, resolve, signal })
        if (!('location' in answer)) return answer.bytes
        target = new URL(answer.location, target)
      }
    } catch {
      // Refused, unreachable, too large, too slow: all the same, it is not to be had.
    }
    return undefined
  }
}

/** Whether an address may be connected to. */
export function isOpen(address: string, allowLoopback: boolean): boolean {
  const family = isIP(address)
  if (family === 0) return false
  const type = typeOf(address)
  if (allowLoopback && loopback.check(address, type)) return true
  return !closed.check(address, type) && (family === 4 || open6.check(address, 'ipv6'))
}

type Answer = { readonly bytes: Uint8Array } | { readonly location: string }

type Rules = { readonly allowLoopback: boolean; readonly resolve: Resolve; readonly signal: AbortSignal }

async function get(url: URL, maximumBytes: number, { allowLoopback, resolve, signal }: Rules): Promise<Answer> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error('not of the web')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const addresses: readonly LookupAddress[] =
    isIP(host) === 0 ? await inTime(resolve(host), signal) : [{ address: host, family: isIP(host) }]
  const [address] = addresses
  if (address === undefined || !addresses.every((each) => isOpen(each.address, allowLoopback)))
    throw new Error('closed')
  const isLocal = allowLoopback && addresses.every((each) => loopback.check(each.address, typeOf(each.address)))
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) throw new Error('not HTTPS')
  if (url.username !== '' || url.password !== '') throw new Error('with credentials')
  // All of them, where several may be tried: a machine may have no way to the first.
  const known: LookupFunction = (_, options, done) =>
    options.all ? done(null, [...addresses]) : done(null, address.address, address.family)
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((settle, reject) => {
    const request = send(url, {
      lookup: known,
      signal,
      agent: false,
      headers: { accept: 'application/json, */*;q=0.1' },
    })
    request.once('error', reject)
    request.once('response', (response) => {
      const { statusCode = 0, headers } = response
      if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
        response.destroy()
        settle({ location: headers.location })
        return
      }
      if (statusCode !== 200) {
        response.destroy()
        reject(new Error(`status ${statusCode}`))
        return
      }
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        chunks.push(chunk)
        if (size > maximumBytes) response.destroy(new Error('too large'))
      })
      response.once('error', reject)
      response.once('end', () => settle({ bytes: new Uint8Array(Buffer.concat(chunks)) }))
    })
    request.end()
  })
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
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    answer.then(settle, reject)
  })
}
