import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../Context.ts'
import * as Alarm from '../internal/Alarm.ts'
import * as ClaimLink from './ClaimLink.ts'

/** How many recipients are sent their links in one transaction. */
const page = 500

/** How often it is looked whether there is something to do where there was nothing, in milliseconds. */
const interval = 500

/** How often what has expired is forgotten, in milliseconds. */
const sweeping = 60 * 60 * 1_000

type Needed = Pick<Context, 'store' | 'learners' | 'clock' | 'randomness'> & {
  readonly terms: Pick<Context['terms'], 'publicUrl'>
}

/**
 * Sends recipients of delivered batches their links, and carries out the moves to which nobody has objected in time, beside any
 * number of other processes that do the same, until the signal says that it is enough.
 *
 * If we die in its midst: what was stored is on its way, what was not is done by whoever comes next, and nobody is written to
 * twice.
 */
export async function keepInviting(
  context: Needed,
  { signal, alarm }: { readonly signal: AbortSignal; readonly alarm: (error: Error) => void },
): Promise<void> {
  const { learners, clock } = context
  const { raise, clear } = Alarm.once(alarm)
  let swept = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    try {
      if (clock.now() - swept > sweeping) {
        swept = clock.now()
        await learners.forget(swept)
      }
      const more = (await inviteSome(context)) || (await moveOne(context))
      clear()
      if (more) continue
    } catch (error) {
      if (!(error instanceof Error) || error instanceof TypeError) throw error
      // The database is away, or its disk is full.
      raise(error)
    }
    await pause(interval, undefined, { signal }).catch(() => {})
  }
}

/** Stores the links of the next recipients of the oldest round. `false`: there is none. */
export async function inviteSome({ store, learners, clock, randomness, terms }: Needed): Promise<boolean> {
  for (const round of await learners.rounds(16)) {
    const batch = await store.get(round.batch)
    // While a reorganisation is mended, what its mails lead to is not there.
    if (batch?.state !== 'delivered') continue
    const recipients = await store.recipients(batch.id, round.reached, page)
    const { days } = await learners.settings(batch.id)
    const now = clock.now()
    const options = { publicUrl: terms.publicUrl, days, now, randomness }
    const invitations = ClaimLink.createAll(batch, recipients, options)
    const row = recipients.at(-1)?.row ?? round.reached
    await learners.invite(round, invitations, { row, ends: recipients.length < page }, now)
    return true
  }
  return false
}

/** Carries out a move that is due, and sends the new address its link. `false`: there is none. */
export async function moveOne({ store, learners, clock, randomness, terms }: Needed): Promise<boolean> {
  const now = clock.now()
  const [id] = await learners.dueMoves(now, 1)
  const move = id === undefined ? undefined : await learners.move(id)
  if (id === undefined || move === undefined) return false
  const found = await store.find(move.credential)
  if (found === undefined) throw new TypeError('A credential that is moved was issued')
  const { days } = await learners.settings(found.batch.id)
  const link = ClaimLink.create(found.batch, found.recipient, { publicUrl: terms.publicUrl, days, now, randomness })
  await learners.carryOut({ ...link, id, now })
  return true
}
