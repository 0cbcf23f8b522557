/** What was made for the keys that were asked for most recently. */
export type Recent<value> = { get(key: string, make: () => value): value }

/**
 * A promise that is rejected is forgotten: what could not be made now may be made the next time.
 *
 * @param limit how many are kept
 */
export function create<value>(limit: number): Recent<value> {
  const values = new Map<string, value>()
  return {
    get: (key, make) => {
      const isKnown = values.has(key)
      const value = isKnown ? (values.get(key) as value) : make()
      if (!isKnown && value instanceof Promise)
        value.catch(() => {
          if (values.get(key) === value) values.delete(key)
        })
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.keys()
      if (values.size > limit && oldest !== undefined) values.delete(oldest)
      return value
    },
  }
}
