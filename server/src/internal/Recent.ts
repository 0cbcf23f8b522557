/** What was made for the keys that were asked for most recently. */
export type Recent<value> = { get(key: string, make: () => value): value }

/** @param limit how many are kept */
export function create<value>(limit: number): Recent<value> {
  const values = new Map<string, value>()
  return {
    get: (key, make) => {
      const value = values.has(key) ? (values.get(key) as value) : make()
      values.delete(key)
      values.set(key, value)
      const [oldest] = values.keys()
      if (values.size > limit && oldest !== undefined) values.delete(oldest)
      return value
    },
  }
}
