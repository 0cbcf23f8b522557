import { type Check, type Name, Policy } from '@laurel/verifier'
import { z } from 'zod'
import type { Verified, VerifiedPart } from '../../ports/Verification.ts'
import * as Problem from '../Problem.ts'
import { define, json, type Reply, type Route } from '../Route.ts'
import * as schemas from '../schemas.ts'

const tag = 'Verification'

/** How a credential is sent: as JSON, as a token, baked into an image, or as a file of which nobody says what it is. */
const files = [
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

/** How many are verified at a time: what comes on top would only make all of them wait. */
const most = 32
let verifying = 0

/** As many requests as a verification counts for, because it asks the chain and the web. */
const weight = 20

/** What verifies the documents of strangers: anybody may ask. */
export const verification: readonly Route[] = [
  define({
    method: 'post',
    path: '/v1/verify',
    operation: 'verifyCredential',
    summary:
      'Verifies what anybody has, as laurel-verify does: a JSON file, a token, a baked image or a keepsake; of a presentation or a record each credential in it',
    tag,
    scope: null,
    weight,
    files,
    answers: { 200: { says: 'The verdict, and every check with what came of it', schema: schemas.Verification } },
    problems: ['VERIFICATION_BUSY'],
    handle: async ({ file }, api) => json(200, view(await busy(() => api.verifyEach(file)))),
  }),
  define({
    method: 'post',
    path: '/credentials/verify',
    operation: 'verifyCredentialByVcApi',
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
    handle: async ({ body: { verifiableCredential } }, api) => {
      const document =
        typeof verifiableCredential === 'string' ? verifiableCredential : JSON.stringify(verifiableCredential)
      return toReply(await busy(() => api.verify(new TextEncoder().encode(document))))
    },
  }),
]

/** Does some verifying, unless too much of it is being done. */
async function busy<answer>(work: () => Promise<answer>): Promise<answer> {
  if (verifying >= most)
    throw new Problem.RefusedError('VERIFICATION_BUSY', 'Too many credentials are being verified at this moment.', {
      headers: { 'Retry-After': '1' },
    })
  verifying++
  try {
    return await work()
  } finally {
    verifying--
  }
}

/** From the worst to the best, as the exit code of `laurel-verify` has it. */
const severity = ['rejected', 'unknown', 'accepted'] as const

/** What is told of a document: of itself, where it was judged itself, and of the credentials in it. */
function view(found: readonly VerifiedPart[]) {
  const verdict = severity.find((each) => found.some(({ decision }) => decision.verdict === each))
  const worst = found.find(({ decision }) => decision.verdict === verdict)
  if (worst === undefined) throw new TypeError('Something is found of every document')
  const own = found.find(({ place }) => place === undefined)?.report ?? { checks: [] }
  return {
    ...viewOne({ report: own, decision: worst.decision }),
    parts: found.flatMap(({ place, ...part }) => (place === undefined ? [] : { place, ...viewOne(part) })),
  }
}

function viewOne({ report, decision }: Verified) {
  const endorsements = (report.endorsements ?? []).map((each) =>
    judged({ report: each, decision: Policy.decide(each) }),
  )
  return { ...judged({ report, decision }), endorsements }
}

function judged({ report, decision: { verdict, code, message } }: Verified) {
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
const asked: readonly Name[] = ['conforms', 'signed', 'status', 'valid-period']

/**
 * What the VC API answers (W3C VC API 0.7, §3.3.1): 400 with `verified: false` where it is not. Checks that it does not
 * know may not fail either; where they could not be made, that is told beside the answer.
 */
function toReply({ report, decision }: Verified): Reply {
  const isOpen = ({ check, outcome }: Check) => outcome === 'unknown' || (outcome === 'skipped' && check !== 'status')
  const wrong = report.checks.filter(
    (check) => check.outcome === 'failed' || (asked.includes(check.check) && isOpen(check)),
  )
  const [first] = wrong
  const open = report.checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'failed')
  const result = {
    verified: first === undefined,
    verdict: decision.verdict,
    problemDetails: open.map(({ check, code, message }) => ({
      ...Problem.naming(code),
      detail: message,
      code,
      check,
    })),
  }
  if (first === undefined) return json(200, result)
  const { code, message } = first
  const body = JSON.stringify({ ...Problem.naming(code), status: 400, code, detail: message, ...result })
  return { status: 400, type: 'application/problem+json', body }
}
