/** What was made for the keys that were asked for most recently. */
export type Recent<value> = {
  get(key: string, make: () => value): value
  /** Forgets what was made for keys that begin so. */
  forget(beginning: string): void
}

/**
 * A promise that is rejected is forgotten: what could not be made now may be made the next time.
 *
 * @param limit how many are kept
 * @param isKept whether that which a promise has come to is kept: all, where nothing is said
 */
export function create<value>(limit: number, isKept: (made: Awaited<value>) => boolean = () => true): Recent<value> {
  const values = new Map<string, value>()
  return {
    get: (key, make) => {
      const isKnown = values.has(key)
      const value = isKnown ? (values.get(key) as value) : make()
      if (!isKnown && value instanceof Promise) {
        const forget = () => {
          if (values.get(key) === value) values.delete(key)
        }
        value.then((made) => isKept(made) || forget(), forget)
      }
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.keys()
      if (values.size > limit && oldest !== undefined) values.delete(oldest)
      return value
    },
    forget: (beginning) => {
      for (const key of [...values.keys()]) if (key.startsWith(beginning)) values.delete(key)
    },
  }
}
