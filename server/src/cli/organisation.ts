import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import type { Config } from '../config.ts'
import * as Organisation from '../organisations/Organisation.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'
import { withHome } from './with-home.ts'

/** Adds an organisation, whose data nobody of another sees. */
export function add(id: string, options: Answering & { readonly name?: string }, config: Config): Promise<void> {
  return withHome(config, async ({ organisations, clock }) => {
    const { name = id } = options
    const made = { id: Organisation.toId(id), name, settings: {}, quotas: {}, createdAt: clock.now() }
    await organisations.addOrganisation(made)
    say(options, view(made), [
      `${pc.green('✔')} ${id}`,
      `  Its first key is made by laurel key create --organisation ${id}.`,
    ])
  })
}

/** Lists the organisations with their quotas and what they have used of them. */
export function list(options: Answering, config: Config): Promise<void> {
  return withHome(config, async ({ organisations, clock }) => {
    const all = await Promise.all(
      (await organisations.organisations()).map(async (each) => ({
        ...view(each),
        use: await organisations.use(each.id, clock.now()),
      })),
    )
    const lines = all.map(
      ({ id, name, use }) =>
        `${id}  ${name}  ${pc.dim(`${use.recipientsThisMonth} recipients this month, ${use.openBatches} open batches`)}`,
    )
    say(options, { organisations: all }, lines)
  })
}

/** Sets quotas of an organisation, for every server at once; those that are not named stay. */
export function quota(id: string, limits: readonly string[], options: Answering, config: Config): Promise<void> {
  return withHome(config, async ({ organisations }) => {
    const before = await organisations.organisation(id)
    if (before === undefined) throw new Organisation.UnknownOrganisationError(id)
    const said = { ...before.quotas, ...Object.fromEntries(limits.map(read)) }
    const quotas = Object.fromEntries(Object.entries(said).filter(([, limit]) => limit !== undefined))
    const after = await organisations.changeOrganisation(id, { quotas })
    if (after === undefined) throw new Organisation.UnknownOrganisationError(id)
    say(options, view(after), [
      `${pc.green('✔')} ${id}`,
      ...Object.entries(Organisation.quotas).map(
        ([name, meaning]) =>
          `  ${after.quotas[name as Organisation.Quota] ?? 'no end'}  ${pc.dim(`${name}: ${meaning}`)}`,
      ),
    ])
  })
}

function read(text: string): readonly [Organisation.Quota, number | undefined] {
  const [, name = '', limit = ''] = /^(\w+)=(none|[1-9][0-9]{0,14})$/.exec(text) ?? []
  if (!Object.hasOwn(Organisation.quotas, name)) throw new InvalidQuotaError(text)
  return [name as Organisation.Quota, limit === 'none' ? undefined : Number(limit)]
}

function view({ id, name, settings, quotas, createdAt }: Organisation.Organisation) {
  return { id, name, settings, quotas, createdAt: new Date(createdAt).toISOString() }
}

/** Thrown when what was said is no quota, or no limit of one. */
class InvalidQuotaError extends Errors.BaseError<'QUOTA_INVALID'> {
  override readonly name = 'organisation.InvalidQuotaError'
  constructor(text: string) {
    const names = Object.keys(Organisation.quotas).join(', ')
    super('QUOTA_INVALID', `${text.slice(0, 80)} is none of ${names}, with =number or =none.`)
  }
}
