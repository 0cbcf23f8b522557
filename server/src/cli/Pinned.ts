import pc from 'picocolors'
import type { Context } from '../Context.ts'
import type { Count } from '../ports/PinStore.ts'

/** What was not seen for this long does not count as pinned, in milliseconds: one daily look may be missed. */
const believed = 48 * 60 * 60 * 1000

export type Place = Count & { readonly place: string }

/** How much of the public content is kept at each place. */
export function count({ pins, places, clock }: Pick<Context, 'pins' | 'places' | 'clock'>): Promise<readonly Place[]> {
  return Promise.all(places.map(async ({ place }) => ({ place, ...(await pins.count(place, clock.now() - believed)) })))
}

/** A line for each place. */
export function describe(places: readonly Place[]): readonly string[] {
  return places.map(({ place, total, pinned, lost }) => {
    const mark = pinned === total ? pc.green('✔') : lost > 0 ? pc.red('✖') : pc.yellow('…')
    return `${mark} public content  ${pinned} of ${total} pinned at ${place}${lost > 0 ? `, ${lost} lost` : ''}`
  })
}
