import * as Bytes from '@laurel/core/Bytes'
import type * as Json from '@laurel/core/Json'
import type { Hosted, Readers } from '@laurel/verifier/Readers'

/** What is at addresses of the web: JSON, a text as it is, or what an address says instead. */
export type Pages = Readonly<Record<string, Json.Value | Hosted | undefined>>

/** A web in which nothing is but some pages, and that writes down which addresses it is asked for. */
export function web(pages: Pages, asked: string[]): Pick<Readers, 'statusLists'> & Required<Pick<Readers, 'hosted'>> {
  const hosted = async (url: string): Promise<Hosted> => {
    asked.push(url)
    const page = pages[url]
    if (page === undefined) return { kind: 'unavailable' }
    if (typeof page === 'object' && page !== null && 'kind' in page) return page as Hosted
    return { kind: 'found', bytes: Bytes.fromUtf8(typeof page === 'string' ? page : JSON.stringify(page)) }
  }
  const statusLists = async (url: string) => {
    const answer = await hosted(url)
    return answer.kind === 'found' ? [{ bytes: answer.bytes, live: true }] : []
  }
  return { hosted, statusLists }
}
