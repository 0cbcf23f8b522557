import pc from 'picocolors'
import * as ApiKey from '../access/ApiKey.ts'
import type { Config } from '../config.ts'
import * as Failure from './Failure.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'
import { withOrganisation } from './with-organisation.ts'

type Organised = Answering & { readonly organisation?: string }

/** Makes a key for the HTTP interface and shows it, this once. */
export function create(
  options: Organised & { readonly name: string; readonly scopes?: string; readonly expires?: string },
  config: Config,
): Promise<void> {
  return withOrganisation(options, config, async ({ keys, clock, randomness }) => {
    const scopes = options.scopes === undefined ? ApiKey.allScopes : ApiKey.toScopes(options.scopes.split(','))
    const expiresAt = options.expires === undefined ? null : readDate(options.expires)
    const made = { name: options.name, scopes, createdAt: clock.now(), expiresAt }
    const { text, key } = ApiKey.create(randomness.bytes(36), made)
    await keys.addKey(key)
    say(options, { ...view(key), secret: text }, [
      `${pc.green('✔')} ${text}`,
      `  It may ${scopes.join(', ')}. It is shown this once; keep it where passwords are kept.`,
    ])
  })
}

/** Lists every key there ever was, without their secrets. */
export function list(options: Organised, config: Config): Promise<void> {
  return withOrganisation(options, config, async ({ keys, clock }) => {
    const all = await keys.keys()
    const lines = all.map(
      (key) => `${key.id}  ${standing(key, clock.now())}  ${key.name}  ${pc.dim(key.scopes.join(' '))}`,
    )
    say(options, { keys: all.map(view) }, lines.length === 0 ? ['There is no key yet.'] : lines)
  })
}

/** Ends a key for good; repeating it changes nothing. */
export function revoke(id: string, options: Organised, config: Config): Promise<void> {
  return withOrganisation(options, config, async ({ keys, clock }) => {
    const key = await keys.revokeKey(id, clock.now())
    if (key === undefined) throw new Failure.UnknownKeyError(id)
    say(options, view(key), [`${pc.green('✔')} ${id} (${key.name}) opens nothing any more`])
  })
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
