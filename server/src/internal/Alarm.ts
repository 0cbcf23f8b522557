/** Whoever hears of trouble with something that is done again and again. */
export type Alarm = {
  readonly raise: (error: Error) => void
  /** All is well: whatever goes wrong from now on is told again. */
  readonly clear: () => void
}

/** Tells of each kind of trouble once, and again only after all was well in between. A kind is a code, where it has one. */
export function once(tell: (error: Error) => void): Alarm {
  const told = new Set<string>()
  return {
    raise: (error) => {
      const kind = 'code' in error ? String(error.code) : error.message
      if (!told.has(kind)) tell(error)
      told.add(kind)
    },
    clear: () => told.clear(),
  }
}
