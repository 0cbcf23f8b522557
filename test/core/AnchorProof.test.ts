import { expect } from 'chai'
import fc from 'fast-check'
import * as AnchorProof from '../../core/src/AnchorProof.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import * as InclusionProof from '../../core/src/InclusionProof.ts'
import * as Cbor from '../../core/src/internal/Cbor.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import * as Sha256 from '../../core/src/Sha256.ts'
import * as Tree from '../../core/src/Tree.ts'
import { anyBytes, failure, hash, jsonOf } from './support.ts'

const nested = (bytes: Uint8Array) => Cbor.encode(bytes)
const anchors: Cbor.Item = [
  [
    [0, 1],
    [1, 31337],
    [2, nested(hash(3))],
  ],
]
const step: Cbor.Item = [1, nested(hash(4))]
const text = (item: Cbor.Item) => Multibase.toBase58(Cbor.encode(item))
const item = (root: Cbor.Item, digest: Cbor.Item, chains: Cbor.Item, path: Cbor.Item): Cbor.Item => [
  [0, root],
  [1, digest],
  [2, chains],
  [3, path],
]
const good = item(nested(hash(1)), nested(hash(2)), anchors, [step])

const anyContent: fc.Arbitrary<AnchorProof.Content> = fc.record({
  root: anyBytes(32),
  documentDigest: anyBytes(32),
  path: fc.array(fc.record({ side: fc.constantFrom('left', 'right'), hash: anyBytes(32) }), { maxLength: 35 }),
  anchor: fc.record({ chainId: fc.maxSafeNat(), transactionHash: anyBytes(32).map(Bytes.toHex) }),
})

describe('AnchorProof', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        expect(AnchorProof.decode(AnchorProof.encode(content))).to.deep.equal(content)
      }),
    )
  })

  it('reads the CBOR that Blockcerts writes', () => {
    expect(AnchorProof.decode(text(good))).to.deep.equal({
      root: hash(1),
      documentDigest: hash(2),
      path: [{ side: 'right', hash: hash(4) }],
      anchor: { chainId: 31337, transactionHash: Bytes.toHex(hash(3)) },
    })
  })

  it('writes for the credentials of a batch, in order and out of it, what it writes for each by itself', () => {
    const [ticketRoot, manifestDigest] = [hash(1000), hash(1001)]
    const anchor = { chainId: 31337, transactionHash: Bytes.toHex(hash(1003)) }
    for (const size of [1, 2, 3, 6, 8, 21, 100, 1025]) {
      const tree = Tree.build(Array.from({ length: size }, (_, i) => hash(i)))
      const write = AnchorProof.encoder()
      for (const from of [0, Math.floor(size / 2), 0])
        for (const siblings of Tree.paths(tree, from, Math.min(size, from + 60))) {
          const leaf = hash(siblings.index)
          const blind = Sha256.digest(leaf)
          const treePath = Tree.toPath(siblings)
          const path = InclusionProof.credentialPath({ blind, treePath, ticketRoot, manifestDigest })
          const content = { root: hash(1002), documentDigest: Sha256.digest(leaf, leaf), path, anchor }
          expect(write(content), `leaf ${siblings.index} of ${size}`).to.equal(AnchorProof.encode(content))
        }
    }
  })

  it('takes a hash of another size for a programming error', () => {
    const content = AnchorProof.decode(text(good))
    for (const wrong of [
      { root: new Uint8Array(31) },
      { documentDigest: new Uint8Array(33) },
      { path: [{ side: 'left', hash: new Uint8Array(64) }] as const },
    ])
      expect(() => AnchorProof.encode({ ...content, ...wrong })).to.throw(TypeError)
  })

  it('does not write a transaction hash of another size', () => {
    const content = AnchorProof.decode(text(good))
    const anchor = { chainId: 1, transactionHash: '0x00' } as const
    expect(failure(() => AnchorProof.encode({ ...content, anchor })).code).to.equal('HEX_INVALID')
  })

  const [r, d] = [nested(hash(1)), nested(hash(2))]
  const bad = (chain: Cbor.Item, network: Cbor.Item, transaction: Cbor.Item): Cbor.Item =>
    item(
      r,
      d,
      [
        [
          [0, chain],
          [1, network],
          [2, transaction],
        ],
      ],
      [step],
    )
  const wrong: Readonly<Record<string, string>> = {
    nothing: '',
    'no multibase': '0123',
    base64url: Multibase.toBase64Url(Cbor.encode(good)),
    'no CBOR': Multibase.toBase58(Uint8Array.of(0xff)),
    'a byte behind the CBOR': Multibase.toBase58(Bytes.concat(Cbor.encode(good), Uint8Array.of(0))),
    'a number': text(0),
    'an empty list': text([]),
    'members in another order': text([...(good as readonly Cbor.Item[])].toReversed()),
    'a member missing': text((good as readonly Cbor.Item[]).slice(0, 3)),
    'a member too many': text([...(good as readonly Cbor.Item[]), [4, 0]]),
    'a root that is not nested': text(item(hash(1), d, anchors, [step])),
    'a root of 31 bytes': text(item(nested(hash(1).slice(1)), d, anchors, [step])),
    'a root of 33 bytes': text(item(nested(Bytes.concat(hash(1), Uint8Array.of(0))), d, anchors, [step])),
    'a root that is a number': text(item(0, d, anchors, [step])),
    'a root that nests a number': text(item(Cbor.encode(5), d, anchors, [step])),
    'a digest that is a list': text(item(r, [], anchors, [step])),
    'no anchor': text(item(r, d, [], [step])),
    'two anchors': text(
      item(r, d, [...(anchors as readonly Cbor.Item[]), ...(anchors as readonly Cbor.Item[])], [step]),
    ),
    'an anchor on Bitcoin': text(bad(0, 1, nested(hash(3)))),
    'a network that is no number': text(bad(1, nested(hash(3)), nested(hash(3)))),
    'a transaction of 20 bytes': text(bad(1, 1, nested(new Uint8Array(20)))),
    'a path that is a number': text(item(r, d, anchors, 0)),
    'a step without a side': text(item(r, d, anchors, [[nested(hash(4))]])),
    'a step on side 2': text(item(r, d, anchors, [[2, nested(hash(4))]])),
    'a step whose side is bytes': text(item(r, d, anchors, [[nested(hash(4)), nested(hash(4))]])),
    'a step of three': text(item(r, d, anchors, [[1, nested(hash(4)), 0]])),
    'a sibling of 31 bytes': text(item(r, d, anchors, [[1, nested(hash(4).slice(1))]])),
    'a sibling of 64 bytes': text(item(r, d, anchors, [[1, nested(new Uint8Array(64))]])),
    megabytes: `z${'2'.repeat(4 * 1024 * 1024)}`,
  }
  for (const [what, value] of Object.entries(wrong))
    it(`refuses ${what}`, () => {
      const error = failure(() => AnchorProof.decode(value))
      expect(error).to.include({ code: 'MERKLE_ENCODING', name: 'AnchorProof.EncodingError' })
    })

  it('refuses a golden value with any character changed, or reads other content in it', () => {
    const value: string = jsonOf('laurel-v1/golden/A-3-0.json').proof[1].proofValue
    const content = AnchorProof.decode(value)
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
    fc.assert(
      fc.property(fc.nat(value.length - 1), fc.constantFrom(...alphabet), (at, letter) => {
        const changed = value.slice(0, at) + letter + value.slice(at + 1)
        fc.pre(changed !== value)
        let read: AnchorProof.Content
        try {
          read = AnchorProof.decode(changed)
        } catch {
          return
        }
        expect(read).to.not.deep.equal(content)
        expect(AnchorProof.encode(read)).to.equal(changed)
      }),
    )
  })

  describe('parse', () => {
    const options = { created: '2026-03-03T10:00:00Z', verificationMethod: 'did:pkh:x#y', previousProof: 'urn:uuid:a' }
    const proof = AnchorProof.create({ ...options, ...AnchorProof.decode(text(good)) })

    it('has the value that it is told to write', () => {
      const content = AnchorProof.decode(text(good))
      expect(AnchorProof.create({ ...options, ...content }, AnchorProof.encoder())).to.deep.equal(proof)
    })

    it('reads what create writes', () => {
      expect(AnchorProof.parse(proof)).to.deep.equal({ ...options, ...AnchorProof.decode(text(good)) })
    })

    const changes: readonly (readonly [member: string, value: Json.Value | undefined])[] = [
      ...Object.keys(proof).map((name) => [name, undefined] as const),
      ...Object.keys(proof).map((name) => [name, null] as const),
      ...Object.keys(proof).map((name) => [name, [proof[name] as Json.Value]] as const),
      ['id', 'urn:uuid:b'],
      ['@context', 'https://w3id.org/security/data-integrity/v2'],
      ['expires', '2096-01-01T00:00:00Z'],
      ['domain', 'example.org'],
      ['__proto__x', 1],
      ['type', 'MerkleProof2019'],
      ['cryptosuite', 'eddsa-rdfc-2022'],
      ['proofPurpose', 'authentication'],
      ['created', 5],
      ['verificationMethod', { id: 'did:pkh:x#y' }],
      ['previousProof', ['urn:uuid:a', 'urn:uuid:b']],
    ]
    for (const [member, value] of changes)
      it(`refuses ${member} ${value === undefined ? 'missing' : JSON.stringify(value).slice(0, 40)}`, () => {
        const { [member]: _, ...rest } = proof
        const error = failure(() => AnchorProof.parse(value === undefined ? rest : { ...rest, [member]: value }))
        expect(error).to.include({ code: 'PROOF_OPTIONS', name: 'AnchorProof.OptionsError' })
        expect(error.facts).to.deep.equal({ member })
      })

    it('refuses what is no object', () => {
      for (const value of [null, 'x', 5, [proof]])
        expect(failure(() => AnchorProof.parse(value)).facts).to.deep.equal({ member: 'proof' })
    })

    it('refuses a value that is none', () => {
      expect(failure(() => AnchorProof.parse({ ...proof, proofValue: 'z' })).code).to.equal('MERKLE_ENCODING')
    })

    it('is told by its cryptosuite', () => {
      expect(AnchorProof.isAnchorProof(proof)).to.equal(true)
      for (const value of [undefined, null, 'merkle-proof-2019', [proof], {}, { cryptosuite: 'eddsa-rdfc-2022' }])
        expect(AnchorProof.isAnchorProof(value)).to.equal(false)
    })
  })
})
