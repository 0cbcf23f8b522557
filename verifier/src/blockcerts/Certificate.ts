import * as BlockcertsContexts from '@laurel/core/BlockcertsContexts'
import * as BlockcertsProof from '@laurel/core/BlockcertsProof'
import * as Contexts from '@laurel/core/Contexts'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Vocabulary from '@laurel/core/Vocabulary'
import { findOddity } from '../checks/conforms.ts'
import { failed, type Result, unknown } from '../Report.ts'
import { idOf, listOf } from '../Subject.ts'

/** A certificate of Blockcerts, of either version, taken apart. */
export type Certificate = {
  readonly document: Json.Object
  readonly issuer: string
  /** What it says itself of its issuer. */
  readonly described: Json.Object
  readonly achievement: string | undefined
  /** The proofs that somebody signed and that come before the merkle proof, which covers them. */
  readonly signatures: readonly Json.Object[]
  /** What the merkle proof covers. */
  readonly covered: Json.Object
  readonly proof: BlockcertsProof.Content
  /** The key with which the anchor was made, where the proof names one. */
  readonly verificationMethod: string | undefined
  /** In the words of Open Badges 3.0. */
  readonly plain: Json.Object
}

/** Whether a document is a certificate of Blockcerts, and of which version. */
export function versionOf(document: Json.Object): 2 | 3 | undefined {
  const contexts = listOf(document['@context'])
  const isIn = (version: 2 | 3) =>
    contexts.some((each) => BlockcertsContexts.vocabularies[version].includes(String(each)))
  if (isIn(2)) return 2
  return isIn(3) ? 3 : undefined
}

/**
 * Reads a certificate from anybody. What is signed are its statements, so it may be written in no way in which they would be
 * another JSON: the same guard as `conforms` is for Open Badges 3.0.
 *
 * @returns what is wrong with it, a result of `conforms`, where it cannot be read
 */
export function read(document: Json.Object): Certificate | Result {
  try {
    // The proof of version 2 has a form of its own, and is read by that.
    const { '@context': contexts, signature: _, ...rest } = document
    const oddity = contextProblem(contexts, rest) ?? findOddity(rest)
    if (oddity !== undefined) return oddity
    if (isBare(rest))
      return failed('KEYWORD', 'A value is written as JSON-LD may write it, and no reader of JSON expects.')
    if (Object.values(rest).some((value) => hasTwin(value, rest.id)))
      return failed('SHAPE_REPEATED', 'What it says of itself stands in two places.')
    return versionOf(document) === 2 ? read2(document) : read3(document)
  } catch (error) {
    if (error instanceof Contexts.UnknownContextError || error instanceof Contexts.DigestError)
      return unknown(error.code, error.message)
    if (error instanceof Errors.BaseError) return failed(error.code, error.message)
    throw error
  }
}

const misshapen = failed('SHAPE_MEMBER_MISSING', 'Something that a certificate has is missing, or not as it has to be.')

/** Whether a value stands in an object without need: it says the same as the value alone. */
function isBare(value: Json.Value): boolean {
  if (Json.isArray(value)) return value.some(isBare)
  if (!Json.isObject(value)) return false
  return (Object.hasOwn(value, '@value') && !Object.hasOwn(value, '@language')) || Object.values(value).some(isBare)
}

/** Whether something in a document has the id of the whole: what is said there would be said of the whole as well. */
function hasTwin(value: Json.Value, id: Json.Value | undefined): boolean {
  if (Json.isArray(value)) return value.some((item) => hasTwin(item, id))
  if (!Json.isObject(value) || id === undefined) return false
  return value.id === id || Object.values(value).some((item) => hasTwin(item, id))
}

function contextProblem(contexts: Json.Value | undefined, rest: Json.Object): Result | undefined {
  if (!Json.isArray(contexts) || !contexts.every((each) => typeof each === 'string' || Json.isObject(each)))
    return failed('CONTEXT_FORM', 'Its vocabularies (@context) are not a list.')
  if (Json.isRepetitive(contexts)) return failed('SHAPE_REPEATED', 'The same value stands twice in a list.')
  for (const each of contexts) if (typeof each === 'string') Contexts.load(each)
  return Vocabulary.isAdded(contexts, rest)
    ? undefined
    : unknown('VOCABULARY_OWN', 'It gives other names, in a vocabulary of its own, to what has a name already.')
}

function read2(document: Json.Object): Certificate | Result {
  const { signature, badge, issuedOn, expires, recipient, ...rest } = document
  const { type, id, verification } = rest
  const issuer = Json.isObject(badge) ? badge.issuer : undefined
  const { identity, type: kind, hashed, salt } = Json.isObject(recipient) ? recipient : {}
  const isWell =
    listOf(type).includes('Assertion') &&
    typeof id === 'string' &&
    Json.isObject(badge) &&
    Json.isObject(issuer) &&
    typeof issuer.id === 'string' &&
    typeof identity === 'string' &&
    // JSON-LD takes the text for the same as the boolean, and most readers take both texts for true.
    (hashed === undefined || typeof hashed === 'boolean') &&
    document.revoked === undefined &&
    Json.isObject(verification) &&
    (expires === undefined || isTime(expires))
  if (!isWell || !isTime(issuedOn)) return misshapen
  if (!Json.isObject(signature)) return failed('PROOF_MISSING', 'It carries no proof.')
  if (!listOf(signature.type).includes('MerkleProof2017'))
    return unknown('PROOF_UNSUPPORTED', 'It is proven in a way that this verifier does not know.')
  const { signature: _, ...covered } = document
  const identityType = kind === 'email' ? 'emailAddress' : (kind ?? null)
  const identifier = [{ identityType, identityHash: identity, hashed: hashed ?? null, salt: salt ?? null }]
  return {
    document,
    issuer: String(issuer.id),
    described: issuer,
    achievement: typeof badge.name === 'string' ? badge.name : undefined,
    signatures: [],
    covered,
    proof: BlockcertsProof.parse2017(signature),
    verificationMethod: undefined,
    plain: {
      validFrom: issuedOn,
      ...(expires === undefined ? {} : { validUntil: expires }),
      credentialSubject: { identifier },
    },
  }
}

function read3(document: Json.Object): Certificate | Result {
  const { proof, issuer, type, id, credentialSubject, issuanceDate, expirationDate, name } = document
  const { validFrom = issuanceDate, validUntil = expirationDate } = document
  const own = idOf(issuer)
  const subject = Json.isObject(credentialSubject) ? credentialSubject : undefined
  const isWell =
    ['VerifiableCredential', 'BlockcertsCredential'].every((each) => listOf(type).includes(each)) &&
    own !== undefined &&
    (id === undefined || typeof id === 'string') &&
    listOf(credentialSubject).length > 0 &&
    listOf(credentialSubject).every(Json.isObject) &&
    (validFrom === undefined || isTime(validFrom)) &&
    (validUntil === undefined || isTime(validUntil))
  if (!isWell) return misshapen
  const proofs = listOf(proof).filter(Json.isObject)
  const last = proofs.at(-1)
  if (last === undefined) return failed('PROOF_MISSING', 'It carries no proof.')
  // Of a merkle proof that others come behind, nobody could say what those cover.
  if (!isMerkleProof(last) || proofs.slice(0, -1).some(isMerkleProof))
    return unknown('PROOF_UNSUPPORTED', 'It is proven in a way that this verifier does not know.')
  const { proof: _, ...unsecured } = document
  const signatures = proofs.slice(0, -1)
  const email = subject?.email
  const identifier =
    typeof email === 'string' ? [{ identityType: 'emailAddress', identityHash: email, hashed: false }] : []
  return {
    document,
    issuer: own,
    described: Json.isObject(issuer) ? issuer : {},
    achievement: typeof name === 'string' ? name : undefined,
    signatures,
    covered: signatures.length === 0 ? unsecured : { ...unsecured, proof: signatures },
    proof: BlockcertsProof.parse2019(last.proofValue),
    verificationMethod: typeof last.verificationMethod === 'string' ? last.verificationMethod : undefined,
    plain: {
      ...(validFrom === undefined ? {} : { validFrom }),
      ...(validUntil === undefined ? {} : { validUntil }),
      credentialSubject: { ...(typeof subject?.id === 'string' ? { id: subject.id } : {}), identifier },
    },
  }
}

/** By the names that it has had: as a type, chained to others, and as a cryptosuite. */
function isMerkleProof({ type, chainedProofType, cryptosuite }: Json.Object): boolean {
  return (
    type === 'MerkleProof2019' ||
    (type === 'ChainedProof2021' && chainedProofType === 'MerkleProof2019') ||
    (type === 'DataIntegrityProof' && cryptosuite === 'merkle-proof-2019')
  )
}

function isTime(value: Json.Value | undefined): value is string {
  return typeof value === 'string' && DateTimeStamp.isValid(value)
}
