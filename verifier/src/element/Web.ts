import * as Body from '../readers/Body.ts'

/** How long a file may be on its way, in milliseconds, and how long it may be, in bytes. */
const timeout = 20_000
const maximumBytes = 16 * 1024 * 1024

/**
 * A file that whoever made the page has named: without cookies, and without saying where from. `undefined` when it cannot
 * be had, for whatever reason; a browser does not tell.
 */
export async function get(address: string): Promise<Uint8Array | undefined> {
  try {
    const response = await fetch(new URL(address, document.baseURI), {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      headers: { accept: 'application/vc, application/json, image/png, image/svg+xml, */*;q=0.1' },
      signal: AbortSignal.timeout(timeout),
    })
    return response.ok && response.body !== null ? await Body.read(response.body, maximumBytes) : undefined
  } catch {
    return undefined
  }
}
