import * as Errors from '@laurel/core/Errors'
import pc from 'picocolors'
import * as Principal from '../access/Principal.ts'
import type { Config } from '../config.ts'
import type { Home } from '../main.ts'
import { UnknownCredentialError } from '../ports/BatchStore.ts'
import type { Held } from '../ports/PrivacyStore.ts'
import { disclose as disclosePerson } from '../privacy/disclose.ts'
import type { Erasure } from '../privacy/Erasure.ts'
import { erase as eraseHeld, finish, heldOf } from '../privacy/erase.ts'
import * as Person from '../privacy/Person.ts'
import { outdated } from '../privacy/retain.ts'
import * as Uuid from '../Uuid.ts'
import { confirm } from './confirm.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'
import { withHome } from './with-home.ts'
import { withOrganisation } from './with-organisation.ts'

export type Options = Answering & { readonly email?: string; readonly revoke?: boolean; readonly yes?: boolean }

/** Erases what is kept of the recipients of credentials, or of whoever has an address. */
export function erase(ids: readonly string[], options: Options, config: Config): Promise<void> {
  return withHome(config, async (home) => {
    const { people, person, before } = await find(ids, options.email, home)
    const isAnything = people.length > 0 || person !== undefined
    if (isAnything)
      await confirm(
        `What is kept of ${people.length} credentials and orders is destroyed; nobody can bring it back.`,
        options.yes,
      )
    const erasures: Erasure[] = []
    for (const each of before) erasures.push(await finish(each, home))
    const id = Uuid.name(Uuid.urn(home.randomness.bytes(16)))
    if (isAnything)
      erasures.push(await eraseHeld(people, { id, revoke: options.revoke ?? false, address: options.email }, home))
    say(
      options,
      { erasures: erasures.map(({ id, receipt }) => ({ id, receipt })) },
      erasures.flatMap(({ id, credentials, others, receipt }) => [
        `${pc.green('✔')} ${credentials.length} credentials and ${others} orders are erased`,
        `  erasure  ${id}`,
        `  receipt  ${JSON.stringify(receipt)}`,
        ...(credentials.some(({ redeemable }) => redeemable)
          ? [
              '  A token that was redeemed stays on its chain until its holder burns it (laurel token revoke revokes it).',
            ]
          : []),
      ]),
    )
  })
}

/** Shows all that is kept of whoever has an address. */
export function disclose(email: string, config: Config): Promise<void> {
  return withHome(config, async (home) => {
    const person = await Person.find(email, home.privacy)
    if (person === undefined) throw new UnknownPersonError()
    process.stdout.write(`${JSON.stringify(await disclosePerson(person, home.clock.now(), home), null, 2)}\n`)
  })
}

/** Shows for how long what is known of people is kept, and what is older than that; or says it anew. */
export function retention(
  options: Answering & {
    readonly organisation?: string
    readonly rosters?: number | null
    readonly reasons?: number | null
  },
  config: Config,
): Promise<void> {
  const { organisation = Principal.home } = options
  return withOrganisation(options, config, async (home) => {
    const before = await home.privacy.retention(organisation)
    const { rosters = before.rosters, reasons = before.reasons } = options
    if (options.rosters !== undefined || options.reasons !== undefined)
      await home.privacy.setRetention(organisation, { rosters, reasons }, home.clock.now())
    const old = await outdated(organisation, home)
    const long = (days: number | null) =>
      days === null ? 'until somebody asks for it to be erased' : `for ${days} days`
    say(options, { rosters, reasons, outdated: old }, [
      `What rosters say is kept ${long(rosters)}; ${old.people} people are older`,
      `Reasons of decisions are kept ${long(reasons)}; ${old.reasons} are older`,
      ...(old.people + old.reasons === 0 ? [] : ['A server erases for good, within an hour, what is older.']),
    ])
  })
}

/** What is to be erased, and the erasures of what was erased before. */
async function find(
  ids: readonly string[],
  email: string | undefined,
  home: Home,
): Promise<{
  readonly people: readonly Held[]
  readonly person: Person.Person | undefined
  readonly before: readonly Erasure[]
}> {
  const person = email === undefined ? undefined : await Person.find(email, home.privacy)
  const people: Held[] = [...(person?.held ?? [])]
  const before: Erasure[] = []
  for (const id of ids.map(Uuid.toUrn)) {
    const erasure = await home.privacy.erasureOf(id)
    const held = await heldOf(id, home)
    if (erasure !== undefined) before.push(erasure)
    else if (held === undefined) throw new UnknownCredentialError(id)
    else people.push(held)
  }
  if (people.length + before.length === 0 && person === undefined) throw new UnknownPersonError()
  return { people, person, before }
}

/** Thrown when nothing is kept of somebody. */
export class UnknownPersonError extends Errors.BaseError<'PERSON_UNKNOWN'> {
  override readonly name = 'erase.UnknownPersonError'
  constructor() {
    super('PERSON_UNKNOWN', 'Nothing is kept of this person.')
  }
}
