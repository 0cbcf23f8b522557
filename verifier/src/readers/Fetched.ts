type Way<answer> = (url: string, maximumBytes: number) => Promise<answer>

/** For how long what can change is not fetched again, nor what could not be had, in milliseconds. */
const shortTime = 60_000

/**
 * A door that is gone through once for each address while its answer is fresh: what may be another the next minute for a
 * minute, so that it still counts as of now; what never changes for as long as somebody keeps the door.
 *
 * @param clock milliseconds since any moment
 */
export function remember<answer>(
  door: Way<answer>,
  what: 'changing' | 'constant',
  clock: () => number = () => performance.now(),
): Way<answer> {
  const known = new Map<string, { readonly answer: Promise<answer>; readonly asked: number }>()
  return async (url, maximumBytes) => {
    const before = known.get(url)
    if (before !== undefined) {
      const isFresh = clock() - before.asked < shortTime
      if (isFresh || (what === 'constant' && (await before.answer) !== undefined)) return before.answer
    }
    const answer = door(url, maximumBytes)
    known.set(url, { answer, asked: clock() })
    return answer
  }
}
