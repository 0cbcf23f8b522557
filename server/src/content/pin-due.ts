import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Sha256 from '@laurel/core/Sha256'
import { CID } from 'multiformats/cid'
import type { Context } from '../Context.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import * as Pinning from '../ports/Pinning.ts'
import type { Pin } from '../ports/PinStore.ts'

const minute = 60_000
/** How long what was seen is believed, in milliseconds: after it every block is fetched and hashed again. */
const auditAfter = 24 * 60 * minute
/** The longest wait between two tries, in milliseconds. */
const longestWait = 60 * minute
/** How much is read from the store at a time. */
const portion = 50
/** After how many looks in vain the operator hears of what a place has accepted: half an hour, as waits double. */
const vainLooks = 5

export type Options = {
  /** Ends it: nothing is stored of what was under way. */
  readonly signal: AbortSignal
  /** Hears of everything that the operator should know. */
  readonly alarm: (error: Error) => void
}

/** How often each happened, and whether the place still answers. */
export type Outcome = { readonly seen: number; readonly failed: number; readonly reachable: boolean }

/**
 * Looks at all public content that is due at a place: hands over what is not there, fetches every block back and hashes
 * it. Pinned means seen, not promised. A place that cannot be reached is left alone at once.
 *
 * If we die in its midst: what was seen and stored stands; the rest is looked at again, and handing over the same blocks
 * twice changes nothing.
 */
export async function pinDue(
  place: Pinning.Pinning,
  context: Pick<Context, 'content' | 'pins' | 'clock'>,
  options: Options,
): Promise<Outcome> {
  const { pins, clock } = context
  let seen = 0
  let failed = 0
  for (;;) {
    const due = await pins.due(place.place, clock.now(), portion)
    if (due.length === 0) return { seen, failed, reachable: true }
    for (const pin of due) {
      const trouble = await lookAfter(pin, place, context, options)
      if (options.signal.aborted) return { seen, failed, reachable: true }
      if (trouble === undefined) seen++
      else failed++
      if (trouble?.code === 'PINNING_UNREACHABLE') return { seen, failed, reachable: false }
    }
  }
}

/** Answers with what went wrong, if anything did. */
async function lookAfter(
  pin: Pin,
  place: Pinning.Pinning,
  { content, pins, clock }: Pick<Context, 'content' | 'pins' | 'clock'>,
  { signal, alarm }: Options,
): Promise<Errors.BaseError | undefined> {
  let isLost = false
  const fail = async (error: Errors.BaseError, isAlarming: boolean) => {
    // Being told to end is nobody's failure.
    if (signal.aborted) return error
    if (isAlarming) alarm(error)
    await pins.failed(pin, error.code, isLost, clock.now() + wait(pin))
    return error
  }
  try {
    const cids: string[] = []
    for await (const { cid } of content.blocks(pin.cid)) cids.push(cid)
    const isThere = async () => (await place.keeps(pin.cid, signal)) && (await hasAll(cids, place, signal))
    if (!(await isThere())) {
      isLost = pin.state === 'pinned'
      if (isLost) alarm(new Pinning.LostError(place.place, pin.cid))
      await place.pin(pin.cid, content.blocks(pin.cid), signal)
      crashpoint('pin:after-add')
      if (!(await isThere())) return fail(new Pinning.UnseenError(place.place, pin.cid), pin.failures >= vainLooks)
    }
    await pins.seen(pin, clock.now(), clock.now() + auditAfter)
    crashpoint('pin:after-verify')
    return undefined
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    return fail(error, true)
  }
}

/** Whether a place hands out every block with its digest. */
async function hasAll(cids: readonly string[], place: Pinning.Pinning, signal: AbortSignal): Promise<boolean> {
  for (const cid of cids) {
    const bytes = await place.fetch(cid, signal)
    if (bytes === undefined || !Bytes.equals(Sha256.digest(bytes), CID.parse(cid).multihash.digest)) return false
  }
  return true
}

/** One minute, and twice as long after each failure. */
function wait({ failures }: Pin): number {
  return Math.min(longestWait, minute * 2 ** failures)
}
