/** How often somebody may ask: so many times in a row, and as many in every window of seconds. */
export type Quota = { readonly count: number; readonly seconds: number }

/** What is left of a quota after a request, and when all of it is there again, in seconds. */
export type Standing = { readonly allowed: boolean; readonly remaining: number; readonly reset: number }

/** Counts requests by who makes them. Each process counts for itself. */
export type Limiter = {
  readonly quota: Quota
  /** @param count how many there may be for this one, where it is not what the quota says */
  readonly take: (who: string, weight?: number, count?: number) => Standing
}

type Bucket = { readonly tokens: number; readonly at: number; readonly count: number }

/** How many are remembered; whoever has all of a quota is forgotten first. */
const remembered = 10_000

/**
 * A bucket for each caller that fills at a steady pace (token bucket).
 *
 * @param now milliseconds of a clock that never goes back
 */
export function create(quota: Quota, now: () => number): Limiter {
  const buckets = new Map<string, Bucket>()
  const filled = ({ tokens, at }: Bucket, count: number) =>
    Math.min(count, tokens + ((now() - at) * count) / (quota.seconds * 1_000))
  return {
    quota,
    take: (who, weight = 1, count = quota.count) => {
      const bucket = buckets.get(who)
      const tokens = bucket === undefined ? count : filled(bucket, count)
      const allowed = tokens >= weight
      const left = allowed ? tokens - weight : tokens
      if (bucket === undefined && buckets.size >= remembered)
        forget(buckets, (each) => filled(each, each.count) >= each.count)
      buckets.set(who, { tokens: left, at: now(), count })
      return { allowed, remaining: Math.floor(left), reset: Math.ceil(((count - left) / count) * quota.seconds) }
    },
  }
}

/** Those who lack nothing; where everybody lacks something, the one who came first. */
function forget<bucket>(buckets: Map<string, bucket>, isFull: (bucket: bucket) => boolean): void {
  for (const [who, bucket] of buckets) if (isFull(bucket)) buckets.delete(who)
  const [first] = buckets.keys()
  if (buckets.size >= remembered && first !== undefined) buckets.delete(first)
}

/** What a caller is told about its quota (draft-ietf-httpapi-ratelimit-headers). */
export function headers(name: string, quota: Quota, standing: Standing): Readonly<Record<string, string>> {
  return {
    'RateLimit-Policy': `"${name}";q=${quota.count};w=${quota.seconds}`,
    RateLimit: `"${name}";r=${standing.remaining};t=${standing.reset}`,
    ...(standing.allowed ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(quota.seconds / quota.count))) }),
  }
}
