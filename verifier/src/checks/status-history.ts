import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as IssuerDirectory from '@laurel/core/IssuerDirectory'
import * as Sha256 from '@laurel/core/Sha256'
import * as Standing from '@laurel/core/Standing'
import * as StatusHistory from '@laurel/core/StatusHistory'
import * as Memory from '../Memory.ts'
import type { Readers, StatusList } from '../Readers.ts'
import { failed, passed, type Result, unknown } from '../Report.ts'
import * as StatusRegistry from '../StatusRegistry.ts'
import type * as Trust from '../Trust.ts'
import { type Context, type Purpose, read } from './status-list.ts'

/** What the status of a credential is asked of. */
export type StatusReaders = Pick<Readers, 'did' | 'statusLists'> &
  Partial<Pick<Readers, 'content' | 'words' | 'history'>>

export type Asked = Omit<Context, 'readers'> & { readonly readers: StatusReaders }

/** A version of a list that stands on a chain, and the name of the chain. */
type Recorded = StatusHistory.Version & { readonly place: string }

/** All that an account has recorded of a list, as of a final block, in seconds since 1970. */
type Record = { readonly versions: readonly Recorded[]; readonly asOf: number }

/**
 * How an entry stood at a moment, in milliseconds since 1970: as the version of its list says whose digest was the last on
 * the chain then. What the chain has is the head of the history, and with it all of it, in its order; where the bytes of the
 * list come from does not matter, since its digest tells.
 *
 * A list that was signed anew without a decision is not recorded: the last one that was says the same, however long it was
 * meant to hold. A revocation in an earlier version counts, because it is never taken back.
 */
export function asOfThen(at: number) {
  return async (url: string, purpose: Purpose, index: number, context: Asked): Promise<Result> => {
    const { issuer, trust, readers } = context
    const recorders = recordersOf(issuer, trust)
    if (recorders.length === 0)
      return unknown(
        'STATUS_RECORDERS_UNKNOWN',
        'You name no account that records its status lists on a trusted chain.',
      )
    const records: Record[] = []
    for (const recorder of recorders) {
      const record = await recordOf(recorder, StatusHistory.listId(url), at, context)
      if ('outcome' in record) return record
      records.push(record)
    }
    // Accounts follow each other, and each of them has its own history.
    const stood = records
      .flatMap(({ versions }) => versions)
      .filter(({ time }) => time * 1000 <= at)
      .toSorted((a, b) => a.time - b.time)
      .toReversed()
    const [last] = stood
    const lists = last === undefined ? [] : await listsOf(stood, url, readers)
    let trouble: Result | undefined
    let isSet: boolean | undefined
    for (const { version, bytes } of lists) {
      const reading = await read({ bytes, live: false }, url, purpose, index, context)
      if ('outcome' in reading) trouble ??= reading
      else if (purpose === 'revocation' && reading.isSet) return failed('REVOKED', revokedBy(version))
      else if (version === last) isSet = reading.isSet
    }
    if (records.some(({ asOf }) => asOf * 1000 < at))
      return unknown('STATUS_NOT_SETTLED', 'What stood on the chain at that time is not final yet. Ask again later.')
    if (last === undefined)
      return unknown('STATUS_NOT_RECORDED', 'No version of its status list stood on the chain at that time.')
    if (isSet === undefined)
      return (
        trouble ?? unknown('STATUS_VERSION_UNAVAILABLE', 'The status list of that time cannot be had, only its digest.')
      )
    const moment = DateTimeStamp.fromSeconds(Math.floor(at / 1000))
    if (isSet) return failed('SUSPENDED_THEN', `Its issuer had suspended it on ${moment}, for the time being.`)
    return passed(
      'NOT_REVOKED_THEN',
      `It was neither revoked nor suspended on ${moment}: so says the list that stood on ${last.place} since ${DateTimeStamp.fromSeconds(last.time)}.`,
    )
  }
}

/** How many versions before the last one are looked at. */
const mostEarlier = 64

/**
 * The bytes of the versions that can be had, the newest first. Those before the last are asked for because whoever steals an
 * account could record an old list anew; where even the last cannot be had, nobody else is asked.
 */
async function listsOf(
  stood: readonly Recorded[],
  url: string,
  { statusLists, content }: StatusReaders,
): Promise<readonly { readonly version: Recorded; readonly bytes: Uint8Array }[]> {
  const copies = await statusLists(url)
  const find = async (version: Recorded, ask: StatusReaders['content']) => {
    const bytes = await bytesOf(version, copies, ask)
    return bytes === undefined ? [] : [{ version, bytes }]
  }
  const [last, ...earlier] = stood
  const first = last === undefined ? [] : await find(last, content)
  const ask = first.length === 0 ? undefined : content
  const rest = await Promise.all(earlier.slice(0, mostEarlier).map((version) => find(version, ask)))
  return [...first, ...rest.flat()]
}

/**
 * The version of a list that was recorded last, and its bytes, which are those of one of the copies or can be had by their
 * digest; undefined where the trust names nobody who records, and where the chain or its history cannot be had: then the age
 * of the copies alone decides.
 */
export async function lastRecorded(
  url: string,
  copies: readonly StatusList[],
  context: Asked,
): Promise<(Recorded & { readonly bytes: Uint8Array | undefined }) | undefined> {
  const { issuer, trust, readers } = context
  const isNamed = trust.issuers.some(({ did, recorders }) => did === issuer && recorders !== undefined)
  if (!isNamed || readers.history === undefined) return undefined
  const versions: Recorded[] = []
  for (const recorder of recordersOf(issuer, trust)) {
    const record = await recordOf(recorder, StatusHistory.listId(url), 0, context)
    if (!('outcome' in record)) versions.push(...record.versions)
  }
  const last = versions.toSorted((a, b) => a.time - b.time).at(-1)
  if (last === undefined) return undefined
  return { ...last, bytes: await bytesOf(last, copies, readers.content) }
}

/** The bytes of a version: those of a copy, or what can be had by their digest. */
async function bytesOf(
  { digest }: Recorded,
  copies: readonly StatusList[],
  ask: StatusReaders['content'],
): Promise<Uint8Array | undefined> {
  const name = Bytes.toHex(digest)
  const bytes = copies.find((copy) => digestOf(copy.bytes) === name)?.bytes ?? (await ask?.(digest))
  return bytes !== undefined && digestOf(bytes) === name ? bytes : undefined
}

// A whole batch asks for the same lists and the same history, of which a long one takes longer than all else.
const digestOf = Memory.once((bytes: Uint8Array) => Bytes.toHex(Sha256.digest(bytes)))
const folded = Memory.once((history: readonly StatusHistory.Version[]) =>
  Memory.last((head) => StatusHistory.upTo(Bytes.fromHex(head), history)),
)

function revokedBy({ time, place }: Recorded): string {
  return `Its issuer had revoked it: so says the list that stood on ${place} since ${DateTimeStamp.fromSeconds(time)}.`
}

/** An account whose word on the issuer's lists counts, and where it is given. */
type Recorder = { readonly chain: Trust.Chain; readonly address: Bytes.Hex; readonly issuer: Trust.Issuer }

function recordersOf(did: string, { issuers, chains }: Trust.Trust): readonly Recorder[] {
  const issuer = issuers.find((each) => each.did === did)
  if (issuer === undefined) return []
  return (issuer.recorders ?? issuer.accounts ?? []).flatMap((account) => {
    const { chainId, address } = Caip10.parse(account)
    const chain = chains.find((each) => each.chainId === chainId)
    return chain === undefined ? [] : [{ chain, address, issuer }]
  })
}

/** The whole history of a list by one account, held against the head that the chain has; or why it cannot be had. */
async function recordOf(
  { chain, address, issuer }: Recorder,
  listId: Uint8Array,
  at: number,
  { readers, trust }: Asked,
): Promise<Record | Result> {
  const away = () => unknown('STATUS_CHAIN_UNAVAILABLE', `What stood on ${chain.name} cannot be had at the moment.`)
  const registry = StatusRegistry.of(chain)
  const slot = Bytes.toHex(StatusHistory.slot(address, listId))
  const answer = await readers.words?.(chain, registry, [slot], Math.ceil(at / 1000))
  // Without the contract nothing can have been recorded, as of now.
  if (answer?.kind === 'no-contract')
    return unknown('STATUS_NOT_RECORDED', `There is no registry of status lists on ${chain.name}.`)
  // A block that the trust names will do: what came later than the time in question does not matter.
  const stored = answer?.kind === 'final' || answer?.kind === 'checkpoint' ? answer : undefined
  const head = stored?.words[0]
  if (stored === undefined || head === undefined) return away()
  const { asOf } = stored
  if (head.every((byte) => byte === 0)) return { versions: [], asOf }
  const history = await readers.history?.(chain, address, listId, head)
  const whole = history && folded(history)(Bytes.toHex(head))
  if (whole === undefined)
    return unknown('STATUS_HISTORY_UNAVAILABLE', `Nobody has a history of its list that fits what ${chain.name} has.`)
  const standing = await standingOf(address, issuer, { readers, trust })
  if (standing === 'unknown') return away()
  return { versions: whole.filter(counts(standing)).map((version) => ({ ...version, place: chain.name })), asOf }
}

/** How the directory knows an account, where the trust names the issuer's entry in one; `undefined` where nobody is asked. */
async function standingOf(
  address: Bytes.Hex,
  { directory }: Trust.Issuer,
  { readers, trust }: Pick<Asked, 'readers' | 'trust'>,
): Promise<Standing.Standing | 'nobody' | 'unknown' | undefined> {
  if (directory === undefined) return undefined
  const chain = trust.chains.find(({ chainId }) => chainId === directory.chainId)
  const slot = IssuerDirectory.accountSlot(Bytes.fromHex(directory.issuerId, 32), address)
  const answer = chain && (await readers.words?.(chain, directory.address, [Bytes.toHex(slot)]))
  // What was reported since a block that the trust names would not be seen.
  const word = answer?.kind === 'final' ? answer.words[0] : undefined
  if (word === undefined) return 'unknown'
  try {
    return Standing.fromWord(word) ?? 'nobody'
  } catch {
    return 'unknown'
  }
}

/** What an account says before it belongs to the issuer, after it was given up, or once it was stolen, does not count. */
function counts(standing: Standing.Standing | 'nobody' | undefined) {
  return ({ time }: StatusHistory.Version) =>
    standing === undefined || (standing !== 'nobody' && Standing.spoke(standing, time))
}
