import { expect } from 'chai'
import fc from 'fast-check'
import { encodeAbiParameters, keccak256 } from 'viem'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Sha256 from '../../core/src/Sha256.ts'
import * as StatusHistory from '../../core/src/StatusHistory.ts'
import { anyBytes, hash } from './support.ts'

const anyVersion = fc.record({ digest: anyBytes(32), time: fc.nat(2 ** 40) })

describe('StatusHistory', () => {
  it('begins with zero', () => {
    expect(StatusHistory.head([])).to.deep.equal(new Uint8Array(32))
  })

  it('knows a list by the digest of its URL', () => {
    const url = 'https://badges.example.org/status-lists/revocation-1'
    expect(StatusHistory.listId(url)).to.deep.equal(Sha256.digest(Bytes.fromUtf8(url)))
  })

  it('folds as abi.encode and keccak256 do', () => {
    fc.assert(
      fc.property(fc.array(anyVersion, { maxLength: 20 }), (history) => {
        const expected = history.reduce<Bytes.Hex>(
          (head, { digest, time }) =>
            keccak256(
              encodeAbiParameters(
                [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint64' }],
                [head, Bytes.toHex(digest), BigInt(time)],
              ),
            ),
          `0x${'00'.repeat(32)}`,
        )
        expect(Bytes.toHex(StatusHistory.head(history))).to.equal(expected)
      }),
    )
  })

  it('tells a history from any other: with a gap, in another order, at another time', () => {
    const [a, b, c] = [1, 2, 3].map((number) => ({ digest: hash(number), time: 1_800_000_000 + number })) as [
      StatusHistory.Version,
      StatusHistory.Version,
      StatusHistory.Version,
    ]
    const heads = [
      [a, b, c],
      [a, c],
      [b, c],
      [a, b],
      [b, a, c],
      [a, b, { ...c, time: c.time + 1 }],
    ].map((history) => Bytes.toHex(StatusHistory.head(history)))
    expect(new Set(heads).size).to.equal(heads.length)
  })

  it('takes a digest of another size for a programming error', () => {
    expect(() => StatusHistory.head([{ digest: new Uint8Array(31), time: 1 }])).to.throw(TypeError)
  })
})
