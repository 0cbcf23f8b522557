import type { Evidence, Policy, PresentationReport, Report } from '@laurel/verifier'

/** The evidence on a document, and the verdict of the policy. */
export type Verified = { readonly report: Report; readonly decision: Policy.Decision }

/** What a presentation has to answer. */
export type Asked = { readonly challenge?: string; readonly domain?: string }

/**
 * Verifies anybody's document by whom and what this home trusts, as `laurel-verify` does on the same machine. It is total
 * for any bytes: whatever is wrong with them stands in the report. What it fetches serves this one document, so that no
 * status is older than the question.
 *
 * @throws {trust-file.TrustFileError} TRUST_UNREADABLE, TRUST_INVALID when it cannot be told whom this home trusts
 */
export type Verification = (document: Uint8Array | string) => Promise<Verified>

/** The same of who presents some credentials, or of one of them; without a place, of the document itself. */
export type VerifiedPart = {
  readonly place?: string
  readonly report: Evidence
  readonly decision: Policy.Decision<string>
}

/** The same of a document and of each credential in it, as far as it holds several. */
export type VerificationOfEach = (document: Uint8Array | string) => Promise<readonly VerifiedPart[]>

/** The same of who presents some credentials in answer to what was asked, and of all of these; few, as many as wallets show. */
export type VerificationOfPresentation = (document: string, asked: Asked) => Promise<PresentationReport>

/** What the routes for strangers need. */
export type Verifications = {
  readonly verify: Verification
  readonly verifyEach: VerificationOfEach
  readonly verifyPresentation: VerificationOfPresentation
}
