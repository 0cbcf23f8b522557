import * as Bytes from '@laurel/core/Bytes'
import type * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import type * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as Achievement from '../achievement/Achievement.ts'
import * as Batch from '../Batch.ts'
import type { Context } from '../Context.ts'
import { agreedNow } from '../issuer/Profile.ts'
import type * as BatchStore from '../ports/BatchStore.ts'
import type * as Receipt from '../ports/Receipt.ts'
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
  context: Pick<Context, 'store' | 'issuers' | 'clock' | 'randomness' | 'terms'>,
): Promise<BatchStore.Accepted> {
  const { store, clock, randomness } = context
  const achievement = Achievement.read(input.achievement)
  const terms = await agree(context, input)
  const digest = await Roster.digest(input.roster)
  const hash = requestHash({ roster: digest, achievement: Sha256.digest(input.achievement) }, terms)
  const again = input.again ?? false
  const before = await store.requested(hash)
  if (before !== undefined && (!again || Batch.isOpen(before))) return { batch: before, repeated: true }

  const now = clock.now()
  const options = rosterOptions(achievement, terms, now)
  const size = await Roster.check(input.roster, digest, options)
  return store.accept(
    { id: batchId(now, randomness), hash, again, now, terms, achievement, size },
    people(input.roster, digest, options),
  )
}

/** What is agreed for a batch: what holds for all of them now, and what is wanted for this one. */
export async function agree(
  context: Pick<Context, 'terms' | 'issuers'>,
  { collection }: { readonly collection?: ClaimTicket.Collection | undefined },
): Promise<Batch.Terms> {
  const common = await agreedNow(context.terms, context)
  return collection === undefined ? common : { ...common, collection }
}

/** What is asked for by somebody who may say more about it than a file and an achievement. */
export type Order = {
  readonly roster: Source
  /** SHA-256 of the roster (32 bytes). */
  readonly digest: Uint8Array
  readonly achievement: Batch.Achievement & { readonly digest: Bytes.Hex }
  readonly mapping: Roster.Options['mapping'] | undefined
  /** Whether the batch waits until it is submitted. */
  readonly held: boolean
  readonly title: string | undefined
  /** Of which department whoever asks is, where they are limited to one: what others have handed in is none of theirs. */
  readonly department: string | null
  /** In which learners may redeem a token: then each of them is given a ticket. */
  readonly collection: ClaimTicket.Collection | undefined
  /** Something that no other request has: the same roster then makes a batch of its own. */
  readonly apart: string | undefined
}

/** What is known of a roster that would be taken. Formulas are named up to a hundred. */
export type Looked = {
  readonly size: number
  readonly formulas: readonly { readonly row: number; readonly column: string }[]
  readonly hash: Bytes.Hex
  readonly options: Roster.Options
  readonly terms: Batch.Terms
}

/**
 * Looks at a roster without storing anything: what {@link take} would say of it.
 *
 * @throws what {@link intake} throws
 * @throws {DuplicateBatchError} when there is a batch of the same roster already
 */
export async function look(
  order: Order,
  context: Pick<Context, 'store' | 'issuers' | 'clock' | 'terms'>,
): Promise<Looked> {
  const { store, clock } = context
  const { roster, digest, achievement, mapping, apart, department } = order
  const terms = await agree(context, order)
  const own = requestHash({ roster: digest, achievement: Bytes.fromHex(achievement.digest) }, terms)
  const mapped = [...(mapping ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const hash = Bytes.toHex(
    Jcs.digest({ request: own, columns: mapped, apart: apart ?? null, ...(department !== null && { department }) }),
  )
  const before = await store.requested(hash)
  if (before !== undefined) throw new DuplicateBatchError(before.id)
  const formulas: { row: number; column: string }[] = []
  const options: Roster.Options = {
    ...rosterOptions(achievement, terms, clock.now()),
    ...(mapping === undefined ? {} : { mapping }),
  }
  const size = await Roster.check(roster, digest, {
    ...options,
    onFormula: (place) => formulas.length < 100 && formulas.push(place),
  })
  return { size, formulas, hash, options, terms }
}

/**
 * Stores a roster that was looked at, with the answer to the request that brought it where that has a receipt.
 *
 * If we die right after it: the batch is there, and the same request is answered with the same words.
 *
 * @throws {DuplicateBatchError} when another request has stored the same roster meanwhile
 */
export async function take(
  order: Order,
  { size, hash, options, terms }: Looked,
  receipt: Receipt.Receipt<Batch.Batch> | undefined,
  { store, randomness }: Pick<Context, 'store' | 'randomness'>,
): Promise<{ readonly batch?: Batch.Batch; readonly answer?: Receipt.Answer }> {
  const now = options.now as number
  const { achievement, held, title, department, roster, digest } = order
  const { definition, metadata } = achievement
  const request = {
    ...{ id: batchId(now, randomness), hash, again: false, now, terms, size, held, title, department },
    achievement: { definition, metadata },
  }
  if (receipt === undefined) return { batch: fresh(await store.accept(request, people(roster, digest, options))) }
  const { accepted, answer } = await store.acceptOnce(request, people(roster, digest, options), {
    ...receipt,
    answer: (accepted) => receipt.answer(fresh(accepted)),
  })
  return { ...(accepted && { batch: accepted.batch }), answer }
}

function fresh({ batch, repeated }: BatchStore.Accepted): Batch.Batch {
  if (repeated) throw new DuplicateBatchError(batch.id)
  return batch
}

/** How a roster is read for an achievement that is awarded under these terms. */
export function rosterOptions(achievement: Batch.Achievement, terms: Batch.Terms, now: number): Roster.Options {
  return { achievement: achievement.definition, issuer: terms.issuer.id, reserved: reserved(terms), now }
}

/** Addresses that are nobody's wallet. */
function reserved({ registry, collection }: Batch.Terms): readonly Bytes.Hex[] {
  return collection === undefined ? [registry] : [registry, collection.address]
}

/** The id of a batch: the day on which it was accepted, and four random bytes. */
export function batchId(now: number, randomness: Context['randomness']): string {
  return `${new Date(now).toISOString().slice(0, 10)}-${Bytes.toHex(randomness.bytes(4)).slice(2)}`
}

/** The people of a roster that was checked, as they are stored. */
export function people(
  roster: Source,
  digest: Uint8Array,
  options: Roster.Options,
): AsyncIterable<readonly Json.Object[]> {
  const pages = Roster.people(roster, digest, options)
  return pages as AsyncIterable<readonly unknown[]> as AsyncIterable<readonly Json.Object[]>
}

/** What makes two requests the same (docs/decisions/0005). */
export function requestHash(
  digests: { readonly roster: Uint8Array; readonly achievement: Uint8Array },
  terms: Batch.Terms,
): Bytes.Hex {
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

/** Thrown when the same roster was handed in before, and nobody has said that it is to be issued once more. */
export class DuplicateBatchError extends Errors.BaseError<'POSSIBLE_DUPLICATE_BATCH'> {
  override readonly name = 'intake.DuplicateBatchError'
  constructor(batch: string) {
    super('POSSIBLE_DUPLICATE_BATCH', `The same roster is batch ${batch} already; nothing was accepted.`, {
      facts: { batch },
    })
  }
}
