import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Bytes from '@laurel/core/Bytes'
import * as Jcs from '@laurel/core/Jcs'
import * as Json from '@laurel/core/Json'
import { Policy, type Trust, verify, verifyPresentation } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import * as Badges from '../support/Badges.ts'
import * as Golden from '../support/Golden.ts'
import * as Presentations from '../support/Presentations.ts'
import * as Verifier from '../support/Verifier.ts'
import * as Blockcerts from './blockcerts/Issuer.ts'
import * as Mutants from './Mutants.ts'
import * as OpenBadges2 from './openbadges2/Issuer.ts'

const kinds = {
  'every node removed': Mutants.removals,
  'every node of another type': Mutants.retypings,
  'every node twice': Mutants.duplications,
  'every member renamed or moved below a keyword': Mutants.renamings,
  'something added everywhere': Mutants.additions,
  'members of the same name exchanged': Mutants.swaps,
} as const

/** Of what has next to nothing of the same name. */
const { 'members of the same name exchanged': _, ...wholly } = kinds

/** What is said of one document and what was made of it. */
type Subject = {
  readonly document: Json.Object
  readonly bytes: Uint8Array
  /** The bytes or the text of what is written down as JSON, where that is something else. */
  readonly write?: (text: string) => string
  readonly decide: (document: Uint8Array | string) => Promise<Pick<Policy.Decision, 'verdict'>>
  /** Whether a text still says the same. */
  readonly isHarmless: (text: string) => boolean
}

/** No presentation may be changed, nor be put under the signature of another. */
export function shouldNotBeAcceptedOfHolders(formats: readonly Badges.Format[], flips: number): void {
  for (const format of formats)
    shouldNotChange(`a presentation with ${format}`, flips, async () => {
      const { presentation, trust } = await Presentations.signed(format)
      return ofDocument(presentation, decidePresentation(trust), withHolder)
    })
  for (const [name, make] of [
    ['vp+jwt with ES256', Presentations.token],
    ['vp-jwt with EdDSA', Presentations.tokenV1],
  ] as const)
    shouldNotChange(
      `a presentation as ${name}`,
      flips,
      async () => {
        const { presentation, trust } = await make()
        return ofToken(presentation, decidePresentation(trust))
      },
      wholly,
    )
}

/** A holder may be named by an id alone, or by an object that has only that (VC Data Model 2.0 §4.13). */
function withHolder(presentation: Json.Object): Json.Object {
  const { holder = null } = presentation
  const isNamed = Json.isObject(holder) && Object.keys(holder).join() === 'id'
  return { ...presentation, holder: isNamed ? (holder.id ?? null) : holder }
}

function decidePresentation(trust: Trust): Subject['decide'] {
  const options = { trust, readers: nobody, now: Badges.now, ...Presentations.asked }
  return async (changed) => Policy.decidePresentation(await verifyPresentation(changed, options))
}

function decideCredential(trust: Trust): Subject['decide'] {
  const options = { trust, readers: nobody, now: Badges.now }
  return async (changed) => Policy.decide(await verify(changed, options))
}

/** No document by others, in whatever way it is signed, and no token may be changed either. */
export function shouldNotBeAcceptedOfOthers(flips: number): void {
  for (const format of Object.keys(Badges.formats) as readonly Badges.Format[])
    shouldNotBeAcceptedAsDocument(format, () => Badges.trusted(format), flips)
  shouldNotBeAcceptedAsDocument('ecdsa-sd-2023, derived', Badges.derived, flips)
  for (const format of Badges.formatsV1)
    shouldNotBeAcceptedAsDocument(`version 1 with ${format}`, () => Badges.trustedV1(format), flips)
  shouldNotBeAcceptedAsToken('vc-jwt with EdDSA', Badges.tokenV1, flips)
  for (const [form, alg] of Badges.tokens)
    shouldNotBeAcceptedAsToken(`${form} with ${alg}`, () => Badges.token(form, alg), flips)
}

/**
 * A document may not be changed: P22. A value may stand for a list that has it alone, and the members in another order:
 * JSON-LD reads them alike, and so does whoever reads the report.
 *
 * @param make makes the document, and a trust in its issuer
 */
function shouldNotBeAcceptedAsDocument(
  name: string,
  make: () => Promise<{ readonly document: Json.Object; readonly trust: Trust }>,
  flips: number,
): void {
  shouldNotChange(name, flips, async () => {
    const { document, trust } = await make()
    return ofDocument(document, decideCredential(trust))
  })
}

function ofDocument(
  document: Json.Object,
  decide: Subject['decide'],
  normal = (document: Json.Object) => document,
): Subject {
  const same = Jcs.text(unwrapped(normal(document)))
  return {
    document,
    bytes: Bytes.fromUtf8(JSON.stringify(document)),
    decide,
    isHarmless: (changed) => Jcs.text(unwrapped(normal(Json.parseObject(changed)))) === same,
  }
}

/** No token may be changed, nor a header or payload be put under the signature of another. */
function shouldNotBeAcceptedAsToken(
  name: string,
  make: () => Promise<{ readonly token: string; readonly trust: Trust }>,
  flips: number,
): void {
  shouldNotChange(name, flips, async () => {
    const { token, trust } = await make()
    return ofToken(token, decideCredential(trust))
  })
}

/** No signed badge of Open Badges 2.0 and no certificate of Blockcerts may be changed either. */
export function shouldNotBeAcceptedOfOtherStandards(flips: number): void {
  shouldNotChange('Open Badges 2.0, signed', flips, async () => {
    const { badge, profile: issuer, signedAssertion } = OpenBadges2
    const evidence = ['1', '2'].map((name) => ({ id: `urn:x:${name}`, name, description: `Evidence ${name}` }))
    const token = OpenBadges2.token({ ...signedAssertion, evidence, badge: { ...badge, issuer } })
    return ofToken(token, async (changed) => Policy.decide((await OpenBadges2.judge(changed)).report))
  })
  const { third } = Blockcerts
  const described = {
    name: 'A school',
    email: 'certs@school.example.org',
    url: 'https://school.example.org',
    image: 'urn:x:1',
  }
  const detailed = {
    ...third,
    ...{ description: 'Builds robots.', image: 'urn:x:2', issuer: { id: Blockcerts.issuerId, ...described } },
    credentialSubject: { ...(third.credentialSubject as Json.Object), name: 'Ana', url: 'urn:x:3', image: 'urn:x:4' },
  }
  const certificates = {
    2: [Blockcerts.second, Blockcerts.issueSecond],
    3: [detailed, Blockcerts.issueThird],
  } as const
  for (const [version, [plain, issue]] of Object.entries(certificates))
    shouldNotChange(`Blockcerts ${version}`, flips, async () => {
      const document = await issue(plain)
      const { root } = await Blockcerts.batchOf(plain)
      const transaction = Blockcerts.sent(root)
      // Of its proof nothing is shown to anybody: it leads from the rest to a transaction, or it does not.
      const same = Jcs.text(named(withoutProof(document)))
      return {
        document,
        bytes: Bytes.fromUtf8(JSON.stringify(document)),
        decide: async (changed) => Policy.decide((await Blockcerts.judge(changed, { transaction })).report),
        isHarmless: (changed) => Jcs.text(named(withoutProof(Json.parseObject(changed)))) === same,
      }
    })
}

function withoutProof({ signature: _, proof: __, ...rest }: Json.Object): Json.Object {
  return rest
}

/** An object that has nothing but an id says no more than the id, where JSON-LD has one. */
function named(value: Json.Value): Json.Value {
  if (Json.isArray(value)) return value.length === 1 ? named(value[0] as Json.Value) : value.map(named)
  if (!Json.isObject(value)) return value
  const [only, ...more] = Object.entries(value)
  if (only?.[0] === 'id' && more.length === 0) return only[1]
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, named(item)]))
}

function ofToken(token: string, decide: Subject['decide']): Subject {
  const [header, payload, signature] = token.split('.')
  const read = (part: string | undefined) => JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
  const encode = (part: Json.Value = null) => Buffer.from(JSON.stringify(part)).toString('base64url')
  return {
    document: { header: read(header), payload: read(payload) },
    bytes: Bytes.fromUtf8(token),
    write: (text) => {
      const parts = JSON.parse(text) as Json.Object
      return `${encode(parts.header)}.${encode(parts.payload)}.${signature}`
    },
    decide,
    isHarmless: (changed) => changed.trim() === token,
  }
}

function unwrapped(value: Json.Value): Json.Value {
  if (Json.isArray(value)) return value.length === 1 ? unwrapped(value[0] as Json.Value) : value.map(unwrapped)
  if (!Json.isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, unwrapped(item)]))
}

/**
 * Nothing of a document may be changed: P22. The only things that no check covers are the transaction hash in the second
 * proof (DESIGN §2.2), a hint, and the spaces between the JSON's tokens.
 *
 * @param flips how many places are drawn for flipping a bit; every bit of a byte is as likely
 */
export function shouldNotBeAccepted(names: readonly string[], flips: number): void {
  let verifier: Verifier.Verifier
  before(async () => {
    verifier = await Verifier.start()
  })
  after(() => verifier.stop())

  for (const name of names) {
    const document = Golden.read(name)
    shouldNotChange(name, flips, async () => ({
      document,
      bytes: Verifier.bytes(name),
      decide: verifier.decide,
      isHarmless: (text) => isHarmless(text, document),
    }))

    it(`${name} is accepted with another transaction hash, which is a hint only`, async () => {
      const [signature, anchor] = document.proof as readonly [Json.Object, Json.Object]
      const { anchor: place, ...rest } = AnchorProof.parse(anchor)
      const other = AnchorProof.create({ ...rest, anchor: { ...place, transactionHash: `0x${'12'.repeat(32)}` } })
      const text = JSON.stringify({ ...document, proof: [signature, other] })
      expect((await verifier.decide(text)).verdict).to.equal('accepted')
      expect(isHarmless(text, document)).to.equal(true)
    })
  }
}

function shouldNotChange(
  name: string,
  flips: number,
  make: () => Promise<Subject>,
  ways: Partial<typeof kinds> = kinds,
): void {
  describe(name, () => {
    let subject: Subject
    before(async () => {
      subject = await make()
    })
    const isAccepted = async (changed: Uint8Array | string) => {
      if ((await subject.decide(changed)).verdict !== 'accepted') return false
      return !subject.isHarmless(typeof changed === 'string' ? changed : new TextDecoder().decode(changed))
    }

    it('is accepted unchanged', async () => {
      const { document, write = String } = subject
      expect((await subject.decide(write(JSON.stringify(document)))).verdict).to.equal('accepted')
    })

    for (const [title, mutate] of Object.entries(ways))
      it(`is never accepted with ${title}`, async () => {
        const found: string[] = []
        let count = 0
        const { document, write = String } = subject
        for (const { how, text } of mutate(document)) {
          count++
          if (await isAccepted(write(text))) found.push(how)
        }
        expect(count).to.be.greaterThan(10)
        expect(found).to.deep.equal([])
      })

    it(`is never accepted with one of ${flips} bits flipped`, async () => {
      const { bytes } = subject
      const random = generator(0x1a0e1)
      const found: string[] = []
      for (let i = 0; i < flips; i++) {
        const place = Math.floor(random() * bytes.length)
        const bit = Math.floor(random() * 8)
        const changed = bytes.slice()
        changed[place] = (bytes[place] ?? 0) ^ (1 << bit)
        if (await isAccepted(changed)) found.push(`byte ${place}, bit ${bit}`)
      }
      expect(found).to.deep.equal([])
    })
  })
}

/** Whether a text says the same as the document, but for the transaction hash. */
function isHarmless(text: string, document: Json.Object): boolean {
  return JSON.stringify(withoutHint(Json.parseObject(text))) === JSON.stringify(withoutHint(document))
}

function withoutHint(document: Json.Object): Json.Object {
  const proof = (document.proof as readonly Json.Object[]).map((each) => {
    if (!AnchorProof.isAnchorProof(each)) return each
    const parsed = AnchorProof.parse(each)
    const anchor = { ...parsed.anchor, transactionHash: `0x${'00'.repeat(32)}` as const }
    return { ...each, proofValue: AnchorProof.encode({ ...parsed, anchor }) }
  })
  return { ...document, proof }
}

/** Mulberry32: the same numbers in every run. */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
