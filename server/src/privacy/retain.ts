import * as Principal from '../access/Principal.ts'
import type { Context } from '../Context.ts'
import * as Uuid from '../Uuid.ts'
import { type Erasing, erase } from './erase.ts'

/** What retention has forgotten, or would. */
export type Outdated = { readonly people: number; readonly reasons: number }

/** How many people are forgotten at one go. */
const largest = 10_000

const day = 24 * 60 * 60 * 1_000

/** What is older than its organisation wants to keep it. Changes nothing. */
export async function outdated({ privacy, clock }: Pick<Context, 'privacy' | 'clock'>): Promise<Outdated> {
  const { rosters, reasons } = await privacy.retention(Principal.home)
  const before = (days: number) => clock.now() - days * day
  return {
    people: rosters === null ? 0 : await privacy.countOutdated(before(rosters)),
    reasons: reasons === null ? 0 : await privacy.countReasons(before(reasons)),
  }
}

/**
 * Forgets what is older than its organisation wants to keep it. Credentials stay valid: their learners have them.
 *
 * If we die in its midst: the next run goes on from there.
 */
export async function retain(context: Erasing & Pick<Context, 'randomness'>): Promise<Outdated> {
  const { privacy, clock, randomness } = context
  const { rosters, reasons } = await privacy.retention(Principal.home)
  let people = 0
  while (rosters !== null) {
    const some = await privacy.outdated(clock.now() - rosters * day, largest)
    if (some.length === 0) break
    await erase(some, { id: Uuid.name(Uuid.urn(randomness.bytes(16))), revoke: false }, context)
    people += some.length
  }
  const count = reasons === null ? 0 : await privacy.forgetReasons(clock.now() - reasons * day)
  if (count > 0) await privacy.scrub()
  return { people, reasons: count }
}
