/** Tells the operator what could not be done now and is tried again, once for as long as it is the same. */
export function teller(
  tell: (batch: string | undefined, error: Error) => void,
): (batch: string | undefined, error: Error) => void {
  const told = new Map<string | undefined, string>()
  return (batch, error) => {
    if (told.get(batch) === error.message) return
    told.set(batch, error.message)
    tell(batch, error)
  }
}
