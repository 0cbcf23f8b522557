type Waiting<item, result> = {
  readonly item: item
  readonly resolve: (result: result) => void
  readonly reject: (reason: unknown) => void
}

/**
 * Does at one go what is asked for while the last of it is under way: a commit for all that came during the commit before,
 * instead of one for each. Whoever asks alone does not wait.
 *
 * @param work answers each item, in their order: one that fails is no matter of the others. What it throws is told to all.
 * @param limit how many are done at one go, at most
 */
export function grouped<item, result>(
  work: (items: readonly item[]) => Promise<readonly PromiseSettledResult<result>[]>,
  limit: number,
): (item: item) => Promise<result> {
  const waiting: Waiting<item, result>[] = []
  let isBusy = false
  const run = async () => {
    while (waiting.length > 0) {
      const group = waiting.splice(0, limit)
      try {
        const outcomes = await work(group.map(({ item }) => item))
        if (outcomes.length !== group.length) throw new TypeError('Every item has its outcome')
        for (const [i, { resolve, reject }] of group.entries()) {
          const outcome = outcomes[i] as PromiseSettledResult<result>
          if (outcome.status === 'fulfilled') resolve(outcome.value)
          else reject(outcome.reason)
        }
      } catch (error) {
        for (const { reject } of group) reject(error)
      }
    }
    isBusy = false
  }
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (isBusy) return
      isBusy = true
      setImmediate(run)
    })
}
