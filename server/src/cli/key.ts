import pc from 'picocolors'
import * as ApiKey from '../access/ApiKey.ts'
import type { Config } from '../config.ts'
import { createHome } from '../main.ts'
import * as Failure from './Failure.ts'

type Home = Awaited<ReturnType<typeof createHome>>

/** Makes a key for the HTTP interface and shows it, this once. */
export function create(
  options: { readonly name: string; readonly scopes?: string; readonly expires?: string; readonly json?: boolean },
  config: Config,
): Promise<void> {
  return within(config, async ({ keys, clock, randomness }) => {
    const scopes = options.scopes === undefined ? ApiKey.allScopes : ApiKey.toScopes(options.scopes.split(','))
    const expiresAt = options.expires === undefined ? null : readDate(options.expires)
    const made = { name: options.name, scopes, createdAt: clock.now(), expiresAt }
    const { text, key } = ApiKey.create(randomness.bytes(36), made)
    await keys.addKey(key)
    say(options.json, { ...view(key), secret: text }, [
      `${pc.green('✔')} ${text}`,
      `  It may ${scopes.join(', ')}. It is shown this once; keep it where passwords are kept.`,
    ])
  })
}

/** Lists every key there ever was, without their secrets. */
export function list(options: { readonly json?: boolean }, config: Config): Promise<void> {
  return within(config, async ({ keys, clock }) => {
    const all = await keys.keys()
    const lines = all.map(
      (key) => `${key.id}  ${standing(key, clock.now())}  ${key.name}  ${pc.dim(key.scopes.join(' '))}`,
    )
    say(options.json, { keys: all.map(view) }, lines.length === 0 ? ['There is no key yet.'] : lines)
  })
}

/** Ends a key for good; repeating it changes nothing. */
export function revoke(id: string, options: { readonly json?: boolean }, config: Config): Promise<void> {
  return within(config, async ({ keys, clock }) => {
    const key = await keys.revokeKey(id, clock.now())
    if (key === undefined) throw new Failure.UnknownKeyError(id)
    say(options.json, view(key), [`${pc.green('✔')} ${id} (${key.name}) opens nothing any more`])
  })
}

async function within(config: Config, work: (home: Home) => Promise<void>): Promise<void> {
  const home = await createHome(config)
  try {
    await work(home)
  } finally {
    await home.close()
  }
}

function standing({ revokedAt, expiresAt }: ApiKey.Stored, now: number): string {
  if (revokedAt !== null) return 'revoked'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid  '
}

function view({ id, name, scopes, createdAt, expiresAt, revokedAt }: ApiKey.Stored): object {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString())
  return { id, name, scopes, createdAt: time(createdAt), expiresAt: time(expiresAt), revokedAt: time(revokedAt) }
}

function readDate(text: string): number {
  const at = Date.parse(text)
  if (
    !/^\d{4}-\d\d-\d\d(T.*Z)?$/.test(text) ||
    Number.isNaN(at) ||
    !new Date(at).toISOString().startsWith(text.slice(0, 10))
  )
    throw new Failure.InvalidDateError(text)
  return at
}

function say(json: boolean | undefined, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join('\n')}\n`)
}
