import { hkdfSync } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Secret from '../../core/src/Secret.ts'
import { anyBytes, runs } from './support.ts'

describe('Secret', () => {
  it('derives as the HKDF-SHA-256 of node does, with an empty salt', () => {
    fc.assert(
      fc.property(anyBytes(32), (secret) => {
        const expected = (info: string) => new Uint8Array(hkdfSync('sha256', secret, new Uint8Array(0), info, 32))
        expect(Secret.derive(secret)).to.deep.equal({
          blind: expected('laurel/blind/v1'),
          salt: expected('laurel/salt/v1'),
          claimKey: expected('laurel/claim-key/v1'),
        })
        expect(Secret.blind(secret)).to.deep.equal(expected('laurel/blind/v1'))
      }),
      { numRuns: Math.min(20, runs) },
    )
  })

  it('derives three values that differ', () => {
    const { blind, salt, claimKey } = Secret.derive(new Uint8Array(32))
    expect(new Set([blind, salt, claimKey].map(Bytes.toHex)).size).to.equal(3)
  })

  it('takes a secret of another size for a programming error', () => {
    for (const size of [0, 31, 33]) expect(() => Secret.derive(new Uint8Array(size))).to.throw(TypeError)
  })
})
