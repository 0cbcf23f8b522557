import type * as Baked from '@laurel/core/Baked'
import * as BakedPng from '@laurel/core/BakedPng'
import * as BakedSvg from '@laurel/core/BakedSvg'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Jws from '@laurel/core/Jws'
import * as KeepsakeFormat from '@laurel/core/Keepsake'
import * as Anchor from './Anchor.ts'
import * as Certificate from './blockcerts/Certificate.ts'
import * as Blockcerts from './blockcerts/examine.ts'
import { anchored } from './checks/anchored.ts'
import { annexes } from './checks/annexes.ts'
import { conforms } from './checks/conforms.ts'
import { included } from './checks/included.ts'
import { issuerBound } from './checks/issuer-bound.ts'
import { manifest } from './checks/manifest.ts'
import { type Person, recipient as recipientOf } from './checks/recipient.ts'
import type { Schemas } from './checks/schemas.ts'
import { signed } from './checks/signed.ts'
import { status } from './checks/status.ts'
import { validPeriod } from './checks/valid-period.ts'
import { withoutAnchor } from './checks/without-anchor.ts'
import * as Endorsements from './Endorsements.ts'
import * as Federation from './Federation.ts'
import * as Keepsake from './inputs/Keepsake.ts'
import * as Pdf from './inputs/Pdf.ts'
import * as Jwt from './Jwt.ts'
import * as Assertion from './openbadges2/Assertion.ts'
import * as OpenBadges2 from './openbadges2/examine.ts'
import { nobody, type Readers } from './Readers.ts'
import * as Refresh from './Refresh.ts'
import * as Report from './Report.ts'
import * as Subject from './Subject.ts'
import type * as Trust from './Trust.ts'

export type Options = {
  readonly trust: Trust.Trust
  readonly readers: Readers
  /** In milliseconds since 1970. */
  readonly now: number
  /**
   * For which moment it is asked, in milliseconds since 1970: whether it was anchored and in its period by then, and how its
   * status stood, by what the issuer has recorded on a chain. Absent: for now.
   */
  readonly at?: number
  /** The schemas that the verifier has, by their addresses: credentials may be said to obey them. */
  readonly schemas?: Schemas
  /** Of whom to tell whether the credential is theirs. */
  readonly recipient?: Person
}

/**
 * Gathers the evidence on a document: every check is made, or it is said why not. Nothing is decided here; see
 * `Policy.decide`.
 *
 * Total for any input: whatever is wrong with the document stands in the report. Nothing that the document names is
 * fetched before its signature has been checked, except the DID document of its issuer, without which it cannot be; of
 * a badge of Open Badges 2.0, what is at its own origin.
 *
 * @param input the bytes of a file of JSON, of a JWT, of a keepsake or of a baked PNG or SVG image; or JSON, or a JWT, as
 *   text
 * @throws {TypeError} when it is asked for a moment that is still to come
 */
export async function verify(input: Uint8Array | string, options: Options): Promise<Report.Report> {
  return verifyRead(read(input), options)
}

/** The same for what has been read already: a document, or what is wrong with the file that should have held one. */
export async function verifyRead(opened: Document | Report.Result, options: Options): Promise<Report.Report> {
  if (options.at !== undefined && !(options.at <= options.now)) throw new TypeError('Nobody knows the future')
  if ('outcome' in opened) return report({ conforms: opened })
  if (opened.badge !== undefined) return OpenBadges2.examine(opened.badge, options)
  if (opened.envelope === undefined && Certificate.versionOf(opened.value) !== undefined)
    return Blockcerts.examine(opened.value, options)
  if (opened.envelope !== undefined || !KeepsakeFormat.isKeepsake(opened.value)) return whole(opened, options)
  const keepsake = Keepsake.open(opened.value, options.readers)
  if ('outcome' in keepsake) return report({ conforms: keepsake })
  return keepsake.annotate(await whole({ value: keepsake.document }, { ...options, readers: keepsake.readers }))
}

/** The report on a document that has been read, and on what endorses it. */
async function whole(document: Document, options: Options): Promise<Report.Report> {
  const own = await examine(document, options)
  if (!isSigned(own)) return own
  const endorsements = await endorsementsOf(document.value, options)
  return { ...own, ...endorsements, ...(await refreshOf(document.value, options)) }
}

/**
 * Asks the refresh service of a credential, once and only after its signature has passed, for the newest version. Nothing is
 * asked about what comes back unless it is a version of this one; what comes back is not refreshed again.
 */
async function refreshOf(credential: Json.Object, options: Options): Promise<Pick<Report.Report, 'refresh'>> {
  const { refreshed, ...readers } = options.readers
  if (refreshed === undefined || credential.refreshService === undefined) return {}
  const address = Refresh.addressOf(credential)
  if (address === undefined)
    return {
      refresh: Report.unknown('REFRESH_UNSUPPORTED', 'Its refresh service is of a kind that is not asked here.'),
    }
  const bytes = await refreshed(address)
  if (bytes === undefined)
    return { refresh: Report.unknown('REFRESH_UNAVAILABLE', 'Its refresh service cannot be asked at the moment.') }
  const opened = read(bytes)
  if ('outcome' in opened || Refresh.compare(credential, opened.value) === 'other')
    return { refresh: Report.unknown('REFRESH_OTHER', 'What its refresh service gives out is no version of it.') }
  if (Refresh.compare(credential, opened.value) === 'not newer')
    return { refresh: Report.passed('REFRESH_CURRENT', 'Its issuer has no newer version of it.') }
  const report = await examine(opened, { ...options, readers })
  const refresh = isSigned(report)
    ? Report.failed('REFRESH_NEWER', 'Its issuer has a newer version of it.')
    : Report.unknown('REFRESH_INVALID', 'What its refresh service gives out is not signed by its issuer.')
  return { refresh: { ...refresh, report } }
}

async function examine({ value, envelope }: Document, options: Options): Promise<Report.Report> {
  const form = conforms(value)
  if (form.outcome !== 'passed') return report({ conforms: form })
  const mismatch = envelope === undefined ? undefined : Jwt.agrees(envelope, options.now)
  if (mismatch !== undefined) return report({ conforms: mismatch })
  const subject = Subject.read(value, envelope)
  const signature = await signed(subject, options)
  const first = { conforms: form, signed: signature }
  if (signature.outcome !== 'passed') return report(first, subject)
  const remark = await annexes(subject, options.readers, options.schemas)
  const forms = remark === undefined ? first : { ...first, conforms: remark }
  const trust = await Federation.extend(options.trust, subject.issuer, options.readers, options.now)
  return report({ ...forms, ...(await judge(subject, { ...options, trust })) }, subject)
}

/**
 * An endorsement is a credential of its own, with a report of its own; those that stand in it are not asked about. Of an
 * endorser whom the verifier does not know nothing is fetched: an issuer could name one to hear who reads a credential.
 */
async function endorsementsOf(
  credential: Json.Object,
  { recipient: _, ...options }: Options,
): Promise<Pick<Report.Report, 'endorsements'>> {
  const endorsements: Report.Report[] = []
  for (const { document, about } of Endorsements.of(credential)) {
    const isKnown = options.trust.issuers.some(({ did }) => did === Subject.idOf(document.issuer))
    const world = isKnown ? options : { ...options, readers: nobody }
    const isAbout = Endorsements.isAbout(document, about)
    const wrong = Report.failed('ENDORSEMENT_SUBJECT', 'It endorses something else than what it stands at.')
    endorsements.push(isAbout ? await examine({ value: document }, world) : report({ conforms: wrong }))
  }
  return endorsements.length === 0 ? {} : { endorsements }
}

function isSigned({ checks }: Report.Report): boolean {
  return checks.some(({ check, outcome }) => check === 'signed' && outcome === 'passed')
}

/** The checks that come after the signature. */
async function judge(
  subject: Subject.Subject,
  { trust, readers, now, at, recipient: person }: Options,
): Promise<Report.Results> {
  const period = validPeriod(subject, at ?? now)
  const recipient = recipientOf(subject, person)
  if (subject.anchors.length === 0) {
    const missing = withoutAnchor(subject.issuer, trust)
    return {
      included: missing,
      anchored: missing,
      manifest: missing,
      'issuer-bound': await issuerBound(subject, undefined, { trust, readers, now }),
      status: await status(subject, undefined, trust, readers, now, at),
      'valid-period': period,
      recipient,
    }
  }
  const anchors: { readonly anchor: Anchor.Anchor; readonly inclusion: Report.Result }[] = []
  for (const proof of subject.anchors) {
    const anchor = await Anchor.read(proof, readers)
    if (Anchor.isResult(anchor)) return { included: anchor, 'valid-period': period, recipient }
    const inclusion = await included(subject, anchor)
    if (inclusion.outcome === 'failed') return { included: inclusion, 'valid-period': period, recipient }
    anchors.push({ anchor, inclusion })
  }
  // Of several anchors, each of which includes it, the first on a trusted chain is judged.
  const isTrusted = ({ proof }: Anchor.Anchor) => trust.chains.some(({ chainId }) => chainId === proof.anchor.chainId)
  const judged = anchors.find(({ anchor }) => isTrusted(anchor)) ?? anchors[0]
  if (judged === undefined) throw new TypeError('A document with a merkle proof has an anchor')
  const { anchor, inclusion } = judged
  const description = await manifest(subject, anchor, trust, readers)
  // Anybody may hang a description of their own on somebody's credential: no address in it is asked before it is judged.
  const believed = description.outcome === 'passed' ? anchor : undefined
  return {
    included: inclusion,
    anchored: await anchored(anchor, trust, readers, at),
    manifest: description,
    'issuer-bound': await issuerBound(subject, anchor, { trust, readers, now }),
    status: await status(subject, believed, trust, readers, now, at),
    'valid-period': period,
    recipient,
  }
}

type Document = {
  readonly value: Json.Object
  readonly envelope?: Jwt.Envelope
  /** Where it is of Open Badges 2.0. */
  readonly badge?: OpenBadges2.Found
}

/** The document in a file, whatever holds it; or what is wrong with it. */
export function read(input: Uint8Array | string): Document | Report.Result {
  try {
    const baked = typeof input === 'string' ? undefined : unbake(input)
    const json = baked?.text ?? input
    // Only in an image: whoever brings an address can ask it themselves.
    if (baked?.standard === 'Open Badges 2.0' && address.test(baked.text)) return reference(baked.text.trim())
    const beginning = (
      typeof json === 'string' ? json.slice(0, 64) : new TextDecoder().decode(json.subarray(0, 64))
    ).trimStart()
    // The base64url of {" begins every compact JWS.
    if (beginning.startsWith('eyJ')) return readToken(json)
    if (!beginning.startsWith('{'))
      return Report.failed('FILE_TYPE', 'It is no credential: neither JSON nor an image or a PDF with a badge in it.')
    const value = Json.parseObject(json)
    // A certificate of Blockcerts is an assertion as well, and more than that.
    if (Certificate.versionOf(value) !== undefined) return { value }
    if (Assertion.isAssertion(value)) return { value, badge: { assertion: value } }
    if (Assertion.isOlder(value))
      return Report.unknown('VERSION_UNSUPPORTED', 'It is of an older version of Open Badges, which is not read here.')
    return { value }
  } catch (error) {
    if (error instanceof Errors.BaseError) return Report.failed(error.code, error.message)
    throw error
  }
}

function reference(id: string): Document {
  return { value: { id }, badge: { address: id } }
}

const address = /^\s*https?:\/\/\S+\s*$/

function readToken(input: Uint8Array | string): Document | Report.Result {
  // No token has anything but letters of ASCII, and whatever else stands here is refused as such.
  const text = (typeof input === 'string' ? input : new TextDecoder('latin1').decode(input)).trim()
  const jws = Jws.parse(text)
  if (Assertion.isAssertion(jws.payload)) return { value: jws.payload, badge: { assertion: jws.payload, jws } }
  const envelope = Jwt.read(text)
  return 'outcome' in envelope ? envelope : { value: envelope.document, envelope }
}

function unbake(file: Uint8Array): Baked.Content | undefined {
  if (BakedPng.isPng(file)) return BakedPng.extract(file)
  if (Pdf.isPdf(file)) return Pdf.extract(file)
  return BakedSvg.isXml(file) ? BakedSvg.extract(file) : undefined
}

function report(results: Report.Results, subject?: Subject.Subject): Report.Report {
  const checks = Report.complete(results)
  if (subject === undefined) return { checks }
  const { id, credentialSubject } = subject.document
  const achievement = Json.isObject(credentialSubject) ? credentialSubject.achievement : undefined
  const name = Json.isObject(achievement) ? achievement.name : undefined
  return {
    ...(typeof id === 'string' ? { credentialId: id } : {}),
    issuer: subject.issuer,
    ...(typeof name === 'string' ? { achievement: name } : {}),
    checks,
  }
}
