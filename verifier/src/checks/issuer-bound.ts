import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import * as IssuerDirectory from '@laurel/core/IssuerDirectory'
import * as PublicKey from '@laurel/core/PublicKey'
import * as Standing from '@laurel/core/Standing'
import type { Anchor } from '../Anchor.ts'
import * as Jwt from '../Jwt.ts'
import * as Keys from '../Keys.ts'
import type { Readers } from '../Readers.ts'
import { failed, passed, type Result, unknown } from '../Report.ts'
import type { Subject } from '../Subject.ts'
import type * as Trust from '../Trust.ts'

type World = {
  readonly trust: Trust.Trust
  readonly readers: Pick<Readers, 'anchor' | 'did' | 'words'>
  /** In milliseconds since 1970. */
  readonly now: number
}

/**
 * Whether keys and account are the issuer's, and whether the verifier knows the issuer. That the keys are its own has
 * been checked by `signed` and `manifest`; here they are held against what the DID document says was stolen, the account
 * against those that the trust names, and all of them against the directory, where the trust names the issuer's entry in one.
 */
export async function issuerBound(subject: Subject, anchor: Anchor | undefined, world: World): Promise<Result> {
  const stolen = await revoked(subject, anchor, world)
  if (stolen !== undefined) return stolen
  const known = world.trust.issuers.find(({ did }) => did === subject.issuer)
  if (known === undefined)
    return unknown('ISSUER_UNRECOGNISED', 'Signed by its issuer, but this issuer is not known to you.')
  const account = anchor?.manifest?.account
  if (known.accounts !== undefined && account !== undefined && !known.accounts.includes(account))
    return failed('ACCOUNT_NOT_TRUSTED', `It was anchored by an account that is not one of ${known.name}.`)
  if (anchor !== undefined && account === undefined)
    return unknown('MANIFEST_UNAVAILABLE', 'Who anchored it cannot be told without the description of its batch.')
  if (known.directory !== undefined) return registered(subject, anchor, known.directory, known.name, world)
  return passed(
    'ISSUER_BOUND',
    `The issuer is ${known.name}. Nobody could be asked whether its keys have been reported as compromised.`,
  )
}

/** Whether the issuer's DID document says that one of the keys was stolen before it signed, by the time of the anchor. */
async function revoked(subject: Subject, anchor: Anchor | undefined, world: World): Promise<Result | undefined> {
  const { issuer, envelope } = subject
  const named = methodsOf(subject, anchor).map((method) => Keys.find(method, issuer, world.trust, world.readers))
  // Whoever has stolen a key need not call it by its name.
  const isUnnamed = envelope !== undefined && envelope.jws.header.kid === undefined
  const keys = await Promise.all(isUnnamed ? [...named, Jwt.keyOf(envelope, world)] : named)
  const times = keys.flatMap((key) => (key.kind === 'found' && key.revokedFrom !== undefined ? [key.revokedFrom] : []))
  if (times.length === 0) return undefined
  const time = await anchoringTime(anchor, world)
  if (time === 'unknown')
    return unknown('KEY_UNAVAILABLE', 'Its issuer has reported a key as stolen, from some time on.')
  return Math.min(...times) > (time === undefined ? world.now : time * 1000)
    ? undefined
    : failed('COMPROMISED', 'Its issuer has reported the key as stolen before that time.')
}

/** The verification methods by which the issuer has signed credential and batch. */
function methodsOf({ issuer, signatures, envelope }: Subject, anchor: Anchor | undefined): readonly string[] {
  const methods = signatures.map(({ verificationMethod }) => String(verificationMethod))
  if (anchor?.manifest !== undefined) methods.push(anchor.manifest.proof.verificationMethod)
  const kid = envelope?.jws.header.kid
  if (typeof kid === 'string') methods.push(kid.startsWith('#') ? issuer + kid : kid)
  return [...new Set(methods.filter((each) => each.split('#')[0] === issuer))]
}

/** An account or a key, with the slot in which a directory stores how it stands. */
type Speaker = { readonly what: 'account' | 'key'; readonly slot: Bytes.Hex }

/**
 * Whether the directory knows everybody who spoke, at the time of the anchor: `created` is only what somebody says. Without
 * an anchor it is judged as if signed now, so that a key that was retired or stolen does not count.
 */
async function registered(
  subject: Subject,
  anchor: Anchor | undefined,
  { chainId, address, issuerId }: Trust.DirectoryEntry,
  name: string,
  world: World,
): Promise<Result> {
  const { trust, readers, now } = world
  const chain = trust.chains.find((each) => each.chainId === chainId)
  if (chain === undefined || readers.words === undefined)
    return unknown('DIRECTORY_UNAVAILABLE', 'The directory that you name for its issuer cannot be asked.')
  const speakers = await speakersOf(subject, anchor, Bytes.fromHex(issuerId, 32), world)
  const time = await anchoringTime(anchor, world)
  if (speakers === undefined || time === 'unknown')
    return unknown('DIRECTORY_UNAVAILABLE', 'Who spoke for its issuer, or when, cannot be told.')
  const slots = speakers.map(({ slot }) => slot)
  const answer = await readers.words(chain, address, slots, time)
  if (answer.kind !== 'final' && answer.kind !== 'checkpoint')
    return unknown('DIRECTORY_UNAVAILABLE', `The directory on ${chain.name} cannot be asked at the moment.`)
  const moment = DateTimeStamp.fromSeconds(answer.asOf)
  // What the issuer has reported since a block that the trust names is as late as a status list that was kept back.
  const isOld = answer.kind === 'checkpoint' && now - answer.asOf * 1000 > trust.status.maximumAgeSeconds * 1000
  if (isOld || answer.asOf < (time ?? 0))
    return unknown('DIRECTORY_STALE', `What can be had of the directory on ${chain.name} is as of ${moment}, too old.`)
  for (const [i, { what }] of speakers.entries()) {
    const standing = read(answer.words[i])
    if (standing === 'invalid') return unknown('DIRECTORY_UNAVAILABLE', 'What is at the address is no directory.')
    const result = judge(standing, what, time ?? answer.asOf)
    if (result !== undefined) return result
  }
  return passed(
    'ISSUER_BOUND',
    `The issuer is ${name}, and its directory, as of ${moment}, knows who spoke for it then.`,
  )
}

function judge(standing: Standing.Standing | undefined, what: Speaker['what'], time: number): Result | undefined {
  if (Standing.spoke(standing, time)) return undefined
  if (standing === undefined)
    return what === 'account'
      ? failed('ACCOUNT_FOREIGN', 'It was anchored by an account that is not the issuer’s.')
      : unknown('KEY_UNREGISTERED', 'The directory does not know the key that signed it.')
  if (standing.compromised !== undefined && time >= standing.compromised.from)
    return failed('COMPROMISED', `Its issuer has reported the ${what} as stolen before that time.`)
  if (standing.retiredOn !== undefined && time > standing.retiredOn)
    return failed('RETIRED', `Its issuer had given up the ${what} before that time.`)
  return unknown('KEY_UNREGISTERED', `The directory knew the ${what} only after that time.`)
}

/** The account that anchored, and the keys that signed credential and batch. */
async function speakersOf(
  subject: Subject,
  anchor: Anchor | undefined,
  issuerId: Uint8Array,
  { trust, readers }: World,
): Promise<readonly Speaker[] | undefined> {
  const speakers: Speaker[] = []
  for (const method of methodsOf(subject, anchor)) {
    const key = await Keys.find(method, subject.issuer, trust, readers)
    const multikey = key.kind === 'found' ? PublicKey.toMultikey(key.publicKey) : undefined
    if (multikey === undefined) return undefined
    const slot = IssuerDirectory.keySlot(issuerId, IssuerDirectory.keyId(multikey))
    speakers.push({ what: 'key', slot: Bytes.toHex(slot) })
  }
  if (speakers.length === 0) return undefined
  if (anchor?.manifest === undefined) return speakers
  const { address } = Caip10.parse(anchor.manifest.account)
  return [...speakers, { what: 'account', slot: Bytes.toHex(IssuerDirectory.accountSlot(issuerId, address)) }]
}

/** In seconds since 1970; undefined without an anchor. */
async function anchoringTime(
  anchor: Anchor | undefined,
  { trust, readers }: World,
): Promise<number | undefined | 'unknown'> {
  if (anchor === undefined) return undefined
  const { chainId, address } = Caip10.parse(String(anchor.manifest?.account))
  const chain = trust.chains.find((each) => each.chainId === chainId)
  const answer = chain && (await readers.anchor(chain, address, Bytes.toHex(anchor.proof.root)))
  return answer?.kind === 'final' ? answer.time : 'unknown'
}

function read(word: Uint8Array | undefined): Standing.Standing | undefined | 'invalid' {
  if (word === undefined) return 'invalid'
  try {
    return Standing.fromWord(word)
  } catch (error) {
    if (error instanceof Errors.BaseError) return 'invalid'
    throw error
  }
}
