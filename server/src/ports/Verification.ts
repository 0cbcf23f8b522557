import type { Policy, Report } from '@laurel/verifier'

/** The evidence on a document, and the verdict of the policy. */
export type Verified = { readonly report: Report; readonly decision: Policy.Decision }

/**
 * Verifies anybody's document by whom and what this home trusts, as `laurel-verify` does on the same machine. It is total
 * for any bytes: whatever is wrong with them stands in the report. What it fetches serves this one document, so that no
 * status is older than the question.
 *
 * @throws {trust-file.TrustFileError} TRUST_UNREADABLE, TRUST_INVALID when it cannot be told whom this home trusts
 */
export type Verification = (document: Uint8Array | string) => Promise<Verified>
