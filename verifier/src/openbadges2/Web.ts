import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import type { Readers } from '../Readers.ts'
import { failed, type Result, unknown } from '../Report.ts'
import type * as Trust from '../Trust.ts'
import * as Hosting from './Hosting.ts'

/** The part of the web that is asked about one badge. */
export type Web = {
  readonly get: (address: string) => Promise<Got>
}

/** The document that says of itself that it has the address; or why there is none. */
export type Got = { readonly document: Json.Object } | { readonly problem: Result }

/**
 * Whom a badge may have us ask before anybody has vouched for it: the origin at which it is at home, and those of the issuers
 * whom the verifier knows. It could name anybody else only to hear who reads it.
 */
export function create(home: string, { issuers }: Trust.Trust, readers: Pick<Readers, 'hosted'>): Web {
  const known = issuers.flatMap(({ did }) => Hosting.parse(did)?.origin ?? [])
  const origins = new Set([Hosting.parse(home)?.origin, ...known])
  return {
    get: async (address) => {
      const url = Hosting.parse(address)
      if (url === undefined)
        return no(unknown('PART_UNAVAILABLE', 'A part of it has no address at which it could be had.'))
      if (!origins.has(url.origin))
        return no(
          unknown('PART_ELSEWHERE', `A part of it is at ${url.host}, which is asked only if you know its issuer.`),
        )
      const answer = await readers.hosted?.(address)
      if (answer?.kind === 'gone')
        return no(failed('PART_GONE', `What it refers to at ${url.host} has been taken back.`))
      const document = answer?.kind === 'found' ? parse(answer.bytes) : undefined
      if (document === undefined)
        return no(unknown('PART_UNAVAILABLE', `A part of it cannot be had from ${url.host} at the moment.`))
      if (document.id !== address)
        return no(failed('PART_OTHER', `At ${url.host} is something else than it refers to.`))
      return { document }
    },
  }
}

function no(problem: Result): Got {
  return { problem }
}

/** What somebody's server gives out; a page of HTML is nothing. */
export function parse(bytes: Uint8Array): Json.Object | undefined {
  try {
    return Json.parseObject(bytes)
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}
