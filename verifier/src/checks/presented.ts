import * as Json from '@laurel/core/Json'
import * as Shape from '@laurel/core/Shape'
import { isSigned, type Presentation } from '../inputs/Presentation.ts'
import * as Jwt from '../Jwt.ts'
import * as Proofs from '../Proofs.ts'
import { failed, passed, type Result, skipped, unknown } from '../Report.ts'
import { idOf, listOf, proofsOf, unsecured } from '../Subject.ts'
import { presentationProblem } from './conforms.ts'

/** What a verifier asked for, so that nobody else can show the answer again. */
export type Asked = {
  /** Drawn at random for one presentation: `challenge` of a proof, `nonce` of a token. */
  readonly challenge?: string
  /** Who asks: `domain` of a proof, one of the `aud` of a token. */
  readonly domain?: string
}

/** Whether a presentation is what it seems to be, so that it may be read. */
export function conforms(presentation: Presentation, now: number): Result {
  const { document, token } = presentation
  const problem = presentationProblem(document) ?? itemProblem(presentation)
  if (problem !== undefined) return problem
  if (token !== undefined) {
    const { iss, jti } = token.jws.payload
    if (iss !== undefined && document.holder !== undefined && iss !== idOf(document.holder))
      return failed('JWT_CLAIM', 'Its token names another holder than the presentation in it.')
    if (jti !== undefined && document.id !== undefined && jti !== document.id)
      return failed('JWT_CLAIM', 'Its token has another number than the presentation in it.')
    if (!Jwt.hasTimes(token.jws.payload)) return failed('JWT_CLAIM', 'Its token has a time that is none.')
    const early = Jwt.timeProblem(token.jws.payload, now)
    if (early !== undefined) return early
  }
  return passed('CONFORMS', 'It is a well-formed presentation.')
}

/**
 * VC Data Model 2.0 §4.13: a credential is an object, and a token stands in an envelope, which says nothing else; in a token
 * every credential does (VC-JOSE-COSE §3.1.2). Version 1 has tokens as they are.
 */
function itemProblem({ document, token }: Presentation): Result | undefined {
  const isV1 = Shape.isV1(document)
  const isWell = (item: Json.Value) => {
    if (!Json.isObject(item)) return isV1 && typeof item === 'string'
    const types: readonly (Json.Value | undefined)[] = Json.isArray(item.type) ? item.type : [item.type]
    if (!types.includes('EnvelopedVerifiableCredential')) return token?.form !== 'vp+jwt'
    return Object.keys(item).every((name) => ['@context', 'id', 'type'].includes(name))
  }
  return listOf(document.verifiableCredential).every(isWell)
    ? undefined
    : failed('PRESENTATION_FORM', 'A credential stands in it in another way than a presentation may have it.')
}

/** Who presents it, by what it says itself. */
export function holderOf({ document, token }: Presentation): string | undefined {
  const [proof] = proofsOf(document)
  const method = token === undefined ? proof?.verificationMethod : token.jws.header.kid
  const signer = typeof method === 'string' ? method.split('#')[0] : undefined
  return idOf(document.holder) ?? idOf(token?.jws.payload.iss) ?? (signer === '' ? undefined : signer)
}

/**
 * Whether its holder signed it, for the purpose of showing who presents it, by a key that the holder's DID document lists
 * under `authentication`. Where it came in a token, the token has to be signed, and every proof inside of it has to hold.
 */
export async function signed(presentation: Presentation, asked: Asked, world: Proofs.World): Promise<Result> {
  const { document, token } = presentation
  const did = holderOf(presentation)
  if (!isSigned(presentation)) {
    const message = 'Nobody has signed it, so it says nothing of who presents what is in it.'
    return isAsked(asked) ? failed('PRESENTATION_UNSIGNED', message) : unknown('PRESENTATION_UNSIGNED', message)
  }
  if (did === undefined) return failed('PROOF_OPTIONS', 'It does not say who presents it.')
  const signatures = proofsOf(document)
  const judgeProofs = () => {
    const signedBy = { document, issuer: did, signatures, unsecured: () => unsecured(document) }
    return Proofs.judge(signedBy, world, 'holder')
  }
  if (token === undefined) return judgeProofs()
  const names = token.form === 'vp-jwt' ? 'maybe' : 'always'
  const result =
    Jwt.endProblem(token.jws, world.now) ?? (await Jwt.isSigned(token.jws, { did, role: 'holder', names }, world))
  return result.outcome === 'passed' && signatures.length > 0 ? judgeProofs() : result
}

/** Whether it was made for this verifier, in answer to its challenge; otherwise it may be a copy of what another was shown. */
export function answers(presentation: Presentation, asked: Asked): Result {
  if (!isAsked(asked))
    return skipped('CHALLENGE_NOT_ASKED', 'No challenge was set, so it may be a copy of what somebody else was shown.')
  const answers = answersOf(presentation)
  if (asked.challenge !== undefined && !answers.every(({ challenge }) => challenge === asked.challenge))
    return failed('CHALLENGE_OTHER', 'It does not answer the challenge that was set.')
  if (asked.domain !== undefined && !answers.every(({ isFor }) => isFor(asked.domain as string)))
    return failed('DOMAIN_OTHER', 'It was made for somebody else than who asked.')
  return passed('ANSWERS', 'It was made for who asked, in answer to the challenge that was set.')
}

/**
 * Whether what is in it was issued to who presents it, as far as credentials name their subjects by a DID. The standard lets
 * others present them, too: parents of their children, or whoever has been asked to.
 *
 * @param subjects of each credential the ids of its subjects, undefined where one has none
 */
export function holder(
  did: string | undefined,
  asked: Asked,
  subjects: readonly (readonly (string | undefined)[])[],
): Result {
  if (!isAsked(asked)) return skipped('CHALLENGE_NOT_ASKED', 'No challenge was set, so nobody shows that it is theirs.')
  if (subjects.length === 0) return skipped('PRESENTATION_EMPTY', 'There is no credential in it.')
  if (subjects.some((ids) => ids.some((id) => id !== undefined && id !== did)))
    return unknown(
      'HOLDER_OTHER',
      'Something in it was issued to somebody else, and nobody can tell whether that is right.',
    )
  if (subjects.some((ids) => ids.length === 0 || ids.includes(undefined)))
    return unknown('HOLDER_UNNAMED', 'Something in it does not say by a DID to whom it was issued.')
  return passed('HOLDER', 'All that is in it was issued to who presents it.')
}

function isAsked({ challenge, domain }: Asked): boolean {
  return challenge !== undefined || domain !== undefined
}

type Answer = { readonly challenge: Json.Value | undefined; readonly isFor: (domain: string) => boolean }

/** What it answers: by its token, otherwise by each proof of its holder. */
function answersOf(presentation: Presentation): readonly Answer[] {
  const { document, token } = presentation
  if (token !== undefined) {
    const { nonce, aud } = token.jws.payload
    // RFC 7519 §4.1.3: who asks is one of those for whom it is.
    return [{ challenge: nonce, isFor: (domain) => listOf(aud).includes(domain) }]
  }
  const did = holderOf(presentation)
  const own = proofsOf(document).filter(({ verificationMethod }) => String(verificationMethod).split('#')[0] === did)
  // Data Integrity 1.0 §4.4: who asks is the only one.
  return own.map(({ challenge, domain }) => ({
    challenge,
    isFor: (asked) => listOf(domain).length > 0 && listOf(domain).every((each) => each === asked),
  }))
}
