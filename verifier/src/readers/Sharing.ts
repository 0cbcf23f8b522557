import type * as Trust from '../Trust.ts'

/** How many questions are asked together. */
const together = 64

/**
 * Asks at once, and for all that comes in the meantime together afterwards.
 *
 * @param ask answers in order, and does not reject
 */
export function gather<question, answer>(
  ask: (questions: readonly question[]) => Promise<readonly answer[]>,
): (question: question) => Promise<answer> {
  const waiting: { readonly question: question; readonly settle: (answer: answer) => void }[] = []
  let busy = false
  const work = async () => {
    busy = true
    while (waiting.length > 0) {
      const some = waiting.splice(0, together)
      const answers = await ask(some.map(({ question }) => question))
      for (const [i, { settle }] of some.entries()) settle(answers[i] as answer)
    }
    busy = false
  }
  return (question) =>
    new Promise((settle) => {
      waiting.push({ question, settle })
      if (!busy) void work()
    })
}

/** One value for each chain, of which the trust may come as the same object again or as an equal one. */
export function perChain<value>(make: (chain: Trust.Chain) => value): (chain: Trust.Chain) => value {
  const ofObject = new WeakMap<Trust.Chain, value>()
  const ofText = new Map<string, value>()
  return (chain) => {
    const known = ofObject.get(chain)
    if (known !== undefined) return known
    const text = JSON.stringify(chain)
    const value = ofText.get(text) ?? make(chain)
    ofText.set(text, value)
    ofObject.set(chain, value)
    return value
  }
}

/**
 * Asks once for each key while an answer is on its way, and never again where it is one that lasts.
 *
 * @param ask does not reject
 */
export function keep<answer>(
  isLasting: (answer: answer) => boolean,
): (key: string, ask: () => Promise<answer>) => Promise<answer> {
  const known = new Map<string, Promise<answer>>()
  return (key, ask) => {
    const before = known.get(key)
    if (before !== undefined) return before
    const answer = ask()
    known.set(key, answer)
    answer.then((each) => isLasting(each) || known.delete(key))
    return answer
  }
}
