import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Federation from '../Federation.ts'
import type { Readers } from '../Readers.ts'

/** How a text is had from the web, once for each address. */
type Get = (url: string, maximumBytes: number) => Promise<Uint8Array | undefined>

const maximumStatement = 256 * 1024
/** How many members of a federation are asked that have members of their own. */
const maximumIntermediates = 16

/**
 * Asks a federation for what leads to an issuer: its trust anchor, and where that does not know the issuer itself, those of
 * its members that have members of their own (OpenID Federation 1.0 §8.1, §8.2). Of addresses only those are asked that stand
 * in the trust, or in a statement whose signature leads there: none is the issuer's, or out of its credential.
 */
export function create(get: Get): NonNullable<Readers['trustChains']> {
  return async ({ id, keys }, did, now) => {
    const ask = async (url: string | undefined) => text(url && (await get(url, maximumStatement)))
    const anchor = Federation.read(await ask(configurationOf(id)), keys, now)
    if (anchor === undefined || anchor.issuer !== id || anchor.subject !== id) return []
    const { fetch, list } = Federation.entity(anchor)
    const direct = await ask(about(fetch, did))
    if (direct !== '') return [[direct]]
    const chains: (readonly string[])[] = []
    for (const member of members(await ask(withParameter(list, 'intermediate', 'true')))) {
      const statement = await ask(about(fetch, member))
      const known = Federation.read(statement, keys, now)
      if (known?.subject !== member) continue
      const own = Federation.read(await ask(configurationOf(member)), known.keys, now)
      if (own?.subject !== member) continue
      const last = await ask(about(Federation.entity(own).fetch, did))
      if (last !== '') chains.push([last, statement])
    }
    return chains
  }
}

/** Where an entity says who it is (§9). */
export function configurationOf(entity: string): string {
  return `${entity.replace(/\/$/, '')}/.well-known/openid-federation`
}

/** Where an entity is asked for what it says of another (§8.1.1). */
function about(endpoint: string | undefined, subject: string): string | undefined {
  return withParameter(endpoint, 'sub', subject)
}

function withParameter(endpoint: string | undefined, name: string, value: string): string | undefined {
  if (endpoint === undefined || !URL.canParse(endpoint)) return undefined
  const url = new URL(endpoint)
  url.searchParams.set(name, value)
  return url.href
}

function members(listing: string): readonly string[] {
  try {
    const value = Json.parse(listing)
    const all = Json.isArray(value) ? value : []
    return all.filter((each) => typeof each === 'string').slice(0, maximumIntermediates)
  } catch (error) {
    if (error instanceof Errors.BaseError) return []
    throw error
  }
}

function text(bytes: Uint8Array | string | undefined): string {
  return typeof bytes === 'object' ? new TextDecoder().decode(bytes).trim() : ''
}
