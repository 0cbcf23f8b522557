import { createHash } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Pairs from '../../core/src/internal/Pairs.ts'
import * as Native from '../../core/src/node/Pairs.ts'

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

/** The digests by node, one pair after another. */
function expected(pairs: Uint8Array): Uint8Array {
  return Uint8Array.from(
    Array.from({ length: pairs.length / 64 }, (_, i) => [...sha256(pairs.subarray(64 * i, 64 * (i + 1)))]).flat(),
  )
}

describe('Pairs', () => {
  const variants: readonly (readonly [name: string, hash: Pairs.Hash])[] = [
    ['everywhere', Pairs.hash],
    ['under Node', Native.hash],
  ]
  for (const [name, hash] of variants)
    describe(name, () => {
      it('hashes every pair as node:crypto does, however many there are and wherever they lie', () => {
        const counts = fc.integer({ min: 0, max: 70 })
        fc.assert(
          fc.property(counts, fc.nat(7), fc.nat(7), fc.infiniteStream(fc.nat(255)), (count, before, behind, any) => {
            const bytes = Uint8Array.from({ length: before + 64 * count }, () => any.next().value)
            const digests = new Uint8Array(behind + 32 * count)
            hash(bytes.subarray(before), digests.subarray(behind))
            expect(Buffer.from(digests.subarray(behind)).equals(expected(bytes.subarray(before)))).to.equal(true)
          }),
        )
      })

      it('takes other sizes for programming errors', () => {
        for (const [pairs, digests] of [
          [63, 32],
          [64, 31],
          [64, 64],
          [128, 32],
          [96, 48],
        ] as const)
          expect(() => hash(new Uint8Array(pairs), new Uint8Array(digests)), `${pairs} to ${digests}`).to.throw()
      })
    })

  it('are hashed by hashtree where it has a binary', function () {
    const machine = `${process.platform}-${process.arch}`
    if (!['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64'].includes(machine)) {
      console.log(`SKIPPED: hashtree has no binary for ${machine}`)
      this.skip()
    }
    expect(Native.hash).to.not.equal(Pairs.hash)
  })

  it('are hashed one by one where there is no binary, or one that cannot be believed', () => {
    const lying: readonly (() => Pairs.Hash)[] = [
      () => {
        throw new Error('Cannot find native binding')
      },
      () => () => {
        throw new Error('Illegal instruction')
      },
      () => () => {},
      () => (pairs, digests) => {
        Pairs.hash(pairs, digests)
        const last = digests.length - 1
        digests[last] = (digests[last] as number) ^ 1
      },
    ]
    for (const from of lying) expect(Native.choose(from)).to.equal(Pairs.hash)
  })
})
