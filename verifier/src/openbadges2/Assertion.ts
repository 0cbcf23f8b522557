import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Json from '@laurel/core/Json'
import { failed, type Result, unknown } from '../Report.ts'
import { listOf } from '../Subject.ts'

/** The vocabulary of Open Badges 2.0, and the one before it. */
const vocabulary = 'https://w3id.org/openbadges/v2'
const olderVocabulary = 'https://w3id.org/openbadges/v1'

/** How an assertion is to be verified. */
export type Method = 'hosted' | 'signed'

const methods: Readonly<Record<string, Method>> = {
  HostedBadge: 'hosted',
  hosted: 'hosted',
  SignedBadge: 'signed',
  signed: 'signed',
}

/** What a member has to be. A link is an address, or the document that would be there. */
type Kind = 'iri' | 'text' | 'time' | 'boolean' | 'link' | 'object'

type Members = Readonly<Record<string, Kind>>

/** What each class demands, and what else is looked at (Open Badges 2.0, Data Classes). */
const classes = {
  Assertion: {
    types: ['Assertion'],
    demanded: { id: 'iri', recipient: 'object', badge: 'link', verification: 'object', issuedOn: 'time' },
    known: { expires: 'time', revoked: 'boolean' },
  },
  BadgeClass: {
    types: ['BadgeClass'],
    demanded: { id: 'iri', name: 'text', description: 'text', image: 'link', criteria: 'link', issuer: 'link' },
    known: {},
  },
  Profile: {
    types: ['Profile', 'Issuer'],
    demanded: { id: 'iri', name: 'text', url: 'iri', email: 'text' },
    known: { verification: 'object', revocationList: 'iri' },
  },
  CryptographicKey: {
    types: ['CryptographicKey'],
    demanded: { id: 'iri', owner: 'iri', publicKeyPem: 'text' },
    known: {},
  },
} as const satisfies Record<string, { types: readonly string[]; demanded: Members; known: Members }>

export type ClassName = keyof typeof classes

const identity = { demanded: { type: 'text', identity: 'text', hashed: 'boolean' }, known: { salt: 'text' } } as const

/** Whether a document says of itself that it is an assertion of Open Badges 2.0. */
export function isAssertion({ '@context': context, type }: Json.Object): boolean {
  return list(context).includes(vocabulary) && list(type).includes('Assertion')
}

/** Whether a document is an assertion of an Open Badge of before 2.0, which has another form. */
export function isOlder(document: Json.Object): boolean {
  const isBare =
    document['@context'] === undefined && Json.isObject(document.verify) && document.recipient !== undefined
  return isBare || list(document['@context']).includes(olderVocabulary)
}

/**
 * What is wrong with an assertion, by what the standard demands of it. Its members are read by their plain names, so a name
 * that JSON-LD would take for one of them is none that may stand there.
 */
export function problem(assertion: Json.Object): Result | undefined {
  const found = problemOf(assertion, 'Assertion')
  if (found !== undefined) return found
  const { recipient, verification } = plain(assertion)
  return (
    problemIn(recipient as Json.Object, identity, '/recipient') ??
    (methodOf(verification) === undefined
      ? unknown('VERIFICATION_UNKNOWN', 'It is to be verified in a way that this verifier does not know.')
      : undefined)
  )
}

/** How it says that it is to be verified. */
export function method(assertion: Json.Object): Method | undefined {
  return methodOf(plain(assertion).verification)
}

/** What is wrong with a document that should be of a class, wherever it stands. */
export function problemOf(document: Json.Object, className: ClassName): Result | undefined {
  const { types, demanded, known } = classes[className]
  const contexts = list(document['@context'])
  if (contexts.some((each) => each !== vocabulary))
    return unknown('CONTEXT_UNKNOWN', 'It uses a vocabulary that this verifier does not have, so it cannot be read.')
  if (!types.some((type) => list(document.type).includes(type)))
    return failed('SHAPE_TYPE', `What should be of the class ${className} is not. (/type)`)
  const { verification, verify } = document
  // Some write both, for older readers; `url` beside the older is theirs.
  if (verification !== undefined && verify !== undefined && methodOf(verification) !== methodOf(verify))
    return failed('SHAPE_REPEATED', 'It says in two ways how it is to be verified. (/verify)')
  return problemIn(plain(document), { demanded, known }, '')
}

function problemIn(
  document: Json.Object,
  { demanded, known }: { readonly demanded: Members; readonly known: Members },
  at: string,
): Result | undefined {
  const keyword = Object.keys(document).find(
    (name) => name.startsWith('@') && !['@context', '@language'].includes(name),
  )
  if (keyword !== undefined) return failed('KEYWORD', `The keyword ${keyword} has no place in an assertion.`)
  for (const [name, kind] of Object.entries({ ...known, ...demanded })) {
    // JSON-LD takes null for nothing, and so do issuers.
    const value = document[name] ?? undefined
    const pointer = `${at}/${name}`
    if (value === undefined && !Object.hasOwn(demanded, name)) continue
    if (value === undefined)
      return failed('SHAPE_MEMBER_MISSING', `Something is missing that has to be there. (${pointer})`)
    if (!is(value, kind))
      return failed('SHAPE_VALUE', `Something is written in another way than it has to be. (${pointer})`)
  }
  return undefined
}

/** With `verify` under its newer name. */
function plain({ verify, ...rest }: Json.Object): Json.Object {
  return verify === undefined ? rest : { verification: verify, ...rest }
}

function methodOf(verification: Json.Value | undefined): Method | undefined {
  const types = Json.isObject(verification) ? list(verification.type) : []
  const found = types.flatMap((type) => (typeof type === 'string' && Object.hasOwn(methods, type) ? methods[type] : []))
  return found.length === 1 ? found[0] : undefined
}

function is(value: Json.Value, kind: Kind): boolean {
  switch (kind) {
    case 'iri':
      return isIri(value)
    case 'text':
      return typeof value === 'string'
    case 'time':
      return typeof value === 'string' && DateTimeStamp.isValid(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'link':
      return Json.isObject(value) || isIri(value)
    case 'object':
      return Json.isObject(value)
  }
}

function isIri(value: Json.Value): boolean {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/.test(value)
}

/** What stands in a member that may have one value, several, or null, which JSON-LD takes for nothing. */
export function list(value: Json.Value | undefined): readonly Json.Value[] {
  return listOf(value ?? undefined)
}
