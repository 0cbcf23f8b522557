import { type Result, skipped, unknown } from '../Report.ts'
import type * as Trust from '../Trust.ts'

/** What is said of the anchor of a credential that has none: there are issuers whose credentials count without. */
export function withoutAnchor(issuer: string, trust: Trust.Trust): Result {
  const known = trust.issuers.find(({ did }) => did === issuer)
  return known?.anchor === 'optional'
    ? skipped('ANCHOR_OPTIONAL', 'It has no anchor, and you do not ask for one from this issuer.')
    : unknown('ANCHOR_MISSING', 'It has no anchor, so nobody can tell since when it exists.')
}
