const second = 1_000
const minute = 60 * second
const hour = 60 * minute

/** How long after each failure it is tried again, in milliseconds (Standard Webhooks, "Retries"). After the last, never. */
export const waits = [
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
] as const

/** How long nothing is done after nothing could be, in milliseconds: twice as long each time, up to half a minute. */
export function rest(failures: number): number {
  return Math.min(200 * 2 ** failures, 30 * second)
}

/** The longest wait that an endpoint may ask for. */
const longest = 24 * hour

/**
 * How long it is waited after a failure, in milliseconds; `null` when it was the last try. A tenth more or less by chance,
 * so that what failed together does not come back together.
 *
 * @param failures how many there were before this one
 * @param chance at random, from 0 to 1
 * @param asked for how long the endpoint wants to be left alone, at least
 */
export function next(failures: number, chance: number, asked = 0): number | null {
  const wait = waits[failures]
  if (wait === undefined) return null
  return Math.max(asked, Math.round(wait * (0.9 + 0.2 * chance)))
}

/**
 * How long an endpoint wants to be left alone, in milliseconds (RFC 9110 §10.2.3). What is no time, one that has passed or
 * is more than a day ahead, counts for nothing. Hostile text.
 *
 * @param now in milliseconds since 1970
 */
export function asked(retryAfter: string | undefined, now: number): number | undefined {
  if (retryAfter === undefined) return undefined
  const wait = /^\d{1,9}$/.test(retryAfter) ? Number(retryAfter) * second : Date.parse(retryAfter) - now
  return wait >= 0 && wait <= longest ? wait : undefined
}
