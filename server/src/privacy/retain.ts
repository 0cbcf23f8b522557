import type { Context } from '../Context.ts'
import * as Uuid from '../Uuid.ts'
import { type Erasing, erase } from './erase.ts'

/** What retention has forgotten, or would. */
export type Outdated = { readonly people: number; readonly reasons: number }

/** How many people are forgotten at one go. */
const largest = 10_000

const day = 24 * 60 * 60 * 1_000

/**
 * What is older than an organisation wants to keep it. Changes nothing.
 *
 * @param context within the organisation
 */
export async function outdated(
  organisation: string,
  { privacy, clock }: Pick<Context, 'privacy' | 'clock'>,
): Promise<Outdated> {
  const { rosters, reasons } = await privacy.retention(organisation)
  const before = (days: number) => clock.now() - days * day
  return {
    people: rosters === null ? 0 : await privacy.countOutdated(before(rosters)),
    reasons: reasons === null ? 0 : await privacy.countReasons(before(reasons)),
  }
}

/**
 * Forgets what is older than an organisation wants to keep it. Credentials stay valid: their learners have them.
 *
 * If we die in its midst: the next run goes on from there.
 *
 * @param context within the organisation
 */
export async function retain(organisation: string, context: Erasing & Pick<Context, 'randomness'>): Promise<Outdated> {
  const { privacy, clock, randomness } = context
  const { rosters, reasons } = await privacy.retention(organisation)
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
