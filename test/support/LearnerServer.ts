import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import * as ApiKey from '../../server/src/access/ApiKey.ts'
import * as Config from '../../server/src/config.ts'
import { createApp } from '../../server/src/http/app.ts'
import * as Body from '../../server/src/http/Body.ts'
import type { Api as RouteApi } from '../../server/src/http/Route.ts'
import { inviteSome, moveOne } from '../../server/src/learners/keep-inviting.ts'
import { createContext, createVerification, createWalletProof } from '../../server/src/main.ts'
import type { Pages } from '../../server/src/ports/Pages.ts'
import * as Api from './Api.ts'
import * as Cli from './Cli.ts'
import * as Place from './Place.ts'

const achievement = fileURLToPath(new URL('../../samples/achievement.json', import.meta.url))

/** A mail that waits to be sent. */
export type Mail = { readonly to: string; readonly template: string; readonly values: Readonly<Record<string, string>> }

export type LearnerServer = {
  readonly place: Place.Place
  readonly base: string
  readonly api: RouteApi
  readonly key: string
  readonly batch: string
  /** The credentials of the roster, in its order: UUIDs. */
  readonly credentials: readonly string[]
  /** Lets time pass, by the clock of the server, in milliseconds. */
  readonly pass: (milliseconds: number) => void
  /** Sends what is to be sent: links, and moves that are due. */
  readonly run: () => Promise<void>
  readonly mails: () => readonly Mail[]
  /** The newest mail to an address that has a link. */
  readonly mailTo: (email: string) => Mail
  readonly close: () => Promise<void>
}

/** What a server has that is not as it is mostly: a roster instead of the addresses, the file of an achievement, pages. */
export type Options = { readonly roster?: string; readonly achievement?: string; readonly pages?: Pages | undefined }

/** The token at the end of a link. */
export function tokenOf({ values }: Mail): string {
  return values.link?.split('/').at(-1) ?? ''
}

/**
 * A server in this process, whose clock a test sets forward, over a home with one delivered batch. Nobody sends its mails: they
 * are read where they wait.
 */
export async function start(
  emails: readonly string[],
  more: Cli.Environment = {},
  options: Options = {},
): Promise<LearnerServer> {
  const place = await Place.create({ LAUREL_WORKERS: '0', ...more })
  const { environment, home, base } = place
  const roster = join(home, 'roster.csv')
  const rows = `name,email\n${emails.map((email, i) => `Person ${i + 1},${email}\n`).join('')}`
  await writeFile(roster, options.roster ?? rows)
  const { batch } = await Cli.issue(roster, options.achievement ?? achievement, environment)
  const config = Config.read(environment)
  const { context, documents, rpc, close } = await createContext(config, { progress: () => {}, say: () => {} })
  let passed = 0
  const api = {
    ...context,
    clock: { now: () => Date.now() + passed },
    limits: { json: 1_000_000, roster: 1_000_000, file: 1_000_000 },
    ...createVerification(config, context),
    walletProof: createWalletProof(context, rpc),
    did: documents.did,
    anchors: context.audit.anchors,
  }
  const { text: key, key: stored } = ApiKey.create(api.randomness.bytes(36), {
    ...{ name: 'test', scopes: ApiKey.allScopes, createdAt: 0 },
  })
  await api.keys.addKey(stored)
  const quotas = { key: { count: 100_000, seconds: 60 }, address: { count: 100_000, seconds: 60 } }
  const given = { patience: Body.patience, quotas, verifyPage: async () => undefined, pages: options.pages }
  const server: Server = createApp(api, documents, given).listen(config.port, '127.0.0.1')
  await once(server, 'listening')
  const { items } = (await Api.create(base, key)('GET', `/v1/batches/${batch}/credentials?limit=200`)).json
  const mails = () => {
    const database = new DatabaseSync(config.database, { readOnly: true })
    try {
      const rows = database.prepare('SELECT recipient, template, content FROM mails ORDER BY seq').all()
      return rows.map(({ recipient, template, content }) => {
        return { to: String(recipient), template: String(template), values: JSON.parse(String(content)) }
      })
    } finally {
      database.close()
    }
  }
  return {
    ...{ place, base, api, key, batch, mails },
    credentials: items.map(({ credential }: { credential: string }) => credential.replace('urn:uuid:', '')),
    pass: (milliseconds) => {
      passed += milliseconds
    },
    run: async () => {
      while ((await inviteSome(api)) || (await moveOne(api)));
    },
    mailTo: (email) => {
      const found = mails().findLast(({ to, values }) => to === email && values.link !== undefined)
      if (found === undefined) throw new Error(`Nobody has written to ${email}`)
      return found
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await close()
      await place.remove()
    },
  }
}

/** A browser as far as a server sees it: it keeps its cookie, and says where a request comes from. */
export type Browser = {
  readonly ask: ReturnType<typeof Api.create>
  /** What it sends with every request. */
  readonly headers: () => Readonly<Record<string, string>>
  readonly cookie: () => string | undefined
}

/** A browser with a session of its own, or with a cookie that somebody has given it. */
export function browser(base: string, given?: string): Browser {
  let cookie = given
  const ask = Api.create(base)
  const headers = () => ({ 'sec-fetch-site': 'same-origin', ...(cookie === undefined ? {} : { cookie }) })
  return {
    headers,
    cookie: () => cookie,
    ask: async (method, path, asked = {}) => {
      const reply = await ask(method, path, { ...asked, headers: { ...headers(), ...asked.headers } })
      const [pair] = reply.headers.getSetCookie()
      if (pair !== undefined) cookie = /Max-Age=0/.test(pair) ? undefined : pair.split(';')[0]
      return reply
    },
  }
}

/** A browser in which somebody has signed in by a mail. */
export async function signedIn(server: LearnerServer, email: string): Promise<Browser> {
  const own = browser(server.base)
  await own.ask('POST', '/v1/learner/challenges', { json: { email } })
  const { status, text } = await own.ask('POST', '/v1/learner/sessions', {
    json: { token: tokenOf(server.mailTo(email)) },
  })
  if (status !== 201) throw new Error(text)
  return own
}
