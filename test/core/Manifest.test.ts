import { expect } from 'chai'
import fc from 'fast-check'
import * as Ed25519 from '../../core/src/Ed25519.ts'
import * as Jcs from '../../core/src/Jcs.ts'
import type * as Json from '../../core/src/Json.ts'
import * as Manifest from '../../core/src/Manifest.ts'
import { bytesOf, failure, hash, jsonOf } from './support.ts'

const file = bytesOf('laurel-v1/golden/A-3-manifest.json')
const golden = jsonOf('laurel-v1/golden/A-3-manifest.json')
const digest = `0x${'ab'.repeat(32)}`

/** The manifest with a member replaced at a path of names, or removed. */
function changed(path: string, value?: unknown): Uint8Array {
  const copy = structuredClone(golden)
  const names = path.split('/')
  const last = names.pop() as string
  const parent = names.reduce((object, name) => object[name], copy)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return Jcs.bytes(copy)
}

describe('Manifest', () => {
  it('reads what it writes', () => {
    const manifest = Manifest.parse(file)
    expect(manifest).to.deep.equal(golden)
    expect(Manifest.bytes(manifest)).to.deep.equal(file)
  })

  it('signs, and recognises its own key only', async () => {
    const { proof, ...unsigned } = Manifest.parse(file)
    const manifest = await Manifest.sign(unsigned, 'did:web:a.example#k', async (bytes) => Ed25519.sign(hash(1), bytes))
    expect(Manifest.verify(Manifest.parse(Manifest.bytes(manifest)), Ed25519.publicKey(hash(1)))).to.equal(true)
    expect(Manifest.verify(manifest, Ed25519.publicKey(hash(2)))).to.equal(false)
    expect(Manifest.verify({ ...manifest, size: manifest.size + 1 }, Ed25519.publicKey(hash(1)))).to.equal(false)
    expect(Manifest.verify({ ...manifest, proof }, Ed25519.publicKey(hash(1)))).to.equal(false)
    expect(manifest.proof.created).to.equal(manifest.created)
  })

  it('reads manifests that use what the golden ones do not', () => {
    for (const [path, value] of [
      ['number', 2 ** 53 - 1],
      ['size', 2 ** 32 - 1],
      ['size', 1],
      ['statusLists', {}],
      ['issuer', 'did:web:example.org%3A8443:a:b'],
      ['account', `eip155:1:0x${'0a'.repeat(20)}`],
    ] as const)
      expect(Manifest.parse(changed(path, value))).to.have.property(path)
  })

  const others: readonly (readonly [path: string, value: unknown])[] = [
    ['type', 'LaurelBatch'],
    ['type', undefined],
    ['type', ['LaurelManifest']],
    ['version', 2],
    ['version', '1'],
    ['version', undefined],
  ]
  for (const [path, value] of others)
    it(`knows no manifest of ${path} ${JSON.stringify(value)}`, () => {
      const error = failure(() => Manifest.parse(changed(path, value)))
      expect(error).to.include({ code: 'MANIFEST_VERSION', name: 'Manifest.VersionError' })
    })

  const achievement = golden.achievements[0]
  const wrong: readonly (readonly [path: string, value: unknown, member: string])[] = [
    ['@context', 'https://www.w3.org/ns/credentials/v2', ''],
    ['name', 'Ann', ''],
    ['account,achievements', 1, ''],
    ...Object.keys(golden).flatMap((name): (readonly [string, unknown, string])[] => {
      if (name === 'type' || name === 'version') return []
      return [
        [name, undefined, ''],
        ...[null, true, [], 'x', -1, { a: 1 }]
          .filter((value) => !(name === 'previous' && value === null && golden.number === 1))
          .map((value): readonly [string, unknown, string] => [name, value, name]),
      ]
    }),
    ['issuer', 'https://example.org', 'issuer'],
    ['issuer', 'did:web:', 'issuer'],
    ['issuer', 'did:web:a b', 'issuer'],
    ['account', golden.account.toUpperCase(), 'account'],
    ['account', 'eip155:0:0x0000000000000000000000000000000000000000', 'account'],
    ['number', 0, 'number'],
    ['number', 1.5, 'number'],
    ['number', 2 ** 53, 'number'],
    ['previous', digest.toUpperCase(), 'previous'],
    ['previous', digest.slice(0, -2), 'previous'],
    ['previous', `${digest}00`, 'previous'],
    ['size', 0, 'size'],
    ['size', 2 ** 32, 'size'],
    ['size', '3', 'size'],
    ['created', '2026-02-30T00:00:00Z', 'created'],
    ['created', '2026-03-01', 'created'],
    ['achievements', [null], 'achievements/0'],
    ['achievements', [{ ...achievement, name: 'x' }], 'achievements/0'],
    ['achievements', [{ id: achievement.id }], 'achievements/0'],
    ['achievements', [{ ...achievement, id: '' }], 'achievements/0/id'],
    ['achievements', [{ ...achievement, id: 5 }], 'achievements/0/id'],
    [
      'achievements',
      [achievement, { ...achievement, id: 'urn:b', metadataDigest: '0x00' }],
      'achievements/1/metadataDigest',
    ],
    ['achievements', [achievement, achievement], 'achievements'],
    ['achievements', [achievement, { ...achievement, metadataDigest: digest }], 'achievements'],
    ['statusLists', { revocation: 'https://a.example/1' }, 'statusLists'],
    ['statusLists', { revocation: 'https://a.example/1', suspension: 'https://a.example/1' }, 'statusLists'],
    ['statusLists', { revocation: 'https://a.example/1', suspension: '' }, 'statusLists'],
    ['statusLists', { revocation: 'https://a.example/1', suspension: null }, 'statusLists'],
    ['statusLists', { revocation: 'a', suspension: 'b', message: 'c' }, 'statusLists'],
    ['proof/created', '2020-01-01T00:00:00Z', 'proof/created'],
    ['proof/cryptosuite', 'eddsa-rdfc-2022', 'proof'],
    ['proof/type', 'Ed25519Signature2020', 'proof'],
    ['proof/proofPurpose', 'authentication', 'proof/proofPurpose'],
    ['proof/proofValue', 5, 'proof'],
    ['proof/proofValue', '', 'proof'],
    ['proof/verificationMethod', null, 'proof'],
    ['proof/verificationMethod', undefined, 'proof'],
    ['proof/id', 'urn:a', 'proof'],
    ['proof/expires', '2096-01-01T00:00:00Z', 'proof'],
  ]
  for (const [path, value, member] of wrong)
    it(`refuses ${path} ${value === undefined ? 'missing' : JSON.stringify(value).slice(0, 70)}`, () => {
      const error = failure(() => Manifest.parse(changed(path, value)))
      expect(error).to.include({ code: 'MANIFEST_INVALID', name: 'Manifest.InvalidManifestError' })
      expect(error.facts).to.deep.equal({ member })
    })

  it('demands that the first batch of an account has none before it, and every other one', () => {
    const first = bytesOf('laurel-v1/golden/A-1-manifest.json')
    expect(Manifest.parse(first)).to.include({ number: 1, previous: null })
    const second = { ...jsonOf('laurel-v1/golden/A-1-manifest.json'), previous: digest }
    expect(failure(() => Manifest.parse(Jcs.bytes(second))).facts).to.deep.equal({ member: 'previous' })
    const third = { ...golden, number: 3, previous: null }
    expect(failure(() => Manifest.parse(Jcs.bytes(third))).facts).to.deep.equal({ member: 'previous' })
  })

  it('refuses every other spelling of the same manifest', () => {
    const text = new TextDecoder().decode(file)
    const unsorted = JSON.stringify(Object.fromEntries(Object.entries(golden as Json.Object).toReversed()))
    for (const other of [
      `${text}\n`,
      ` ${text}`,
      JSON.stringify(golden, undefined, 1),
      unsorted,
      text.replace('"size":3', '"size":3.0'),
    ]) {
      expect(other).to.not.equal(text)
      const error = failure(() => Manifest.parse(new TextEncoder().encode(other)))
      expect(error).to.include({ code: 'MANIFEST_INVALID' })
      expect(error.message).to.equal('This batch description is not well formed.')
    }
  })

  it('refuses what is larger than one block, nested deeper than it, or no JSON', () => {
    const large = new Uint8Array(Manifest.maximumBytes + 1).fill(0x20)
    expect(failure(() => Manifest.parse(large)).facts).to.deep.equal({ limit: 'bytes', value: 262144 })
    const deep = changed('achievements', [{ id: [[1]] }])
    expect(failure(() => Manifest.parse(deep)).facts).to.deep.equal({ limit: 'depth', value: 4 })
    expect(failure(() => Manifest.parse(new Uint8Array(0))).code).to.equal('JSON_SYNTAX')
  })

  it('reads no other bytes than its own after any byte is changed', () => {
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const bytes = file.slice()
        bytes[at] = (bytes[at] as number) ^ change
        let manifest: Manifest.Manifest
        try {
          manifest = Manifest.parse(bytes)
        } catch {
          return
        }
        expect(Manifest.bytes(manifest)).to.deep.equal(bytes)
        expect(Manifest.verify(manifest, Ed25519.publicKey(hash(1)))).to.equal(false)
      }),
    )
  })
})
