import { type Check, type Evidence, type Name, Policy, type PresentationReport, type Report } from '@laurel/verifier'
import type { TrustFile } from '@laurel/verifier/cli/trust-file'
import { z } from 'zod'
import type { Asked, VerifiedPart } from '../../ports/Verification.ts'
import * as Problem from '../Problem.ts'
import { define, json, type Reply, type Route } from '../Route.ts'
import * as schemas from '../schemas.ts'

const tag = 'Verification'

/** How a credential is sent: as JSON, as a token, baked into an image, or as a file of which nobody says what it is. */
export const files = [
  'application/json',
  'application/ld+json',
  'application/vc',
  'application/vc+ld+json',
  'application/vc+jwt',
  'application/jwt',
  'application/octet-stream',
  'image/png',
  'image/svg+xml',
] as const

/** How many are verified at a time, and how many ask a chain: what comes on top would only make all of them wait. */
const most = 32
const verifying = limit()
const asking = limit()

/** As many requests as a verification counts for, because it asks the chain and the web; and as asking a chain alone does. */
const weight = 20
const weightOfChain = 10

/**
 * What a browser asks of a chain to verify what is anchored on it now: nothing is sent, and nothing is searched for, which
 * would be dear for whoever keeps the endpoint.
 */
const methods = [
  'eth_blockNumber',
  'eth_chainId',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getCode',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByHash',
  'eth_getTransactionReceipt',
] as const

/** How many calls one request may hold. */
const mostCalls = 64

const id = z.union([z.int(), z.string().max(64)])

/** JSON-RPC 2.0 §6: several calls at once. */
const Calls = z
  .array(
    z.strictObject({
      jsonrpc: z.literal('2.0'),
      id,
      method: z.enum(methods),
      // Of blocks the headers alone: with all that is in them, a short request would have megabytes for its answer.
      params: z.array(z.union([z.string().max(100), z.literal(false), z.array(z.string().max(100)).max(64)])).max(3),
    }),
  )
  .min(1)
  .max(mostCalls)
  .meta({ id: 'ChainCalls', description: 'Calls of JSON-RPC 2.0, as a batch' })

const Answers = z
  .array(
    z.strictObject({
      jsonrpc: z.literal('2.0'),
      id,
      result: z.unknown().optional(),
      error: z.strictObject({ code: z.int(), message: z.string() }).optional(),
    }),
  )
  .meta({ id: 'ChainAnswers', description: 'What the chain answers to each call, or that it refuses it' })

/** What verifies the documents of strangers: anybody may ask. */
export const verification: readonly Route[] = [
  define({
    method: 'get',
    path: '/trust.json',
    operation: 'getTrust',
    summary: 'Says whom and what this server trusts, as a trust file for browsers, which reach each chain by way of it',
    tag,
    scope: null,
    query: z.strictObject({
      issuer: z
        .string()
        .max(2_048)
        .optional()
        .meta({ description: 'The DID of the one issuer that is named in it; the server’s own unless told otherwise' }),
    }),
    answers: { 200: { says: 'A trust file (docs/trust.md)', type: 'application/json' } },
    handle: async ({ query }, { trusted, terms }) =>
      json(200, forBrowsers(await trusted(), query.issuer ?? terms.issuer.id, terms.publicUrl), {
        'Cache-Control': 'public, max-age=60',
      }),
  }),
  define({
    method: 'post',
    path: '/chain/{chainId}',
    operation: 'askChain',
    audit: 'none',
    summary: 'Asks a chain what verifying needs, for browsers that know no endpoint of it; it can only be read',
    tag,
    scope: null,
    weight: weightOfChain,
    params: z.strictObject({ chainId: z.string().regex(/^[1-9][0-9]{0,15}$/) }),
    body: Calls,
    answers: { 200: { says: 'The answers of the chain', schema: Answers } },
    problems: ['CHAIN_UNREACHABLE', 'VERIFICATION_BUSY'],
    handle: async ({ params: { chainId }, body }, { askChain }) => {
      const calls = body.map(({ method, params }) => [method, params] as const)
      const answer = await asking(() => askChain(Number(chainId), calls))
      if (answer.kind === 'unknown') throw new Problem.RefusedError('NOT_FOUND', 'Of this chain nothing is known here.')
      if (answer.kind === 'unreachable')
        throw new Problem.RefusedError('CHAIN_UNREACHABLE', 'The chain does not answer at the moment.')
      return json(
        200,
        body.map(({ id }, i) => ({ jsonrpc: '2.0', id, ...toAnswer(answer.answers[i]) })),
      )
    },
  }),
  define({
    method: 'post',
    path: '/v1/verify',
    operation: 'verifyCredential',
    audit: 'none',
    summary:
      'Verifies what anybody has, as laurel-verify does: a JSON file, a token, a baked image or a keepsake; of a presentation or a record each credential in it',
    tag,
    scope: null,
    weight,
    files,
    answers: { 200: { says: 'The verdict, and every check with what came of it', schema: schemas.Verification } },
    problems: ['VERIFICATION_BUSY'],
    handle: async ({ file }, api) => json(200, view(await verifying(() => api.verifyEach(file)))),
  }),
  define({
    method: 'post',
    path: '/credentials/verify',
    operation: 'verifyCredentialByVcApi',
    audit: 'none',
    summary: 'Verifies a credential in the form of the W3C VC API, which asks for no anchor and for no known issuer',
    tag,
    scope: null,
    weight,
    body: z.looseObject({
      verifiableCredential: z
        .union([z.record(z.string(), z.unknown()), z.string()])
        .meta({ description: 'The credential, or a token' }),
      options: z.record(z.string(), z.unknown()).optional(),
    }),
    answers: {
      200: { says: 'It is verified', schema: schemas.VcApiVerification },
      400: {
        says: 'It is not verified, or the request cannot be read',
        type: 'application/problem+json',
        schema: schemas.VcApiProblem,
      },
    },
    problems: ['VERIFICATION_BUSY'],
    handle: async ({ body: { verifiableCredential } }, { verify }) => {
      const { report } = await verifying(() => verify(toText(verifiableCredential)))
      return toReply(toResult(report))
    },
  }),
  define({
    method: 'post',
    path: '/presentations/verify',
    operation: 'verifyPresentationByVcApi',
    audit: 'none',
    summary: 'Verifies who presents some credentials, and each of them, in the form of the W3C VC API',
    tag,
    scope: null,
    weight,
    body: z.looseObject({
      verifiablePresentation: z
        .union([z.record(z.string(), z.unknown()), z.string()])
        .meta({ description: 'The presentation, or a token; at most 16 credentials in it' }),
      options: z
        .looseObject({
          challenge: z.string().min(1).optional().meta({ description: 'What was to be answered' }),
          domain: z.string().min(1).optional().meta({ description: 'For whom it was to be made' }),
          returnPresentation: z.boolean().optional().meta({ description: 'Whether it is sent back with the answer' }),
        })
        .optional(),
    }),
    answers: {
      200: { says: 'It is verified, and so is all that is in it', schema: schemas.VcApiPresentationVerification },
      400: {
        says: 'It is not verified, or the request cannot be read',
        type: 'application/problem+json',
        schema: schemas.VcApiPresentationProblem,
      },
    },
    problems: ['VERIFICATION_BUSY'],
    handle: async ({ body: { verifiablePresentation, options = {} } }, { verifyPresentation }) => {
      const { challenge, domain, returnPresentation } = options
      const asked = { ...(challenge && { challenge }), ...(domain && { domain }) }
      const report = await verifying(() => verifyPresentation(toText(verifiablePresentation), asked))
      const result = toPresentationResult(report, asked)
      return toReply(returnPresentation ? { ...result, verifiablePresentation } : result)
    },
  }),
]

/**
 * A trust file without what is this server's own: its endpoints, which may have secrets in them, and its folders. It names one
 * issuer, so that nobody reads in it whose organisations are here. Of federations it says nothing: a page asks no other host.
 */
function forBrowsers({ chains, issuers, status, allowLoopback }: TrustFile, of: string, publicUrl: string): TrustFile {
  const named = issuers.filter(({ did }) => did === of)
  return {
    chains: chains.map(({ chainId, name, registry, statusRegistry, confirmations, test, proof, checkpoints }) => ({
      ...{ chainId, name, registry, confirmations },
      rpc: [`${publicUrl}/chain/${chainId}`],
      ...(statusRegistry && { statusRegistry }),
      ...(test !== undefined && { test }),
      ...(proof && { proof }),
      ...(checkpoints && { checkpoints }),
    })),
    issuers: named.map(({ did, name, accounts, recorders, didDocument, profile, directory, anchor }) => ({
      ...{ did, name },
      ...(accounts && { accounts }),
      ...(recorders && { recorders }),
      ...(didDocument && { didDocument }),
      ...(profile && { profile }),
      ...(directory && { directory }),
      ...(anchor && { anchor }),
    })),
    content: { gateways: [`${publicUrl}/ipfs/`] },
    ...(status?.maximumAgeSeconds !== undefined && { status: { maximumAgeSeconds: status.maximumAgeSeconds } }),
    allowLoopback: allowLoopback ?? false,
  }
}

/** What an endpoint says of its errors may name who keeps it. */
function toAnswer(result: unknown) {
  return result === undefined ? { error: { code: -32_000, message: 'The chain has no answer to this.' } } : { result }
}

function toText(document: object | string): string {
  return typeof document === 'string' ? document : JSON.stringify(document)
}

/** Does work of one kind, unless too much of it is being done. */
function limit(): <answer>(work: () => Promise<answer>) => Promise<answer> {
  let count = 0
  return async (work) => {
    if (count >= most)
      throw new Problem.RefusedError('VERIFICATION_BUSY', 'Too many credentials are being verified at this moment.', {
        headers: { 'Retry-After': '1' },
      })
    count++
    try {
      return await work()
    } finally {
      count--
    }
  }
}

/** From the worst to the best, as the exit code of `laurel-verify` has it. */
const severity = ['rejected', 'unknown', 'accepted'] as const

type Judged = Omit<VerifiedPart, 'place'>

/** What is told of a document: of itself, where it was judged itself, and of the credentials in it. */
function view(found: readonly VerifiedPart[]) {
  const verdict = severity.find((each) => found.some(({ decision }) => decision.verdict === each))
  const worst = found.find(({ decision }) => decision.verdict === verdict)
  if (worst === undefined) throw new TypeError('Something is found of every document')
  const own: Evidence = found.find(({ place }) => place === undefined)?.report ?? { checks: [] }
  return {
    ...viewOne({ report: own, decision: worst.decision }),
    holder: own.holder ?? null,
    parts: found.flatMap(({ place, ...part }) => (place === undefined ? [] : { place, ...viewOne(part) })),
  }
}

function viewOne({ report, decision }: Judged) {
  const endorsements = (report.endorsements ?? []).map((each) =>
    judged({ report: each, decision: Policy.decide(each) }),
  )
  return { ...judged({ report, decision }), endorsements }
}

function judged({ report, decision: { verdict, code, message } }: Judged) {
  return {
    verdict,
    code,
    message,
    credentialId: report.credentialId ?? null,
    issuer: report.issuer ?? null,
    achievement: report.achievement ?? null,
    checks: report.checks,
  }
}

/** The checks of which the VC API asks that they are made: proof, status and period. */
const required: readonly Name[] = ['conforms', 'signed', 'status', 'valid-period']

/** What of a credential, a presentation or both keeps it from being verified, and what else could not be told of it. */
type Result = {
  readonly verified: boolean
  readonly verdict: Policy.Decision['verdict']
  readonly problemDetails: readonly ReturnType<typeof toProblem>[]
  /** The first that is in the way. */
  readonly reason: Check<string> | undefined
}

/**
 * A credential as the VC API has it. Checks that it does not know may not fail either; where they could not be made, that is
 * told beside the answer.
 */
function toResult(report: Report): Result {
  const isOpen = ({ check, outcome }: Check) => outcome === 'unknown' || (outcome === 'skipped' && check !== 'status')
  const reason = report.checks.find(
    (check) => check.outcome === 'failed' || (required.includes(check.check) && isOpen(check)),
  )
  return { ...summary(report, reason), verdict: Policy.decide(report).verdict }
}

/**
 * A presentation as the VC API has it: signed by its holder, and with the answers that were asked for. By whom things were
 * issued to whom it does not ask; that is told beside the answer.
 */
function toPresentationResult(report: PresentationReport, { challenge, domain }: Asked) {
  const { checks, credentials, holder } = report
  const [conforms, signed, answers] = checks
  const own = [conforms, signed, answers].find(
    (check) => check?.outcome === 'failed' || (check?.check !== 'answers' && check?.outcome !== 'passed'),
  )
  const all = credentials.map(({ place, report }) => ({ place, ...toResult(report) }))
  const isAnswer = answers?.outcome === 'passed'
  return {
    ...summary(report, own ?? all.find(({ verified }) => !verified)?.reason),
    verdict: Policy.decidePresentation(report).verdict,
    results: {
      presentation: {
        ...(holder !== undefined && { holder: { verified: true, input: holder } }),
        ...(challenge !== undefined && {
          challenge: { verified: isAnswer || answers?.code === 'DOMAIN_OTHER', input: challenge },
        }),
        ...(domain !== undefined && { domain: { verified: isAnswer, input: domain } }),
      },
      credentials: all.map(({ reason: _, ...rest }) => rest),
    },
  }
}

function summary({ checks }: { readonly checks: readonly Check<string>[] }, reason: Check<string> | undefined) {
  const open = checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'failed')
  return { verified: reason === undefined, problemDetails: open.map(toProblem), reason }
}

function toProblem({ check, code, message }: Check<string>) {
  return { ...Problem.naming(code), detail: message, code, check }
}

/** What the VC API answers (W3C VC API 0.7, §3.3.1): 400 with `verified: false` where something is in the way. */
function toReply<result extends Result>({ reason, ...result }: result): Reply {
  if (reason === undefined) return json(200, result)
  const { code, message } = reason
  const body = JSON.stringify({ ...Problem.naming(code), status: 400, code, detail: message, ...result })
  return { status: 400, type: 'application/problem+json', body }
}
