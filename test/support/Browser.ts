import * as Api from './Api.ts'

/** A browser without a window or a script: it keeps cookies, sends forms, and says where it comes from, as browsers do. */
export type Browser = {
  readonly open: (path: string, more?: Readonly<Record<string, string>>) => Promise<Page>
  /** Sends a form, as a page of this origin would. */
  readonly send: (
    path: string,
    fields?: Readonly<Record<string, string>>,
    more?: Readonly<Record<string, string>>,
  ) => Promise<Page>
  /** What a page's script would ask, with the token that the server demands where there is one. */
  readonly ask: (method: string, path: string, json?: unknown, more?: Readonly<Record<string, string>>) => Promise<Page>
  readonly cookies: Map<string, string>
}

export type Page = Api.Reply & {
  /** Where it leads, and its text without tags. */
  readonly location: string | null
  readonly words: string
}

/** @param base the address of the server; a browser says `localhost` where passkeys are to work */
export function create(base: string): Browser {
  const cookies = new Map<string, string>()
  const { origin } = new URL(base)
  const fetched = async (method: string, path: string, headers: Readonly<Record<string, string>>, body?: string) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, base), {
      method,
      redirect: 'manual',
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0', ...(cookie && { cookie }), ...headers },
      ...(body !== undefined && { body }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';')
      const [name = '', value = ''] = pair.split('=')
      if (attributes.some((text) => text.trim() === 'Max-Age=0')) cookies.delete(name)
      else cookies.set(name, value)
    }
    const text = await response.text()
    const isJson = /[/+]json/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: response.headers,
      text,
      location: response.headers.get('location'),
      words: text.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' '),
      json: isJson && text !== '' ? JSON.parse(text) : undefined,
    }
  }
  const own = { origin, 'sec-fetch-site': 'same-origin' }
  return {
    cookies,
    open: (path, more = {}) => fetched('GET', path, { 'sec-fetch-site': 'none', ...more }),
    send: (path, fields = {}, more = {}) => {
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return fetched('POST', path, { ...own, ...type, ...more }, new URLSearchParams(fields).toString())
    },
    ask: async (method, path, json, more = {}) => {
      const me = method === 'GET' ? undefined : await fetched('GET', '/v1/me', own)
      const csrf = me?.json?.member?.csrf
      const body = json === undefined ? undefined : JSON.stringify(json)
      const page = await fetched(
        method,
        path,
        {
          ...own,
          ...(csrf === undefined ? {} : { 'laurel-csrf': csrf }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...more,
        },
        body,
      )
      Api.conforms(method, path, page)
      return page
    },
  }
}

/** The token that stands in the forms of a page. */
export function csrfOf({ text }: Pick<Page, 'text'>): string {
  return /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? ''
}
