import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import * as StatusHistory from '@laurel/core/StatusHistory'
import * as StatusList from '@laurel/core/StatusList'
import type { Context } from '../Context.ts'
import * as BatchStore from '../ports/BatchStore.ts'
import type { Planned, Published, Recorded, Recorder } from '../ports/StatusHistoryStore.ts'
import type { StatusRegistry } from '../ports/StatusRegistry.ts'
import * as Status from '../Status.ts'

/** What a list said of a credential. `since` is when it was published, or recorded, in milliseconds since 1970. */
export type Said = {
  readonly purpose: Status.Purpose
  readonly isSet: boolean
  readonly digest: Bytes.Hex
  readonly since: number
}

/**
 * Whether what the chain says can be relied upon: `STATUS_ON_CHAIN`, our history folds to the registry's heads, so that
 * nothing is left out or put into another order; `STATUS_HISTORY_BROKEN`, it does not; the others: there is nothing to
 * say now.
 */
export type Proof = {
  readonly code:
    | 'STATUS_ON_CHAIN'
    | 'STATUS_HISTORY_BROKEN'
    | 'STATUS_NOT_RECORDED'
    | 'STATUS_NOT_SETTLED'
    | 'CHAIN_UNREACHABLE'
  readonly lists: readonly Said[]
}

export type Answer = {
  /** `unissued`: its batch was accepted later. */
  readonly state: Status.State | 'unissued'
  /** The decision that made it so. */
  readonly decision: Status.Decision | undefined
  /** What everybody could read at the time. */
  readonly published: readonly Said[]
  /** What stood on the chain at the time, which nobody can change any more. */
  readonly recorded: Proof
}

/** The chain that is asked, and the accounts that have recorded digests there; none where it cannot be asked. */
export type Asked = {
  readonly chainId: number
  readonly accounts: readonly Bytes.Hex[]
  readonly registry: StatusRegistry
}

/**
 * How a credential stood at a moment, in milliseconds since 1970: what was decided by then, what the lists said that were
 * published, and what of them stood on the chain.
 *
 * @throws {BatchStore.UnknownCredentialError} when no such credential was issued from here
 * @throws {BatchStore.NoStatusError} when it was issued without a status list
 */
export async function statusAt(
  credentialId: string,
  moment: number,
  context: Pick<Context, 'store' | 'history' | 'content'>,
  asked: Asked | undefined,
): Promise<Answer> {
  const { store, history } = context
  const found = await store.find(credentialId)
  if (found === undefined) throw new BatchStore.UnknownCredentialError(credentialId)
  const { batch, recipient } = found
  const index = recipient.draft?.statusIndex ?? null
  if (batch.statusLists === null || index === null) throw new BatchStore.NoStatusError(credentialId)
  const { number } = batch.statusLists
  const { state, decision } = Status.at(await store.decisions(credentialId), moment)
  const published: Said[] = []
  for (const purpose of ['revocation', 'suspension'] as const) {
    const publication = await history.published({ number, purpose }, moment)
    if (publication !== undefined)
      published.push({ ...(await look(publication, index, context)), purpose, since: publication.at })
  }
  return {
    state: moment < batch.createdAt ? 'unissued' : state,
    decision,
    published,
    recorded: await recordedAt({ number, index, moment }, context, asked),
  }
}

async function recordedAt(
  { number, index, moment }: { readonly number: number; readonly index: number; readonly moment: number },
  context: Pick<Context, 'history' | 'content'>,
  asked: Asked | undefined,
): Promise<Proof> {
  if (asked === undefined) return { code: 'CHAIN_UNREACHABLE', lists: [] }
  const lists: Said[] = []
  for (const purpose of ['revocation', 'suspension'] as const) {
    const standing: Recorded[] = []
    for (const account of asked.accounts) {
      const digests = await context.history.digests({ number, purpose }, { chainId: asked.chainId, account })
      const code = await hold(digests, account, asked)
      if (code !== undefined) return { code, lists: [] }
      standing.push(...digests.filter(isRecorded))
    }
    // Accounts follow each other, and each of them has its own history.
    const last = standing.toSorted((a, b) => a.time - b.time).findLast(({ time }) => time * 1000 <= moment)
    if (last !== undefined) lists.push({ ...(await look(last, index, context)), purpose, since: last.time * 1000 })
  }
  return { code: lists.length === 0 ? 'STATUS_NOT_RECORDED' : 'STATUS_ON_CHAIN', lists }
}

/** Holds our history of a list against the registry's head; answers with what is in the way. */
async function hold(
  digests: readonly (Planned | Recorded)[],
  account: Recorder['account'],
  { registry }: Asked,
): Promise<Exclude<Proof['code'], 'STATUS_ON_CHAIN'> | undefined> {
  const [first] = digests
  if (first === undefined) return undefined
  const versions = digests.filter(isRecorded).map(({ digest, time }) => ({ digest: Bytes.fromHex(digest), time }))
  try {
    const head = await registry.head(account, StatusHistory.listId(first.url))
    if (head === Bytes.toHex(StatusHistory.head(versions))) return undefined
  } catch (error) {
    if (error instanceof Errors.BaseError && error.code === 'CHAIN_UNREACHABLE') return 'CHAIN_UNREACHABLE'
    throw error
  }
  // A digest may stand there whose block is not final, so that nobody has written it down yet.
  return digests.every(isRecorded) ? 'STATUS_HISTORY_BROKEN' : 'STATUS_NOT_SETTLED'
}

/** Reads a list as it was published, from among public content: its digest says that it is the one. */
async function look(
  { cid, digest }: Published,
  index: number,
  { content }: Pick<Context, 'content'>,
): Promise<Pick<Said, 'isSet' | 'digest'>> {
  const bytes = await content.read(cid)
  if (bytes === undefined || Bytes.toHex(Sha256.digest(bytes)) !== digest) throw new LostListError(cid)
  const { credentialSubject } = Json.parseObject(bytes)
  const { encodedList } = credentialSubject as { readonly encodedList: string }
  return { isSet: StatusList.isSet(StatusList.decode(encodedList), index), digest }
}

function isRecorded(digest: Planned | Recorded): digest is Recorded {
  return 'time' in digest
}

/** Thrown when a list that was published is not on this disk any more, or has changed. */
export class LostListError extends Errors.BaseError<'CONTENT_DAMAGED'> {
  override readonly name = 'statusAt.LostListError'
  constructor(cid: string) {
    super('CONTENT_DAMAGED', 'A status list that was published is not on this disk any more, or has changed.', {
      facts: { cid },
    })
  }
}
