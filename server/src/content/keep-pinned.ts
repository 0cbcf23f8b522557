import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../Context.ts'
import * as Alarm from '../internal/Alarm.ts'
import type { Pinning } from '../ports/Pinning.ts'
import { type Options, pinDue } from './pin-due.ts'

/** How often it is looked whether something is due, in milliseconds. */
const interval = 2_000
/** The longest that a place which cannot be reached is left alone, in milliseconds. */
const longestWait = 10 * 60_000

/**
 * Looks after public content at every place that is to keep it, until the signal says that it is enough. The places do
 * not wait for each other, and nothing waits for them. The operator hears of each kind of trouble at a place once, and
 * again only after all was well in between.
 *
 * If we die in its midst: see {@link pinDue}.
 */
export async function keepPinned(
  context: Pick<Context, 'content' | 'pins' | 'places' | 'clock'>,
  options: Options,
): Promise<void> {
  await Promise.all(context.places.map((place) => keepAt(place, context, options)))
}

async function keepAt(
  place: Pinning,
  context: Pick<Context, 'content' | 'pins' | 'clock'>,
  { signal, alarm }: Options,
): Promise<void> {
  const { raise, clear } = Alarm.once(alarm)
  let setbacks = 0
  while (!signal.aborted) {
    try {
      const { seen, failed, reachable } = await pinDue(place, context, { signal, alarm: raise })
      setbacks = reachable ? 0 : setbacks + 1
      if (seen > 0 && failed === 0) clear()
    } catch (error) {
      // A full disk here, for one. The batches, which need it more, say the same with better reason to stop.
      raise(error as Error)
      setbacks++
    }
    await pause(Math.min(longestWait, interval * 2 ** setbacks), undefined, { signal }).catch(() => {})
  }
}
