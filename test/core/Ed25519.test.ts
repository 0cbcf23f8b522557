import { createPrivateKey, sign as nodeSign } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Ed25519 from '../../core/src/Ed25519.ts'
import * as browser from '../../core/src/internal/Ed25519.ts'
import * as node from '../../core/src/node/Ed25519.ts'
import { anyBytes, hash, runs } from './support.ts'

/** Both ways of verifying, which have to agree to the last bit: what one program accepts, no other may refuse. */
const engines = { 'under Node': node, 'in a browser': browser }

const order = 2n ** 252n + 27742317777372353535851937790883648493n
const prime = 2n ** 255n - 19n
const hex = (text: string) => Bytes.fromHex(`0x${text}`)
const littleEndian = (value: bigint) => Bytes.fromUint(value, 32).toReversed()

const toNumber = (bytes: Uint8Array) => BigInt(Bytes.toHex(bytes.toReversed()))

function addOrder(signature: Uint8Array): Uint8Array {
  return Bytes.concat(signature.slice(0, 32), littleEndian(toNumber(signature.slice(32)) + order))
}

/** What whoever has a key can make of it: points beside those that a key pair has, and any R. */
type Crafted = { readonly signature: Uint8Array; readonly message: Uint8Array; readonly publicKey: Uint8Array }

/**
 * A signature by the scalar `a`, whose key and whose R are moved by points of small order. With the cofactor, the
 * equation holds for all of these.
 */
function craft(a: bigint, r: bigint, message: Uint8Array, moveKey: bigint, moveR: bigint): Crafted {
  const { BASE, fromBytes } = ed25519.Point
  const torsion = fromBytes.call(ed25519.Point, littleEndian(yOfOrderEight))
  const publicKey = BASE.multiply(a).add(torsion.multiplyUnsafe(moveKey)).toBytes()
  const encodedR = BASE.multiply(r).add(torsion.multiplyUnsafe(moveR)).toBytes()
  const k = toNumber(sha512(Bytes.concat(encodedR, publicKey, message))) % order
  return { signature: Bytes.concat(encodedR, littleEndian((r + k * a) % order)), message, publicKey }
}

const yOfOrderEight = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n

describe('Ed25519', () => {
  // RFC 8032 §7.1, tests 1, 2 and 3.
  const published = [
    {
      seed: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
      publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
      message: '',
      signature:
        'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
    },
    {
      seed: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
      publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
      message: '72',
      signature:
        '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    },
    {
      seed: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
      publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
      message: 'af82',
      signature:
        '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
    },
  ]
  const smallOrder: Readonly<Record<string, Uint8Array>> = {
    'the neutral element': littleEndian(1n),
    'the point of order two': littleEndian(prime - 1n),
    'a point of order four': littleEndian(0n),
    'another of order four': littleEndian(2n ** 255n),
    'a point of order eight': hex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'),
    'another of order eight': hex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'),
    'the neutral element, not canonical': littleEndian(prime + 1n),
    'a point of order four, not canonical': littleEndian(prime),
    'the neutral element with the other sign': littleEndian(1n + 2n ** 255n),
    'the point of order two with the other sign': littleEndian(prime - 1n + 2n ** 255n),
    'a third point of order eight': littleEndian(yOfOrderEight + 2n ** 255n),
  }
  published.forEach(({ seed, publicKey, message, signature }, i) => {
    it(`reproduces RFC 8032 test ${i + 1}`, () => {
      expect(Bytes.toHex(Ed25519.publicKey(hex(seed)))).to.equal(`0x${publicKey}`)
      expect(Bytes.toHex(Ed25519.sign(hex(seed), hex(message)))).to.equal(`0x${signature}`)
      expect(Ed25519.verify(hex(signature), hex(message), hex(publicKey))).to.equal(true)
      for (const engine of Object.values(engines))
        expect(engine.verify(hex(signature), hex(message), hex(publicKey))).to.equal(true)
    })
  })

  it('signs as node does', () => {
    const numRuns = Math.min(20, runs)
    fc.assert(
      fc.property(anyBytes(32), fc.uint8Array({ maxLength: 200 }), (seed, message) => {
        const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
        const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
        expect(Buffer.from(Ed25519.sign(seed, message)).equals(nodeSign(null, message, key))).to.equal(true)
      }),
      { numRuns },
    )
  })

  for (const [name, engine] of Object.entries(engines))
    describe(name, () => {
      const isAccepted = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array) => {
        try {
          return engine.verify(signature, message, publicKey)
        } catch {
          return false
        }
      }

      it('accepts what was signed, and nothing else', () => {
        const numRuns = Math.min(20, runs)
        fc.assert(
          fc.property(anyBytes(32), fc.uint8Array({ maxLength: 200 }), fc.nat(511), (seed, message, bit) => {
            const signature = Ed25519.sign(seed, message)
            const publicKey = Ed25519.publicKey(seed)
            expect(isAccepted(signature, message, publicKey)).to.equal(true)
            expect(isAccepted(signature, Bytes.concat(message, Uint8Array.of(0)), publicKey)).to.equal(false)
            const changed = signature.slice()
            changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7))
            expect(isAccepted(changed, message, publicKey)).to.equal(false)
          }),
          { numRuns },
        )
      })

      it('leaves what it is given as it was, Buffers too, whatever their last bit', () => {
        const signs = new Set<number>()
        for (let i = 0; i < 8; i++) {
          const [seed, message] = [hash(i), hash(9)]
          const signature = Buffer.from(Ed25519.sign(seed, message))
          const publicKey = Buffer.from(Ed25519.publicKey(seed))
          const before = [signature.toString('hex'), publicKey.toString('hex')]
          expect(isAccepted(signature, message, publicKey)).to.equal(true)
          expect([signature.toString('hex'), publicKey.toString('hex')]).to.deep.equal(before)
          signs.add((signature[31] as number) & 0x80).add((publicKey[31] as number) & 0x80)
        }
        expect(signs.size).to.equal(2)
      })

      it('refuses the second signature that adding the group order makes (RFC 8032 §5.1.7)', () => {
        const seed = hash(7)
        const message = hash(8)
        const signature = Ed25519.sign(seed, message)
        expect(isAccepted(signature, message, Ed25519.publicKey(seed))).to.equal(true)
        expect(isAccepted(addOrder(signature), message, Ed25519.publicKey(seed))).to.equal(false)
      })

      for (const [what, point] of Object.entries(smallOrder))
        it(`refuses ${what} as a key, whatever was signed`, () => {
          for (const r of Object.values(smallOrder))
            for (const message of [new Uint8Array(0), hash(1), hash(2), hash(3)]) {
              expect(isAccepted(Bytes.concat(r, new Uint8Array(32)), message, point)).to.equal(false)
            }
        })

      it('refuses a key whose y is not below the prime, though its point is one', () => {
        for (let y = prime; y < 2n ** 255n; y++)
          for (const sign of [0n, 2n ** 255n]) {
            const { signature, message } = craft(5n, 7n, hash(1), 0n, 0n)
            expect(isAccepted(signature, message, littleEndian(y + sign))).to.equal(false)
          }
      })

      it('refuses an R of small order, though the equation holds for it', () => {
        const a = 12345n
        const publicKey = ed25519.Point.BASE.multiply(a).toBytes()
        for (const r of Object.values(smallOrder)) {
          const k = toNumber(sha512(Bytes.concat(r, publicKey, hash(1)))) % order
          expect(isAccepted(Bytes.concat(r, littleEndian((k * a) % order)), hash(1), publicKey)).to.equal(false)
        }
      })

      it('forgives nothing for the sake of the cofactor', () => {
        for (let moveKey = 0n; moveKey < 8n; moveKey++)
          for (let moveR = 0n; moveR < 8n; moveR++)
            for (const message of [hash(1), hash(2), hash(3)]) {
              const { signature, publicKey } = craft(12345n, 67890n, message, moveKey, moveR)
              const k = toNumber(sha512(Bytes.concat(signature.slice(0, 32), publicKey, message))) % order
              // [S]B − [k]A is off by −[k·moveKey] of the point of order eight; that has to be the move of R.
              const holds = (moveR + k * moveKey) % 8n === 0n
              expect(isAccepted(signature, message, publicKey), `${moveKey} ${moveR}`).to.equal(holds)
            }
      })

      it('refuses what is on no curve', () => {
        const publicKey = Ed25519.publicKey(hash(1))
        const signature = Ed25519.sign(hash(1), hash(2))
        const notOnTheCurve = littleEndian(2n)
        for (const [s, k] of [
          [new Uint8Array(64), publicKey],
          [new Uint8Array(64).fill(0xff), publicKey],
          [signature, new Uint8Array(32)],
          [signature, new Uint8Array(32).fill(0xff)],
          [signature, notOnTheCurve],
          [Bytes.concat(notOnTheCurve, signature.slice(32)), publicKey],
        ] as const)
          expect(isAccepted(s, hash(2), k)).to.equal(false)
      })
    })

  it('refuses what is no signature and no key, without throwing', () => {
    const publicKey = Ed25519.publicKey(hash(1))
    const signature = Ed25519.sign(hash(1), hash(2))
    for (const [s, k] of [
      [signature.slice(1), publicKey],
      [Bytes.concat(signature, Uint8Array.of(0)), publicKey],
      [new Uint8Array(0), publicKey],
      [signature, littleEndian(2n)],
      [signature, publicKey.slice(1)],
      [signature, new Uint8Array(0)],
      ['x'.repeat(64) as unknown as Uint8Array, publicKey],
    ] as const)
      expect(Ed25519.verify(s, hash(2), k)).to.equal(false)
    expect(Ed25519.verify(signature, hash(2), publicKey)).to.equal(true)
  })

  it('keeps telling keys apart after a thousand of them', () => {
    const signature = Ed25519.sign(hash(1), hash(2))
    for (let i = 1; i < 1100; i++) expect(node.verify(signature, hash(2), Ed25519.publicKey(hash(i)))).to.equal(i === 1)
    expect(node.verify(signature, hash(2), Ed25519.publicKey(hash(1)))).to.equal(true)
  })
})
