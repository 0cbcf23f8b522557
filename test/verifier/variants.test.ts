import * as AnchorProof from '@laurel/core/AnchorProof'
import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as Commitment from '@laurel/core/Commitment'
import * as DataIntegrity from '@laurel/core/DataIntegrity'
import * as DidKey from '@laurel/core/DidKey'
import * as Ed25519 from '@laurel/core/Ed25519'
import * as InclusionProof from '@laurel/core/InclusionProof'
import type * as Json from '@laurel/core/Json'
import * as Manifest from '@laurel/core/Manifest'
import * as Multibase from '@laurel/core/Multibase'
import { Policy, type Readers, type Trust, verify } from '@laurel/verifier'
import { expect } from 'chai'
import * as Golden from '../support/Golden.ts'
import * as Verifier from '../support/Verifier.ts'

type Credential = Json.Object & { readonly proof: readonly [Json.Object, Json.Object] }

const credential = (name: string) => Golden.read(name) as Credential
const original = credential('A-3-1.json')
const [signature, anchor] = original.proof
const content = AnchorProof.parse(anchor)
const manifest = Manifest.parse(Verifier.bytes('A-3-manifest.json'))
const hash = (fill: number) => new Uint8Array(32).fill(fill)

describe('A forged or damaged credential', function () {
  this.timeout(60_000)
  let verifier: Verifier.Verifier
  before(async () => {
    verifier = await Verifier.start()
  })
  after(() => verifier.stop())

  type Change = { readonly trust?: Partial<Trust>; readonly readers?: Partial<Readers>; readonly now?: number }
  const decide = async (document: Json.Object | string, { trust, readers, now }: Change = {}) => {
    const options = {
      trust: { ...verifier.trust, ...trust },
      readers: { ...verifier.readers, ...readers },
      now: now ?? Verifier.now,
    }
    const report = await verify(typeof document === 'string' ? document : JSON.stringify(document), options)
    const { verdict, check, code } = Policy.decide(report)
    return [verdict, check, code].join(' ')
  }
  const withProof = (...proof: readonly Json.Value[]): Json.Object => ({ ...original, proof })
  const withAnchor = (change: Partial<AnchorProof.Content & AnchorProof.Options>) =>
    withProof(signature, AnchorProof.create({ ...content, ...change }))
  const withMember = (change: Json.Object) => withProof(signature, { ...anchor, ...change })

  describe('its proofs', () => {
    const { path } = content
    const last = path.length - 1
    const other = credential('A-3-0.json').proof
    const cases: Readonly<Record<string, readonly [() => Json.Object, string]>> = {
      'in the other order': [() => withProof(anchor, signature), 'rejected conforms PROOF_ORDER'],
      'without the signature': [() => withProof(anchor), 'rejected conforms PROOF_ORDER'],
      'without the anchor': [() => withProof(signature), 'unknown included ANCHOR_MISSING'],
      'without any': [() => withProof(), 'rejected conforms SHAPE_CARDINALITY'],
      'with the signature twice': [() => withProof(signature, signature, anchor), 'rejected conforms SHAPE_REPEATED'],
      'with a second signature': [
        () => withProof(signature, { ...signature, id: 'urn:uuid:6d1e1f5c-0000-4000-8000-000000000000' }, anchor),
        'rejected conforms PROOF_ORDER',
      ],
      'with the anchor of another credential': [
        () => withProof(signature, other[1]),
        'rejected included PROOF_PREVIOUS',
      ],
      'with the anchor of another credential, renamed': [
        () => withProof(signature, { ...other[1], previousProof: content.previousProof }),
        'rejected included MERKLE_INVALID',
      ],
      'with the signature of another credential': [() => withProof(other[0], anchor), 'rejected signed PROOF_INVALID'],
      'with another signature by the same key': [
        () => withProof({ ...signature, proofValue: other[0].proofValue ?? '' }, anchor),
        'rejected signed PROOF_INVALID',
      ],
      'signed at another time': [
        () => withProof({ ...signature, created: '2026-03-02T09:00:01Z' }, anchor),
        'rejected signed PROOF_INVALID',
      ],
      'signed for another purpose': [
        () => withProof({ ...signature, proofPurpose: 'authentication' }, anchor),
        'rejected signed PROOF_OPTIONS',
      ],
      'signed with a key that is not the issuer’s': [
        () =>
          withProof(
            { ...signature, verificationMethod: DidKey.verificationMethod(DidKey.fromPublicKey(hash(1))) },
            anchor,
          ),
        'rejected signed KEY_FOREIGN',
      ],
      'with an expiry added': [
        () => withProof({ ...signature, expires: '2099-01-01T00:00:00Z' }, anchor),
        'rejected signed PROOF_INVALID',
      ],
      'anchored at another time': [
        () => withMember({ created: '2026-03-02T10:00:01Z' }),
        'rejected manifest PROOF_OPTIONS',
      ],
      'anchored for another purpose': [
        () => withMember({ proofPurpose: 'authentication' }),
        'rejected included PROOF_OPTIONS',
      ],
      'anchored by another account': [
        () =>
          withMember({
            verificationMethod: 'did:pkh:eip155:31337:0x70997970c51812dc3a010c7d01b50e0d17dc79c8#blockchainAccountId',
          }),
        'rejected manifest PROOF_OPTIONS',
      ],
      'with an id at the anchor': [() => withMember({ id: 'urn:x:y' }), 'rejected included PROOF_OPTIONS'],
      'with a domain at the anchor': [() => withMember({ domain: 'x' }), 'rejected included PROOF_OPTIONS'],
      'with a list of previous proofs': [
        () => withMember({ previousProof: [content.previousProof] }),
        'rejected conforms SHAPE_CARDINALITY',
      ],
      'on another network': [
        () => withAnchor({ anchor: { ...content.anchor, chainId: 1 } }),
        'rejected manifest CHAIN_MISMATCH',
      ],
      'with another root': [() => withAnchor({ root: hash(7) }), 'rejected included MERKLE_INVALID'],
      'with another digest': [() => withAnchor({ documentDigest: hash(7) }), 'rejected included MERKLE_INVALID'],
      'with another blind': [
        () => withAnchor({ path: [{ side: 'right', hash: hash(7) }, ...path.slice(1)] }),
        'rejected included MERKLE_INVALID',
      ],
      'with a side exchanged': [
        () => withAnchor({ path: path.map((step, i) => (i === last ? { ...step, side: 'left' } : step)) }),
        'rejected included MERKLE_INVALID',
      ],
      'with a step more': [
        () => withAnchor({ path: [...path, { side: 'right', hash: hash(7) }] }),
        'rejected included MERKLE_INVALID',
      ],
      'with a step less': [() => withAnchor({ path: path.slice(0, -1) }), 'rejected included MERKLE_INVALID'],
      'without a path': [() => withAnchor({ path: [] }), 'rejected included MERKLE_PROOF_LENGTH'],
    }
    for (const [how, [make, decision]] of Object.entries(cases))
      it(`${how}: ${decision}`, async () => expect(await decide(make())).to.equal(decision))

    for (const [how, respell] of Object.entries({
      'without its multibase prefix': (text: string) => text.slice(1),
      'with a leading zero': (text: string) => `z1${text.slice(1)}`,
      'in base64url': (text: string) => Multibase.toBase64Url(Multibase.fromBase58(text)),
      'with a byte behind': (text: string) =>
        Multibase.toBase58(Bytes.concat(Multibase.fromBase58(text), Uint8Array.of(0))),
      'with a length written longer': (text: string) => {
        const bytes = Multibase.fromBase58(text)
        return Multibase.toBase58(Bytes.concat(Uint8Array.of(0x98, (bytes[0] ?? 0) & 0x1f), bytes.slice(1)))
      },
    }))
      it(`its anchor spelt ${how}: rejected`, async () => {
        const document = withMember({ proofValue: respell(anchor.proofValue as string) })
        expect(await decide(document)).to.equal('rejected included MERKLE_ENCODING')
      })

    it('a further anchor on a chain that is not trusted changes nothing', async () => {
      const further = AnchorProof.create({
        ...content,
        anchor: { ...content.anchor, transactionHash: `0x${'ab'.repeat(32)}` },
      })
      expect(await decide(withProof(signature, anchor, further))).to.equal('accepted  ACCEPTED')
    })

    it('a further anchor that does not include it spoils it', async () => {
      const further = AnchorProof.create({ ...content, root: hash(9) })
      expect(await decide(withProof(signature, anchor, further))).to.equal('rejected included MERKLE_INVALID')
    })
  })

  describe('its batch', () => {
    const seed = Bytes.fromHex((Golden.read('keys.json') as never as Keys).sets.A.credentialKeyTEST.ed25519Seed)
    const { proof, ...unsigned } = manifest
    type Keys = { sets: { A: { credentialKeyTEST: { ed25519Seed: string } } } }

    /** The credential under a manifest of the forger's, with all that depends on it made anew; anchored if told so. */
    const under = async (change: Partial<Manifest.Unsigned>, key = seed, isAnchored = true) => {
      const forged = await Manifest.sign(
        { ...unsigned, ...change } as Manifest.Unsigned,
        proof.verificationMethod,
        async (message) => Ed25519.sign(key, message),
      )
      const opened = InclusionProof.open(content.path)
      const digest = Manifest.digest(forged)
      const path = InclusionProof.credentialPath({ ...opened, manifestDigest: digest })
      const root = InclusionProof.fold(content.documentDigest, path)
      const document = withProof(signature, AnchorProof.create({ ...content, created: forged.created, path, root }))
      const readers: Partial<Readers> = {
        content: async (wanted) => (Bytes.equals(wanted, digest) ? Manifest.bytes(forged) : undefined),
        ...(isAnchored ? { anchor: async () => ({ kind: 'final', time: 1_772_532_300, block: 2n }) } : {}),
      }
      return decide(document, { readers })
    }

    it('as it is: accepted', async () => expect(await under({})).to.equal('accepted  ACCEPTED'))

    for (const [how, change, decision] of [
      ['of another issuer', { issuer: DidKey.fromPublicKey(hash(1)) }, 'rejected manifest MANIFEST_ISSUER'],
      ['too small for its place', { size: 1 }, 'rejected included MERKLE_POSITION'],
      [
        'by another account',
        { account: Caip10.format(31337, `0x${'11'.repeat(20)}`) },
        'rejected manifest PROOF_OPTIONS',
      ],
      [
        'by an account on another chain',
        { account: manifest.account.replace('31337', '11155111') },
        'rejected manifest PROOF_OPTIONS',
      ],
      [
        'for another achievement',
        { achievements: [{ id: 'urn:uuid:x', metadataDigest: `0x${'11'.repeat(32)}` }] },
        'rejected manifest MANIFEST_ACHIEVEMENT',
      ],
      [
        'with another status list',
        { statusLists: { revocation: 'https://x.example/r', suspension: 'https://x.example/s' } },
        'rejected manifest MANIFEST_STATUS',
      ],
      ['without a status list', { statusLists: {} }, 'rejected manifest MANIFEST_STATUS'],
    ] as const)
      it(`${how}: ${decision}`, async () => expect(await under(change)).to.equal(decision))

    it('signed by somebody else: rejected', async () => {
      expect(await under({}, hash(3))).to.equal('rejected manifest MANIFEST_SIGNATURE')
    })

    it('never anchored: rejected', async () => {
      expect(await under({ created: '2026-03-02T10:00:05Z' }, seed, false)).to.equal(
        'rejected anchored ANCHOR_NOT_FOUND',
      )
    })

    it('of which the description is missing: could not tell', async () => {
      const readers = { content: async () => undefined }
      expect(await decide(original, { readers })).to.equal('unknown included MANIFEST_UNAVAILABLE')
    })

    it('of which the description is another file: rejected, for the path commits to it', async () => {
      const readers = { content: async () => Bytes.fromUtf8('{}') }
      expect(await decide(original, { readers })).to.equal('rejected included MANIFEST_VERSION')
    })
  })

  describe('its chain', () => {
    for (const [kind, decision] of [
      ['recent', 'unknown anchored ANCHOR_NOT_FINAL'],
      ['no-registry', 'unknown anchored REGISTRY_MISSING'],
      ['disagreement', 'unknown anchored CHAIN_DISAGREEMENT'],
      ['unreachable', 'unknown anchored CHAIN_UNREACHABLE'],
    ] as const)
      it(`${kind}: ${decision}`, async () => {
        expect(await decide(original, { readers: { anchor: async () => ({ kind }) } })).to.equal(decision)
      })

    it('without the anchor, up to a time after the batch: rejected', async () => {
      const asOf = Date.parse(manifest.created) / 1000
      const anchor: Readers['anchor'] = async () => ({ kind: 'absent', asOf })
      expect(await decide(original, { readers: { anchor } })).to.equal('rejected anchored ANCHOR_NOT_FOUND')
    })

    it('behind: could not tell', async () => {
      const asOf = Date.parse(manifest.created) / 1000 - 1
      const anchor: Readers['anchor'] = async () => ({ kind: 'absent', asOf })
      expect(await decide(original, { readers: { anchor } })).to.equal('unknown anchored CHAIN_BEHIND')
    })

    it('another one answers: could not tell', async () => {
      const anchor: Readers['anchor'] = async () => ({ kind: 'other-chain', chainId: 1 })
      expect(await decide(original, { readers: { anchor } })).to.equal('unknown anchored CHAIN_MISMATCH')
    })

    it('not trusted: could not tell', async () => {
      expect(await decide(original, { trust: { chains: [] } })).to.equal('unknown anchored CHAIN_NOT_TRUSTED')
    })

    it('the registry is asked that the trust names, for the account that the manifest names', async () => {
      const asked: unknown[] = []
      const anchor: Readers['anchor'] = async (chain, account, root) => {
        asked.push([chain.registry, account, root])
        return { kind: 'absent', asOf: 0 }
      }
      await decide(original, { readers: { anchor } })
      const { registryStandIn } = Golden.anchors()
      expect(asked).to.deep.equal([
        [registryStandIn.address, '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266', Bytes.toHex(content.root)],
      ])
    })
  })

  describe('its issuer', () => {
    it('not known: valid, but not accepted', async () => {
      expect(await decide(original, { trust: { issuers: [] } })).to.equal('unknown issuer-bound ISSUER_UNRECOGNISED')
    })

    it('known with other accounts: rejected', async () => {
      const issuers = verifier.trust.issuers.map((issuer) => ({
        ...issuer,
        accounts: [Caip10.format(31337, `0x${'11'.repeat(20)}`)],
      }))
      expect(await decide(original, { trust: { issuers } })).to.equal('rejected issuer-bound ACCOUNT_NOT_TRUSTED')
    })

    it('named as somebody whom the verifier knows: rejected', async () => {
      const document = {
        ...original,
        issuer: { ...(original.issuer as Json.Object), id: 'did:web:issuer.example.org' },
      }
      expect(await decide(document)).to.equal('rejected signed KEY_FOREIGN')
    })

    describe('a did:web', () => {
      const web = credential('B-3-1.json')
      const document = Golden.read('B-did.json') as Json.Object & { readonly assertionMethod: readonly string[] }
      const decideWith = (did: Json.Object | undefined) =>
        decide(web, {
          trust: { issuers: verifier.trust.issuers.map(({ didDocument: _, ...issuer }) => issuer) },
          readers: { did: async () => did },
        })

      it('seen live: accepted', async () => expect(await decideWith(document)).to.equal('accepted  ACCEPTED'))
      it('gone: could not tell', async () =>
        expect(await decideWith(undefined)).to.equal('unknown signed KEY_UNAVAILABLE'))
      it('that answers for another: could not tell', async () =>
        expect(await decideWith({ ...document, id: 'did:web:x.example.org' })).to.equal(
          'unknown signed KEY_UNAVAILABLE',
        ))
      it('that does not list the key any more: could not tell', async () =>
        expect(await decideWith({ ...document, verificationMethod: [] })).to.equal('unknown signed KEY_UNKNOWN'))
      it('that keeps the key for other purposes: rejected', async () =>
        expect(await decideWith({ ...document, assertionMethod: [] })).to.equal('rejected signed KEY_NOT_AUTHORISED'))
      it('whose key somebody else controls: could not tell', async () => {
        const methods = document.verificationMethod as readonly Json.Object[]
        const verificationMethod = methods.map((method) => ({ ...method, controller: 'did:web:x.example.org' }))
        expect(await decideWith({ ...document, verificationMethod })).to.equal('unknown signed KEY_UNKNOWN')
      })
    })

    describe('in the Blockcerts profile', () => {
      const blockcerts = credential('C-3-1.json')
      const did = Golden.read('C-did.json') as Json.Object & { readonly verificationMethod: readonly Json.Object[] }
      const decideWith = (verificationMethod: readonly Json.Object[]) =>
        decide(blockcerts, {
          trust: { issuers: verifier.trust.issuers.map(({ didDocument: _, ...issuer }) => issuer) },
          readers: { did: async () => ({ ...did, verificationMethod }) },
        })

      it('its account is not the one that anchored: rejected', async () => {
        const [key = {}, account = {}] = did.verificationMethod
        const x = Multibase.toBase64Url(hash(1)).slice(1)
        const other = { ...account, publicKeyJwk: { ...(account.publicKeyJwk as Json.Object), x } }
        expect(await decideWith([key, other])).to.equal('rejected manifest ACCOUNT_FOREIGN')
      })
      it('it lists no account: could not tell', async () =>
        expect(await decideWith(did.verificationMethod.slice(0, 1))).to.equal('unknown manifest KEY_UNKNOWN'))
      it('its account written as in the other profile: rejected', async () => {
        const [first, second] = blockcerts.proof
        const account = Manifest.parse(Verifier.bytes('C-3-manifest.json')).account
        const document = {
          ...blockcerts,
          proof: [first, { ...second, verificationMethod: `did:pkh:${account}#blockchainAccountId` }],
        }
        expect(await decide(document)).to.equal('rejected manifest PROOF_OPTIONS')
      })
    })
  })

  describe('its period', () => {
    const dated = credential('A-1-0.json')

    it('not begun: rejected', async () =>
      expect(await decide(dated, { now: Date.parse('2026-02-28T23:59:59Z') })).to.equal(
        'rejected valid-period NOT_YET_VALID',
      ))
    it('over: rejected', async () =>
      expect(await decide(dated, { now: Date.parse('2096-03-01T00:00:01Z') })).to.equal(
        'rejected valid-period EXPIRED',
      ))
  })

  describe('by a stranger, without an anchor', () => {
    const seed = hash(5)
    const did = DidKey.fromPublicKey(Ed25519.publicKey(seed))
    const stranger = async (change: Json.Object, options: { expires?: string } = {}) => {
      const { proof: _, credentialStatus: __, ...rest } = original
      const document: Json.Object = { ...rest, issuer: did, ...change }
      const proof = await DataIntegrity.createRdfc(
        document,
        { created: '2026-03-02T09:00:00Z', verificationMethod: DidKey.verificationMethod(did), ...options },
        async (message) => Ed25519.sign(seed, message),
      )
      return { ...document, proof: proof as unknown as Json.Object }
    }
    const known = (anchor: 'required' | 'optional') => ({
      trust: { issuers: [{ did, name: 'A stranger', anchor }] },
    })

    it('known, an anchor not asked for: accepted', async () => {
      expect(await decide(await stranger({}), known('optional'))).to.equal('accepted  ACCEPTED')
    })
    it('known, an anchor asked for: could not tell', async () => {
      expect(await decide(await stranger({}), known('required'))).to.equal('unknown included ANCHOR_MISSING')
    })
    it('not known: could not tell', async () => {
      expect(await decide(await stranger({}))).to.equal('unknown included ANCHOR_MISSING')
    })
    it('with one value where there may be many: accepted', async () => {
      const document = await stranger({ evidence: { id: 'urn:x:y', type: 'Evidence' } })
      expect(await decide(document, known('optional'))).to.equal('accepted  ACCEPTED')
    })
    it('changed: rejected', async () => {
      const document = { ...(await stranger({})), name: 'Another name' }
      expect(await decide(document, known('optional'))).to.equal('rejected signed PROOF_INVALID')
    })
    it('with two statuses: could not tell', async () => {
      const status = original.credentialStatus as Json.Object
      const other = { ...status, id: `${status.id}0`, statusPurpose: 'suspension' }
      const document = await stranger({ credentialStatus: [status, other] })
      expect(await decide(document, known('optional'))).to.equal('unknown status STATUS_UNSUPPORTED')
    })
    it('with a status of another purpose: could not tell', async () => {
      const status = { ...(original.credentialStatus as Json.Object), statusPurpose: 'message' }
      const document = await stranger({ credentialStatus: status })
      expect(await decide(document, known('optional'))).to.equal('unknown status STATUS_UNSUPPORTED')
    })
  })

  it('nobody is asked about a document whose signature is not good, but for the issuer’s keys', async () => {
    const asked: string[] = []
    const refuse = (name: string) => async () => {
      asked.push(name)
      throw new Error('asked')
    }
    const readers = {
      anchor: refuse('anchor'),
      content: refuse('content'),
      did: refuse('did'),
      statusLists: refuse('statusLists'),
    } as unknown as Readers
    for (const name of ['A-7-0.json', 'B-7-0.json', 'C-7-0.json'])
      expect(await decide({ ...Golden.read(name), name: 'Another name' }, { readers })).to.match(/^rejected signed/)
    expect(asked).to.deep.equal([])
  })

  it('the digest that a changed document has is never that of its anchor', async () => {
    const digest = Commitment.documentDigest({ ...original, name: 'Another name' }, content.previousProof)
    expect(Bytes.equals(digest, content.documentDigest)).to.equal(false)
  })
})
