import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../Context.ts'
import * as Alarm from '../internal/Alarm.ts'
import * as Uuid from '../Uuid.ts'
import { type Erasing, finishAll } from './erase.ts'
import { retain } from './retain.ts'

/** How often it is looked what was erased, and how far back each time, in milliseconds. */
const interval = 500
const reach = 60_000

/** How often it is looked what has become too old, in milliseconds. */
const sweeping = 60 * 60 * 1_000

/**
 * Forgets here what was erased by any process within a second, finishes the erasures of those who have died, and erases what
 * has become too old, until the signal says that it is enough.
 */
export async function keepForgotten(
  context: Erasing & Pick<Context, 'randomness' | 'within'> & { readonly copies: { forget(beginning: string): void } },
  { signal, alarm }: { readonly signal: AbortSignal; readonly alarm: (error: Error) => void },
): Promise<void> {
  const { privacy, copies, clock } = context
  let swept = Number.NEGATIVE_INFINITY
  const { raise, clear } = Alarm.once(alarm)
  while (!signal.aborted) {
    try {
      for (const id of await privacy.erasedLately(reach)) copies.forget(`${Uuid.name(id)} `)
      await finishAll(context)
      if (clock.now() - swept >= sweeping) {
        swept = clock.now()
        for (const organisation of await privacy.retaining())
          await retain(organisation, { ...context, ...context.within(organisation) })
      }
      clear()
    } catch (error) {
      if (error instanceof TypeError) throw error
      raise(error as Error)
    }
    await sleep(interval, undefined, { signal }).catch(() => {})
  }
}
