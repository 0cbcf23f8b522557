import * as Json from '@laurel/core/Json'
import type * as Jws from '@laurel/core/Jws'
import { recipient } from '../checks/recipient.ts'
import { validPeriod } from '../checks/valid-period.ts'
import { withoutAnchor } from '../checks/without-anchor.ts'
import * as Report from '../Report.ts'
import { idOf } from '../Subject.ts'
import type { Options as World } from '../verify.ts'
import * as Assertion from './Assertion.ts'
import * as Hosting from './Hosting.ts'
import { asOf, revoked } from './revoked.ts'
import { signed } from './signed.ts'
import * as Web from './Web.ts'

/** An assertion as it was found in a file, or the address at which an image says that it is. */
export type Found =
  | { readonly assertion: Json.Object; readonly jws?: Jws.Jws | undefined }
  | { readonly address: string }

/** What a badge consists of, each part checked. */
type Parts = { readonly assertion: Json.Object; readonly badge: Json.Object; readonly profile: Json.Object }
/** The check that ends it all, beside what is said of the badge. */
type End = { readonly results: Report.Results; readonly assertion?: Json.Object | undefined }

/**
 * The report on a badge of Open Badges 2.0. One that is signed is judged by the key that its issuer's profile names; one that
 * is not exists for as long as its own address gives it out, and is what that address says.
 *
 * Nothing that the badge names is asked but its home: its own address, or that of the key and of the class of one that is
 * signed; and the issuers whom the verifier knows. An issuer's list of revocations is asked once the signature has passed.
 */
export async function examine(found: Found, world: World): Promise<Report.Report> {
  if ('address' in found) return report(await hosted(undefined, found.address, world), world)
  const { assertion, jws } = found
  const problem = Assertion.problem(assertion)
  if (problem !== undefined) return report({ results: { conforms: problem }, assertion }, world)
  if (Assertion.method(assertion) === 'hosted')
    return report(await hosted(assertion, String(assertion.id), world), world)
  return report(await signedBadge(assertion, jws, world), world)
}

type Judged = Parts & { readonly signature: Report.Result; readonly status: Report.Result }

async function hosted(file: Json.Object | undefined, address: string, world: World): Promise<Judged | End> {
  const end = (results: Report.Results): End => ({ results, assertion: file })
  const without = (result: Report.Result) =>
    file === undefined ? { conforms: result } : { conforms: wellFormed, signed: result }
  const unavailable = Report.unknown('HOSTED_UNAVAILABLE', 'It is not to be had from its own address at the moment.')
  if (Hosting.parse(address) === undefined) return end(without(unavailable))
  const answer = await world.readers.hosted?.(address)
  if (answer?.kind === 'gone') return end({ ...without(unavailable), status: revokedResult })
  const assertion = answer?.kind === 'found' ? Web.parse(answer.bytes) : undefined
  if (assertion === undefined) return end(without(unavailable))
  if (assertion.id !== address)
    return end(without(Report.failed('HOSTED_OTHER', 'At its own address is something else.')))
  // Of one that is revoked nothing else need be left.
  if (assertion.revoked === true) return end({ ...without(unavailable), status: revokedResult })
  const problem = Assertion.problem(assertion)
  if (problem !== undefined) return { results: { conforms: problem }, assertion }
  const parts = await gather(assertion, address, world)
  if ('results' in parts) return parts
  const { badge, profile } = parts
  const documents = new Map([badge, profile].map((document) => [String(document.id), document]))
  const isForeign = Assertion.method(assertion) !== 'hosted' || !Hosting.allows(profile, address)
  const signature = isForeign
    ? Report.failed('HOST_FOREIGN', 'It is not where its issuer has its badges.')
    : file !== undefined && !isSaid(file, assertion, documents)
      ? Report.failed('HOSTED_DIFFERS', 'Its own address gives it out with another content.')
      : Report.passed('HOSTED', 'Nobody signed it; its issuer gives it out at its own address, as of now.')
  const status = Report.passed('NOT_REVOKED', 'Its issuer had not revoked it, as of now.')
  return { ...parts, signature, status }
}

async function signedBadge(assertion: Json.Object, jws: Jws.Jws | undefined, world: World): Promise<Judged | End> {
  if (jws === undefined) {
    const missing = Report.failed('PROOF_MISSING', 'It carries no signature.')
    return { results: { conforms: wellFormed, signed: missing }, assertion }
  }
  const { verification, verify, badge } = assertion
  const method = verification ?? verify
  const creator = Json.isObject(method) ? method.creator : undefined
  const home = idOf(creator) ?? idOf(badge) ?? ''
  const parts = await gather(assertion, home, world)
  if ('results' in parts) return parts
  const signature = await signed(jws, idOf(creator), parts.profile, Web.create(home, world.trust, world.readers))
  if (signature.outcome !== 'passed') return { results: { conforms: wellFormed, signed: signature }, assertion }
  return { ...parts, signature, status: await revoked(assertion, parts.profile, world.readers) }
}

/** The class that an assertion awards, and the profile of its issuer, as the issuer's own address or the verifier has it. */
async function gather(assertion: Json.Object, home: string, { trust, readers }: World): Promise<Parts | End> {
  const web = Web.create(home, trust, readers)
  const end = (check: 'conforms' | 'signed', result: Report.Result): End => ({
    results: { conforms: wellFormed, [check]: result },
    assertion,
  })
  const award = Json.isObject(assertion.badge) ? { document: assertion.badge } : await web.get(String(assertion.badge))
  if ('problem' in award) return end('signed', award.problem)
  const badge = award.document
  const badgeProblem = Assertion.problemOf(badge, 'BadgeClass')
  if (badgeProblem !== undefined) return end('conforms', badgeProblem)
  const issuer = idOf(badge.issuer) ?? ''
  const known = trust.issuers.find(({ did }) => did === issuer)?.profile
  const described = known === undefined ? await web.get(issuer) : { document: known }
  if ('problem' in described) return end('signed', described.problem)
  const profile = described.document
  const profileProblem = Assertion.problemOf(profile, 'Profile')
  if (profileProblem !== undefined) return end('conforms', profileProblem)
  if (!isSaid(badge.issuer ?? null, profile, new Map()))
    return end('signed', Report.failed('PART_DIFFERS', 'It describes its issuer otherwise than the issuer does.'))
  return { assertion, badge, profile }
}

/**
 * Whether all that a file says is said by what was fetched, where one may have a link and the other the document that is
 * there. What has been added since is in force, though the file does not have it.
 */
function isSaid(told: Json.Value, held: Json.Value | undefined, documents: ReadonlyMap<string, Json.Object>): boolean {
  if (told === null) return held === undefined || held === null
  if (Json.isArray(told))
    return (
      Json.isArray(held) && told.length === held.length && told.every((item, i) => isSaid(item, held[i], documents))
    )
  if (!Json.isObject(told)) return told === held || (Json.isObject(held) && told === held.id)
  const document = typeof held === 'string' ? documents.get(held) : held
  if (!Json.isObject(document)) return false
  return Object.entries(told).every(([name, value]) => name === '@context' || isSaid(value, document[name], documents))
}

const wellFormed = Report.passed('CONFORMS', 'It is a well-formed badge of Open Badges 2.0.')
const revokedResult = Report.failed('REVOKED', 'Its issuer has revoked it.')

function report(judged: Judged | End, world: World): Report.Report {
  const { assertion } = judged
  const id = assertion?.id
  const named = typeof id === 'string' ? { credentialId: id } : {}
  if ('results' in judged) return { ...named, checks: Report.complete(judged.results) }
  const { badge, profile, signature, status } = judged
  const issuer = String(profile.id)
  const about = { ...named, issuer, achievement: String(badge.name) }
  const first = { conforms: wellFormed, signed: signature }
  if (signature.outcome !== 'passed') return { ...about, checks: Report.complete(first) }
  return { ...about, checks: Report.complete({ ...first, ...rest(judged, issuer, status, world) }) }
}

function rest(
  { assertion }: Parts,
  issuer: string,
  status: Report.Result,
  { trust, now, at, recipient: person }: World,
): Report.Results {
  const missing = withoutAnchor(issuer, trust)
  const known = trust.issuers.find(({ did }) => did === issuer)
  return {
    included: missing,
    anchored: missing,
    manifest: missing,
    'issuer-bound':
      known === undefined
        ? Report.unknown('ISSUER_UNRECOGNISED', 'It is its issuer’s, but this issuer is not known to you.')
        : Report.passed('ISSUER_BOUND', `The issuer is ${known.name}.`),
    status: asOf(status, at),
    'valid-period': validPeriod({ document: period(assertion) }, at ?? now),
    recipient: recipient({ document: { credentialSubject: subject(assertion.recipient) } }, person),
  }
}

/** In the words of Open Badges 3.0. */
function period({ issuedOn, expires }: Json.Object): Json.Object {
  return { validFrom: issuedOn ?? null, validUntil: expires ?? null }
}

function subject(recipient: Json.Value | undefined): Json.Object {
  const { type = null, identity = null, hashed = null, salt = null } = Json.isObject(recipient) ? recipient : {}
  const identityType = type === 'email' ? 'emailAddress' : type
  const id = type === 'id' && hashed !== true ? { id: identity } : {}
  return { ...id, identifier: [{ identityType, identityHash: identity, hashed, salt }] }
}
