import * as Bytes from '@laurel/core/Bytes'
import type * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as Achievement from '../achievement/Achievement.ts'
import * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import * as Roster from '../roster/Roster.ts'
import type { Source } from '../roster/Source.ts'

/**
 * Takes a roster whole, or refuses it with every wrong row named; nothing of a refused one is kept. It is read to its end
 * before anything is stored, then once more to store it, and never held as a whole.
 *
 * The same bytes for the same issuer, account and chain make the same batch: who asks again after a crash, or because the
 * answer was lost, gets the batch that is already there. `again` makes a further one once the earlier is delivered.
 *
 * If we die right after it: the batch is there, and the next worker carries on with 2-draft. In its midst: there is none.
 *
 * @throws {Roster.InvalidRosterError} with every wrong row
 * @throws {Source.ChangedError} when the roster was changed while it was read
 * @throws {Achievement.InvalidAchievementError} when the achievement is wrong
 */
export async function intake(
  input: {
    readonly roster: Source
    readonly achievement: Uint8Array
    readonly again?: boolean
    /** In which learners may redeem a token: then each of them is given a ticket. */
    readonly collection?: ClaimTicket.Collection
  },
  { store, clock, randomness, terms: common }: Pick<Context, 'store' | 'clock' | 'randomness' | 'terms'>,
): Promise<{ readonly batch: Batch.Batch; readonly repeated: boolean }> {
  const achievement = Achievement.read(input.achievement)
  const { collection } = input
  const terms = collection === undefined ? common : { ...common, collection }
  const digest = await Roster.digest(input.roster)
  const hash = requestHash({ roster: digest, achievement: Sha256.digest(input.achievement) }, terms)
  const again = input.again ?? false
  const before = await store.requested(hash)
  if (before !== undefined && (!again || Batch.isOpen(before))) return { batch: before, repeated: true }

  const now = clock.now()
  const options = {
    achievement: achievement.definition,
    issuer: terms.issuer.id,
    reserved: collection === undefined ? [terms.registry] : [terms.registry, collection.address],
    now,
  }
  const size = await Roster.check(input.roster, digest, options)
  const id = `${new Date(now).toISOString().slice(0, 10)}-${Bytes.toHex(randomness.bytes(4)).slice(2)}`
  const people = Roster.people(input.roster, digest, options)
  return store.accept(
    { id, hash, again, now, terms, achievement, size },
    people as AsyncIterable<readonly unknown[]> as AsyncIterable<readonly Json.Object[]>,
  )
}

function requestHash(digests: { readonly roster: Uint8Array; readonly achievement: Uint8Array }, terms: Batch.Terms) {
  return Bytes.toHex(
    Jcs.digest({
      roster: Bytes.toHex(digests.roster),
      achievement: Bytes.toHex(digests.achievement),
      issuer: terms.issuer.id,
      profile: terms.profile,
      chainId: terms.chainId,
      registry: terms.registry,
      account: terms.account,
      ...(terms.collection === undefined ? {} : { collection: terms.collection.address }),
    }),
  )
}
