/**
 * Works on items as they come, on `width` of them at once, and hands the results on in their order. No more is taken in
 * than is being worked on: whoever is slow to take the results slows down what makes the items.
 */
export async function* ahead<item, result>(
  items: Iterable<item> | AsyncIterable<item>,
  width: number,
  work: (item: item) => Promise<result>,
): AsyncGenerator<result> {
  const underway: Promise<result>[] = []
  for await (const item of items) {
    const result = work(item)
    // A failure is told when its turn comes; until then it must not count as one that nobody hears of.
    result.catch(() => {})
    underway.push(result)
    if (underway.length >= width) yield underway.shift() as Promise<result>
  }
  for (const result of underway) yield result
}

/** The numbers from one to the one before another. */
export function* range(from: number, to: number, step = 1): Generator<number> {
  for (let number = from; number < to; number += step) yield number
}

/** The items until something is over. What was begun before is not in vain: nothing new is begun. */
export function* unless<item>(isOver: () => boolean, items: Iterable<item>): Generator<item> {
  for (const item of items) {
    if (isOver()) return
    yield item
  }
}
