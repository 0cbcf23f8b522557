import * as AnchorProof from '@laurel/core/AnchorProof'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Certificate from '../blockcerts/Certificate.ts'
import * as Policy from '../Policy.ts'
import { printable } from '../printable.ts'
import type * as Report from '../Report.ts'
import { idOf } from '../Subject.ts'
import type * as Trust from '../Trust.ts'
import type { Finding } from '../verify-each.ts'

/** What the whole looks like: good, bad, not told, and of somebody who is not known. */
export type Tone = 'good' | 'bad' | 'open' | 'unfamiliar'

/** Where nothing was verified, why; each is a member of `Words`. */
export type Unverified = 'loading' | 'unloaded' | 'untrusted'

/** What is said of a credential as a whole; each is a member of `Words`. */
type Statement = 'accepted' | 'testChain' | 'rejected' | 'unknown' | 'unfamiliar'

/** What is shown of a credential: text, of which nothing is markup, and a picture that nobody has to be asked for. */
export type View = {
  readonly tone: Tone
  readonly statement: Statement
  /** Of the check that decided. */
  readonly decision: Policy.Decision
  /** Whether its issuer has signed what is shown; otherwise it is only what the file says of itself. */
  readonly isConfirmed: boolean
  readonly name: string | undefined
  readonly achievement: string | undefined
  readonly issuer: string | undefined
  /** Its DID, where somebody has yet to find out who that is. */
  readonly issuerId: string | undefined
  readonly recipient: string | undefined
  /** In milliseconds since 1970. */
  readonly issued: number | undefined
  readonly expires: number | undefined
  /** A `data:` address. */
  readonly image: string | undefined
  readonly checks: readonly Report.Check[]
  readonly endorsements: readonly { readonly by: string | undefined; readonly decision: Policy.Decision }[]
}

/** What is shown of a finding. */
export function of({ report, credential = {} }: Finding, trust: Trust.Trust): View {
  const decision = Policy.decide(report)
  const statement = statementOf(report, decision, credential, trust)
  const isSigned = outcomeOf(report, 'signed') === 'passed'
  const subject = objectIn(credential.credentialSubject)
  // Open Badges 2.0, and version 2 of Blockcerts, have it by another name, and often at another place.
  const achievement = objectIn(subject.achievement ?? credential.badge)
  const name = text(credential.name)
  const title = text(achievement.name) ?? text(report.achievement)
  return {
    tone: tones[statement],
    statement,
    decision,
    isConfirmed: isSigned,
    name: name ?? title,
    achievement: name === undefined || name === title ? undefined : title,
    ...issuerOf(report, credential, trust),
    recipient: recipientName(subject),
    issued: moment(
      subject.awardedDate ??
        credential.awardedDate ??
        credential.validFrom ??
        credential.issuanceDate ??
        credential.issuedOn,
    ),
    expires: moment(credential.validUntil ?? credential.expirationDate ?? credential.expires),
    image: isSigned ? (imageIn(credential) ?? imageIn(achievement)) : undefined,
    checks: report.checks.filter(({ code }) => code !== 'RECIPIENT_NOT_ASKED'),
    endorsements: (report.endorsements ?? []).map((each) => ({
      by: knownName(each.issuer, trust) ?? each.issuer,
      decision: Policy.decide(each),
    })),
  }
}

const tones: Readonly<Record<Statement, Tone>> = {
  accepted: 'good',
  testChain: 'unfamiliar',
  rejected: 'bad',
  unknown: 'open',
  unfamiliar: 'unfamiliar',
}

function statementOf(
  report: Report.Report,
  { verdict }: Policy.Decision,
  credential: Json.Object,
  trust: Trust.Trust,
): Statement {
  if (verdict === 'accepted') return isOnTestChain(credential, trust) ? 'testChain' : 'accepted'
  if (verdict === 'rejected') return 'rejected'
  // That the issuer is not known is said of what would be accepted if it were.
  const others = report.checks.map((each) =>
    each.code === 'ISSUER_UNRECOGNISED' ? { ...each, outcome: 'passed' as const } : each,
  )
  return Policy.decide({ checks: others }).verdict === 'accepted' ? 'unfamiliar' : 'unknown'
}

/** Whether the chain that made it accepted is one for tests: of those that it is anchored on, the first that is trusted. */
function isOnTestChain(credential: Json.Object, { chains }: Trust.Trust): boolean {
  const known = chainsOf(credential).flatMap((id) => chains.find(({ chainId }) => chainId === id) ?? [])
  return known[0]?.test ?? false
}

function chainsOf(credential: Json.Object): readonly (number | string)[] {
  if (Certificate.versionOf(credential) !== undefined) {
    const certificate = Certificate.read(credential)
    return 'outcome' in certificate ? [] : certificate.proof.anchors.map(({ chain }) => chain)
  }
  const { proof } = credential
  const anchors = (Json.isArray(proof) ? proof : [proof]).filter(Json.isObject).filter(AnchorProof.isAnchorProof)
  return anchors.flatMap((each) => {
    try {
      return AnchorProof.parse(each).anchor.chainId
    } catch (error) {
      if (error instanceof Errors.BaseError) return []
      throw error
    }
  })
}

function outcomeOf({ checks }: Report.Report, name: Report.Name): Report.Outcome | undefined {
  return checks.find(({ check }) => check === name)?.outcome
}

/**
 * How the verifier itself calls an issuer that it knows, once it is sure of it; otherwise what the credential calls it,
 * with the DID, because anybody may call themselves anything.
 */
function issuerOf(
  report: Report.Report,
  { badge, issuer = objectIn(badge).issuer }: Json.Object,
  trust: Trust.Trust,
): Pick<View, 'issuer' | 'issuerId'> {
  const known = outcomeOf(report, 'issuer-bound') === 'passed' ? knownName(report.issuer, trust) : undefined
  if (known !== undefined) return { issuer: known, issuerId: undefined }
  const id = text(idOf(issuer) ?? report.issuer)
  const name = text(objectIn(issuer).name)
  return name === undefined ? { issuer: id, issuerId: undefined } : { issuer: name, issuerId: id }
}

function knownName(did: string | undefined, { issuers }: Trust.Trust): string | undefined {
  return issuers.find((issuer) => issuer.did === did)?.name
}

/** A name that stands in the credential to be read, or an e-mail address; a hash tells a reader nothing. */
function recipientName({ identifier }: Json.Object): string | undefined {
  const plain = (Json.isArray(identifier) ? identifier : [identifier])
    .filter(Json.isObject)
    .filter(({ hashed }) => hashed === false)
  const isOf = (type: string) => plain.find(({ identityType }) => identityType === type)
  return text((isOf('name') ?? isOf('emailAddress'))?.identityHash)
}

/** Pictures that a browser shows without running or fetching anything, so many characters at most. */
const picture = /^data:image\/(?:png|jpeg|webp|gif|svg\+xml)(?:;charset=utf-8)?;base64,[A-Za-z0-9+/=]+$/
const longestPicture = 2 * 1024 * 1024

function imageIn({ image }: Json.Object): string | undefined {
  const id = idOf(image)
  return id !== undefined && id.length <= longestPicture && picture.test(id) ? id : undefined
}

function moment(value: Json.Value | undefined): number | undefined {
  if (typeof value !== 'string') return undefined
  try {
    return DateTimeStamp.toMilliseconds(value)
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}

function text(value: Json.Value | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? printable(value) : undefined
}

function objectIn(value: Json.Value | undefined): Json.Object {
  return Json.isObject(value) ? value : {}
}
