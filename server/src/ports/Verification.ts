import type { Evidence, Policy, PresentationReport, Report } from '@laurel/verifier'
import type { TrustFile } from '@laurel/verifier/cli/trust-file'

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

/** What is asked of a chain: a method of its JSON-RPC, with what that takes. */
export type ChainCall = readonly [method: string, params: readonly unknown[]]

/** What a chain answers to each call, `undefined` where that is an error; or that it is none of ours, or silent. */
export type ChainAnswer =
  | { readonly kind: 'answered'; readonly answers: readonly unknown[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreachable' }

/** What the routes for strangers need. */
export type Verifications = {
  readonly verify: Verification
  readonly verifyEach: VerificationOfEach
  readonly verifyPresentation: VerificationOfPresentation
  /** Whom and what this home trusts, as its trust file has it. It names endpoints with secrets in them. */
  readonly trusted: () => Promise<TrustFile>
  /** Asks a chain of that trust, by the first of its endpoints that answers at all. */
  readonly askChain: (chainId: number, calls: readonly ChainCall[]) => Promise<ChainAnswer>
}
