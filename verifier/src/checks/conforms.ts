import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Contexts from '@laurel/core/Contexts'
import * as Json from '@laurel/core/Json'
import * as ResourceDigest from '@laurel/core/ResourceDigest'
import * as Shape from '@laurel/core/Shape'
import { failed, passed, type Result, unknown } from '../Report.ts'
import { listOf } from '../Subject.ts'

/** The kinds of credential that are read here, by a member of their `type`. */
const classes: Readonly<Record<string, Shape.ClassName>> = {
  OpenBadgeCredential: 'AchievementCredential',
  AchievementCredential: 'AchievementCredential',
  EndorsementCredential: 'Credential',
}

/** The first context says which version it is of. */
const bases: readonly Json.Value[] = [Contexts.credentialsV2, Contexts.credentialsV1]

/** The members of a language value object (VC Data Model 2.0 §11.1). */
const languageKeywords = ['@value', '@language', '@direction']

/**
 * Whether a document is what it seems to be: the guard that comes before all other checks. The same signed statements
 * could be written as another JSON, in which a reader finds no status and no expiry; so every way of writing that is not
 * the plain one is refused before anything is read.
 *
 * A document with a merkle proof is one of ours, and has to have the exact shape that we write.
 */
export function conforms(document: Json.Object): Result {
  const { '@context': context = null } = document
  const oddity = contextProblem(context) ?? findOddity(document, { is: 'credential' })
  if (oddity !== undefined) return oddity

  const [firstProof, ...furtherProofs] = listOf(document.proof)
  const anchored = listOf(document.proof).some(AnchorProof.isAnchorProof)
  if (anchored && (AnchorProof.isAnchorProof(firstProof) || !furtherProofs.every(AnchorProof.isAnchorProof)))
    return failed('PROOF_ORDER', 'An anchored credential has one signature first, and nothing but anchors after it.')
  if (anchored && !isOurs(context))
    return failed('CONTEXT_FORM', 'Its vocabularies are not those of an anchored Open Badge.')

  const className = listOf(document.type).flatMap((type) => (typeof type === 'string' ? (classes[type] ?? []) : []))[0]
  if (className === undefined)
    return unknown('TYPE_UNKNOWN', 'It is a kind of credential that this verifier does not read.')
  // VC Data Model 2.0 §4.5.
  if (!listOf(document.type).includes('VerifiableCredential'))
    return failed('SHAPE_VALUE', 'It is not said to be a verifiable credential. (/type)')
  const [problem] = Shape.check(document, className, anchored ? 'exact' : 'lenient')
  if (problem !== undefined) return failed(problem.code, `${problem.message} (${problem.pointer || '/'})`)
  // VC Data Model 2.0 §5.3.
  if (!listOf(document.relatedResource).every((each) => Json.isObject(each) && ResourceDigest.read(each) !== undefined))
    return failed('RESOURCE_INVALID', 'It refers to something without a digest by which it could be told from another.')
  return passed('CONFORMS', 'It is a well-formed Open Badge.')
}

/**
 * What keeps the verifiable presentation around some credentials from being read, by the same rules; the credentials in it
 * have `conforms` of their own (VC Data Model 2.0 §4.13).
 */
export function presentationProblem({ verifiableCredential: _, ...document }: Json.Object): Result | undefined {
  const { '@context': context = null } = document
  const oddity = contextProblem(context) ?? findOddity(document, { is: 'credential' })
  if (oddity !== undefined) return oddity
  const [problem] = Shape.check(document, 'Presentation', 'lenient')
  return problem === undefined ? undefined : failed(problem.code, `${problem.message} (${problem.pointer || '/'})`)
}

/** The vocabularies that a document may have: bundled ones, a base of Verifiable Credentials first. */
function contextProblem(context: Json.Value): Result | undefined {
  if (!isTexts(context)) return failed('CONTEXT_FORM', 'The vocabulary (@context) is not a list of addresses.')
  const bundled = Contexts.urls()
  if (context.some((url) => !bundled.includes(url)))
    return unknown('CONTEXT_UNKNOWN', 'It uses a vocabulary that this verifier does not have, so it cannot be read.')
  if (!bases.includes(context[0] as Json.Value))
    return failed('CONTEXT_FORM', 'Its first vocabulary is not that of Verifiable Credentials.')
  return findInList(context)
}

function isOurs(context: Json.Value): boolean {
  return JSON.stringify(context) === JSON.stringify([Contexts.credentialsV2, Contexts.openBadges])
}

/** What an object is, as far as it says whether it may have a context of its own. */
type Place = { readonly is: 'credential' } | { readonly is: 'proof'; readonly context: Json.Value | undefined }

/**
 * Finds what JSON-LD takes for something else than a reader sees, in members of any kind: names that are no terms, and
 * values that leave no statement or the same one as another writing.
 */
export function findOddity(value: Json.Value, place?: Place): Result | undefined {
  if (value === null) return failed('SHAPE_TYPE', 'A member is empty (null), which says nothing.')
  if (Json.isArray(value)) {
    let found = findInList(value)
    for (let i = 0; found === undefined && i < value.length; i++) found = findOddity(value[i] as Json.Value, place)
    return found
  }
  if (!Json.isObject(value)) return undefined
  const isLanguageValue = Object.hasOwn(value, '@value')
  for (const name of Object.keys(value)) {
    const item = value[name] as Json.Value
    const found =
      name === '@context' && place !== undefined
        ? findInContext(value, item, place)
        : (findInName(name, item, isLanguageValue) ?? findOddity(item, placeOf(name, value, place)))
    if (found !== undefined) return found
  }
  return undefined
}

/** Credentials stand in credentials as endorsements only, with contexts of their own; a proof belongs to a credential. */
function placeOf(name: string, parent: Json.Object, place: Place | undefined): Place | undefined {
  if (name === 'endorsement') return { is: 'credential' }
  return name === 'proof' && place?.is === 'credential' ? { is: 'proof', context: parent['@context'] } : undefined
}

/** VC EdDSA Cryptosuites 1.0 §3.3.1: a proof over JSON repeats the context of what it secures. No other proof does. */
function findInContext(value: Json.Object, context: Json.Value, place: Place): Result | undefined {
  if (place.is === 'credential') return contextProblem(context)
  if (!String(value.cryptosuite).includes('-jcs-'))
    return failed('KEYWORD', 'The keyword @context has no place in a credential.')
  return JSON.stringify(context) === JSON.stringify(place.context)
    ? undefined
    : failed('CONTEXT_FORM', 'Its signature was made in other vocabularies (@context) than it has.')
}

function findInName(name: string, item: Json.Value, isLanguageValue: boolean): Result | undefined {
  if (name.startsWith('@') && !(isLanguageValue && languageKeywords.includes(name)))
    return failed('KEYWORD', `The keyword ${name} has no place in a credential.`)
  if (name.includes(':')) return failed('MEMBER_IRI', 'A member is named by an address instead of a term.')
  if (name === 'type' && listOf(item).some((type) => typeof type === 'string' && /^@|:/.test(type)))
    return failed('TYPE_NOT_TERM', 'A type is named by an address instead of a term.')
  return undefined
}

function findInList(items: readonly Json.Value[]): Result | undefined {
  if (items.length === 0) return failed('SHAPE_CARDINALITY', 'A list is empty, which says nothing.')
  if (items.some(Json.isArray)) return failed('SHAPE_CARDINALITY', 'A list stands in a list.')
  if (Json.isRepetitive(items)) return failed('SHAPE_REPEATED', 'The same value stands twice in a list.')
  return undefined
}

function isTexts(value: Json.Value | undefined): value is readonly string[] {
  return Json.isArray(value) && value.every((item) => typeof item === 'string')
}
