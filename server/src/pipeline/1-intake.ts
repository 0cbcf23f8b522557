import * as Bytes from '@laurel/core/Bytes'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as Achievement from '../achievement/Achievement.ts'
import type * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import * as Roster from '../roster/Roster.ts'

/**
 * Takes a roster whole, or refuses it with every wrong row named; nothing of a refused one is kept.
 *
 * The same bytes for the same issuer, account and chain make the same batch: who asks again after a crash, or because the
 * answer was lost, gets the batch that is already there. `again` makes a further one once the earlier is delivered.
 *
 * If we die right after it: the batch is there, and the next worker carries on with 2-draft.
 *
 * @throws {Roster.InvalidRosterError} with every wrong row
 * @throws {Achievement.InvalidAchievementError} when the achievement is wrong
 */
export async function intake(
  input: { readonly roster: Uint8Array; readonly achievement: Uint8Array; readonly again?: boolean },
  { store, clock, randomness, terms }: Pick<Context, 'store' | 'clock' | 'randomness' | 'terms'>,
): Promise<{ readonly batch: Batch.Batch; readonly repeated: boolean }> {
  const achievement = Achievement.read(input.achievement)
  const now = clock.now()
  const rows = Roster.read(input.roster, {
    achievement: achievement.definition,
    issuer: terms.issuer.id,
    reserved: [terms.registry],
    now,
  })
  return store.accept({
    id: `${new Date(now).toISOString().slice(0, 10)}-${Bytes.toHex(randomness.bytes(4)).slice(2)}`,
    hash: requestHash(input, terms),
    again: input.again ?? false,
    now,
    terms,
    achievement,
    recipients: rows as unknown as readonly Json.Object[],
  })
}

function requestHash(input: { readonly roster: Uint8Array; readonly achievement: Uint8Array }, terms: Batch.Terms) {
  return Bytes.toHex(
    Jcs.digest({
      roster: Bytes.toHex(Sha256.digest(input.roster)),
      achievement: Bytes.toHex(Sha256.digest(input.achievement)),
      issuer: terms.issuer.id,
      profile: terms.profile,
      chainId: terms.chainId,
      registry: terms.registry,
      account: terms.account,
    }),
  )
}
