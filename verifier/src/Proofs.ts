import * as Contexts from '@laurel/core/Contexts'
import * as Cryptosuite from '@laurel/core/Cryptosuite'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import type * as UnsecuredDocument from '@laurel/core/UnsecuredDocument'
import * as Keys from './Keys.ts'
import * as Memory from './Memory.ts'
import { nobody, type Readers } from './Readers.ts'
import { failed, passed, type Result, unknown } from './Report.ts'
import type * as Trust from './Trust.ts'

/** A document with the proofs that somebody signed, and the one who has to be among those. */
export type Signed = {
  readonly document: Json.Object
  /** The DID of the credential's issuer; of the holder where it is a presentation. */
  readonly issuer: string
  readonly signatures: readonly Json.Object[]
  readonly unsecured: () => UnsecuredDocument.UnsecuredDocument
}

/** What a verifier goes by when it looks at proofs. */
export type World = {
  readonly trust: Trust.Trust
  readonly readers: Pick<Readers, 'did'>
  /** In milliseconds since 1970. */
  readonly now: number
}

/** More than anybody needs, and so few that their keys are fetched and their digests made at once. */
const maximumProofs = 16

/**
 * Whether a document's issuer signed it, and whether every other proof that it carries is good as well (Data Integrity 1.0
 * §4.5, proof sets and proof chains). Each proof counts: one that does not hold, or is not understood, may be what the
 * document was changed by, though another of them holds.
 *
 * Keys of others than the issuer are asked for only when the issuer's proofs have passed, and only of those whom the verifier
 * knows: anybody may hang a proof of their own on a document, to hear who reads it.
 */
export async function judge(signed: Signed, world: World, role: Keys.Role = 'issuer'): Promise<Result> {
  const { issuer, signatures } = signed
  if (signatures.length === 0) return failed('PROOF_MISSING', 'It carries no signature.')
  if (signatures.length > maximumProofs)
    return unknown('PROOF_SEVERAL', 'It carries more signatures than are judged here.')
  const links: Link[] = []
  const results: Result[] = []
  for (const proof of signatures) {
    const link = read(signed, proof, world.now, role)
    if ('outcome' in link) results.push(link)
    else links.push(link)
  }
  const own = links.filter(({ controller }) => controller === issuer)
  const foreign = links.filter(({ controller }) => controller !== issuer)
  if (own.length === 0 && results.length === 0) return Keys.problem({ kind: 'foreign' }, role)
  for (const link of own) results.push(await check(link, world))
  if (isGood(results))
    for (const link of foreign)
      results.push(await check(link, isKnown(link, world) ? world : { ...world, readers: nobody }))
  return (
    results.find(({ outcome }) => outcome === 'failed') ??
    results.find(({ outcome }) => outcome !== 'passed') ??
    signedBy(role)
  )
}

/** What is said of a document that carries the signature that it has to, and no other. */
export function signedBy(role: Keys.Role): Result {
  return passed('SIGNED', `The ${role} signed it, and nothing was changed since.`)
}

/** What is said of one whose signature does not hold. */
export function brokenBy(role: Keys.Role): Result {
  return failed('PROOF_INVALID', `It was changed after it was signed, or the signature is not the ${role}’s.`)
}

function isKnown({ controller }: Link, { trust }: World): boolean {
  return trust.issuers.some(({ did }) => did === controller)
}

function isGood(results: readonly Result[]): boolean {
  return results.every(({ outcome }) => outcome === 'passed')
}

/** One proof that can be judged, with what it secures. */
type Link = {
  readonly role: Keys.Role
  readonly proof: Json.Object
  readonly suite: Cryptosuite.Cryptosuite
  readonly secured: Cryptosuite.Secured
  readonly verificationMethod: string
  readonly controller: string
}

function read(
  { document, signatures, unsecured }: Signed,
  proof: Json.Object,
  now: number,
  role: Keys.Role,
): Link | Result {
  const suite = Cryptosuite.of(proof)
  if (suite === undefined)
    return unknown('PROOF_UNSUPPORTED', 'It is signed in a way that this verifier does not know.')
  if (Cryptosuite.isBase(proof))
    return unknown('PROOF_BASE', 'It is its holder’s own copy, out of which what is to be shown has still to be made.')
  const { proofPurpose, verificationMethod, expires, previousProof = [] } = proof
  if (proofPurpose !== Keys.purposes[role] || typeof verificationMethod !== 'string')
    return failed('PROOF_OPTIONS', 'Its signature was made for another purpose than it has here.')
  if (typeof expires === 'string' && now > DateTimeStamp.toMilliseconds(expires))
    return failed('PROOF_EXPIRED', `Its signature was good until ${expires}.`)
  const previous: Json.Object[] = []
  for (const id of Json.isArray(previousProof) ? previousProof : [previousProof]) {
    const named = signatures.filter((other) => other.id === id)
    const [first] = named
    if (first === undefined || named.length > 1 || first === proof)
      return failed('PROOF_PREVIOUS', 'A signature names another one before it that the document does not have.')
    previous.push(first)
  }
  const [controller = ''] = verificationMethod.split('#')
  return { role, proof, suite, secured: { document, previous, unsecured }, verificationMethod, controller }
}

async function check(link: Link, { trust, readers }: World): Promise<Result> {
  const { role, suite, verificationMethod, controller } = link
  const key = await Keys.find(verificationMethod, controller, trust, readers, role)
  if (key.kind !== 'found') return Keys.problem(key, role)
  if (!suite.keys.includes(key.publicKey.kind))
    return failed('PROOF_INVALID', 'The key that is named is of a kind with which this signature cannot be made.')
  return verify(link, key.publicKey)
}

function verify(link: Link, publicKey: Keys.PublicKey): Result {
  try {
    return isValid(link.proof, publicKey, link) ? signedBy(link.role) : brokenBy(link.role)
  } catch (error) {
    // What cannot be brought into canonical form was not signed in it; a damaged copy of a context is our own fault.
    if (error instanceof Contexts.DigestError) return unknown(error.code, error.message)
    if (error instanceof Errors.BaseError) return failed(error.code, error.message)
    throw error
  }
}

// A whole batch has the same status list, and a proof object belongs to one document.
const isValid = Memory.onceForKey((proof: Json.Object, publicKey, { suite, secured }: Link) =>
  suite.verify(secured, proof, publicKey),
)
