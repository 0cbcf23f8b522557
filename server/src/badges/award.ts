import * as Bytes from '@laurel/core/Bytes'
import * as Cohort from '@laurel/core/Cohort'
import * as Errors from '@laurel/core/Errors'
import * as Sha256 from '@laurel/core/Sha256'
import type * as Batch from '../Batch.ts'
import { ahead, range } from '../internal/ahead.ts'
import type { Office } from '../issuer/Office.ts'
import type * as BadgeCollections from '../ports/BadgeCollections.ts'
import { RefusedError } from '../transactions/carry-out.ts'
import * as Collection from './Collection.ts'
import * as Cost from './Cost.ts'
import * as Refusal from './Refusal.ts'

export type Request = {
  readonly achievement: Batch.Achievement
  /** Who is given it: wallets, each once, or the number of an award whose list it is. */
  readonly to: readonly Bytes.Hex[] | { readonly like: number }
  /** Gives it once more to a list that was given it before. */
  readonly again: boolean
}

/** An award as it stands on the chain. `transactionHash` is null where it was not made from this home. */
export type Awarded = {
  readonly number: number
  readonly size: number
  /** The award before it that had the same list, whose wallets are not stored again. */
  readonly like: number | null
  readonly repeated: boolean
  readonly transactionHash: Bytes.Hex | null
}

type Planned = {
  readonly list: Uint8Array
  readonly subject: string
  /** The award that there is already, or that is being made. */
  readonly known: 'open' | 'done' | undefined
}

/** How often the number of an award may be taken by somebody else of the issuer before we give up. */
const patience = 5

/**
 * Gives an achievement to wallets, by as many awards as it takes. A list that was given something before is not stored
 * again, which costs less. The achievement's metadata are public content before the chain names them.
 *
 * If we die in its midst: what was awarded is there, what was signed is sent again, and the same request does the rest.
 * Nobody is given anything twice by it.
 *
 * @throws {Collection.MissingCollectionError} COLLECTION_MISSING
 * @throws {UnknownAwardError} AWARD_UNKNOWN when there is no award whose list is wanted
 * @throws {Cohort.InvalidCohortError} COHORT_INVALID
 * @throws {Refusal.RefusedError} ACCOUNT_NOT_SPEAKING and others; and what else carrying a transaction out throws
 */
export async function award(office: Office, request: Request, approve: Cost.Approve): Promise<readonly Awarded[]> {
  const { badges, content, keyring } = office
  const collection = badges.at((await Collection.demand(office)).address)
  const metadata = Bytes.fromUtf8(request.achievement.metadata)
  const achievement = Bytes.toHex(Sha256.digest(metadata))
  const before = await awardsOf(collection, 0)
  const plans: Planned[] = []
  for (const list of listsOf(request.to, before))
    plans.push(await plan(office, collection, { achievement, list, request }))
  const isDone = ({ known, list }: Planned) =>
    known === 'done' || (known === undefined && !request.again && find(before, { achievement, list }) !== undefined)
  const fresh = plans.filter((each) => each.known === undefined && !isDone(each))
  if (fresh.length > 0) {
    const { address } = await keyring.account('badges')
    const calls = fresh.map(({ list }) => callOf(collection, { achievement, list, before }))
    await approve(await Cost.of(office, address, calls))
  }
  await content.put(metadata)
  const made: Awarded[] = []
  let after = before
  for (const each of plans) {
    const repeated = isDone(each)
    const { transactionHash, read } =
      repeated && each.known === undefined
        ? { transactionHash: null, read: after }
        : await make(office, collection, achievement, each, after)
    after = await readOn(collection, read)
    const found = find(after, { achievement, list: each.list })
    if (found === undefined) throw new TypeError('An award that was carried out is there')
    const like = after.find(({ number, list }) => number < found.number && Bytes.equals(list, each.list))
    made.push({
      number: found.number,
      size: each.list.length / 20,
      like: like?.number ?? null,
      repeated,
      transactionHash,
    })
  }
  return made
}

/** Every award of a collection after one. */
export async function awardsOf(
  collection: BadgeCollections.BadgeCollection,
  after: number,
): Promise<readonly BadgeCollections.Award[]> {
  const awards: BadgeCollections.Award[] = []
  for await (const each of ahead(range(after + 1, (await collection.awardCount()) + 1), 16, collection.award))
    awards.push(each)
  return awards
}

/** The awards that were read, and those that came after them. */
async function readOn(
  collection: BadgeCollections.BadgeCollection,
  awards: readonly BadgeCollections.Award[],
): Promise<readonly BadgeCollections.Award[]> {
  return [...awards, ...(await awardsOf(collection, awards.length))]
}

/** The lists that awards take, in ascending order. */
function listsOf(to: Request['to'], awards: readonly BadgeCollections.Award[]): readonly Uint8Array[] {
  if ('like' in to) {
    const award = awards.find(({ number }) => number === to.like)
    if (award === undefined) throw new UnknownAwardError(to.like)
    return [award.list]
  }
  const sorted = to.toSorted()
  if (sorted.length === 0) throw new Cohort.InvalidCohortError(0)
  return [...range(0, sorted.length, Cohort.maximumSize)].map((at) =>
    Cohort.pack(sorted.slice(at, at + Cohort.maximumSize)),
  )
}

/** What has become of an award before: of the first, or, where it is asked for again, of the first that is not done. */
async function plan(
  office: Office,
  collection: BadgeCollections.BadgeCollection,
  { achievement, list, request }: { achievement: Bytes.Hex; list: Uint8Array; request: Request },
): Promise<Planned> {
  for (let time = 1; ; time++) {
    const subject = `${achievement} to ${Bytes.toHex(Sha256.digest(list))}, ${time}`
    const call = collection.calls.award(0, achievement, list)
    const known = await office.transactions.find(await Collection.intentOf(office, { purpose: 'award', subject, call }))
    if (known?.state === 'done' && request.again) continue
    return { list, subject, known: known === undefined ? undefined : known.state === 'done' ? 'done' : 'open' }
  }
}

/**
 * Makes it under the next number. Where another award has taken that meanwhile, nothing was made, and it is tried again:
 * then all awards are read anew, because the chain may have gone back.
 *
 * @param known the awards that were read before
 * @returns what was read by then, too
 */
async function make(
  office: Office,
  collection: BadgeCollections.BadgeCollection,
  achievement: Bytes.Hex,
  { list, subject }: Planned,
  known: readonly BadgeCollections.Award[],
): Promise<{ readonly transactionHash: Bytes.Hex; readonly read: readonly BadgeCollections.Award[] }> {
  for (let attempt = 1; ; attempt++) {
    const before = await readOn(collection, attempt === 1 ? known : [])
    const call = callOf(collection, { achievement, list, before })
    try {
      const transactionHash = await Collection.carry(office, { purpose: 'award', subject, call })
      return { transactionHash, read: before }
    } catch (error) {
      const isTaken = error instanceof RefusedError || Refusal.nameOf(error, office.badges) === 'AwardNumber'
      if (!isTaken || attempt === patience) throw error
    }
  }
}

function callOf(
  { calls }: BadgeCollections.BadgeCollection,
  {
    achievement,
    list,
    before,
  }: { achievement: Bytes.Hex; list: Uint8Array; before: readonly BadgeCollections.Award[] },
) {
  const number = before.length + 1
  const earlier = before.find((each) => Bytes.equals(each.list, list))
  return earlier === undefined
    ? calls.award(number, achievement, list)
    : calls.awardAgain(number, achievement, earlier.number)
}

/** The newest award of an achievement to a list. */
function find(
  awards: readonly BadgeCollections.Award[],
  { achievement, list }: { achievement: Bytes.Hex; list: Uint8Array },
): BadgeCollections.Award | undefined {
  return awards.findLast((each) => each.achievement === achievement && Bytes.equals(each.list, list))
}

/** Thrown when the collection has no award of this number. */
export class UnknownAwardError extends Errors.BaseError<'AWARD_UNKNOWN'> {
  override readonly name = 'award.UnknownAwardError'
  constructor(number: number) {
    super('AWARD_UNKNOWN', `There is no award ${number} in the collection.`, { facts: { number } })
  }
}
