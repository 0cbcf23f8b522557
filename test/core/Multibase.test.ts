import { expect } from 'chai'
import fc from 'fast-check'
import * as Multibase from '../../core/src/Multibase.ts'
import { failure } from './support.ts'

const invalid = { code: 'MULTIBASE_INVALID', name: 'Multibase.EncodingError' }

describe('Multibase', () => {
  it('knows the published examples (Controlled Identifiers 1.0 §2.4)', () => {
    const hello = new TextEncoder().encode('Hello World!')
    expect(Multibase.toBase58(hello)).to.equal('z2NEpo7TZRRrLZSi2U')
    expect(Multibase.toBase58(Uint8Array.of(0, 0, 0x28, 0x7f, 0xb4, 0xcd))).to.equal('z11233QC4')
    expect(Multibase.toBase64Url(hello)).to.equal('uSGVsbG8gV29ybGQh')
    expect(Multibase.toBase64Url(Uint8Array.of(0xfb, 0xff))).to.equal('u-_8')
    expect(Multibase.toBase58(new Uint8Array(0))).to.equal('z')
    expect(Multibase.fromBase58('z')).to.have.length(0)
    expect(Multibase.fromBase64Url('u')).to.have.length(0)
  })

  it('reads back what it writes, in base58btc', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(Multibase.fromBase58(Multibase.toBase58(bytes))).to.deep.equal(bytes)
      }),
    )
  })

  it('writes base64url as node does, and reads it back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Multibase.toBase64Url(bytes)
        expect(text).to.equal(`u${Buffer.from(bytes).toString('base64url')}`)
        expect(Multibase.fromBase64Url(text)).to.deep.equal(bytes)
      }),
    )
  })

  for (const text of [
    '',
    'z0',
    'zO',
    'zI',
    'zl',
    'z ',
    'z2NEpo7TZRRrLZSi2U ',
    ' z2',
    'z2\n',
    'Z2',
    'u2',
    'f00',
    '2NEpo7',
    'zé',
    'z+',
    'z=',
  ])
    it(`refuses ${JSON.stringify(text)} as base58btc`, () => {
      const error = failure(() => Multibase.fromBase58(text))
      expect(error).to.include(invalid)
      expect(error.facts).to.deep.equal({ prefix: 'z' })
    })

  for (const text of [
    '',
    'uA',
    'uAB',
    'uAAB',
    'uAA=',
    'uAA==',
    'u+/8',
    'uSGV sbG8',
    'uAA\n',
    ' uAA',
    'mAA',
    'zAA',
    'U',
    'uAAAAA',
    'ué',
  ])
    it(`refuses ${JSON.stringify(text)} as base64url`, () => {
      const error = failure(() => Multibase.fromBase64Url(text))
      expect(error).to.include(invalid)
      expect(error.facts).to.deep.equal({ prefix: 'u' })
    })

  it('accepts one text only for any bytes', () => {
    const digits = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
    const accepted = digits.filter((digit) => {
      try {
        return Multibase.fromBase64Url(`uA${digit}`).length === 1
      } catch {
        return false
      }
    })
    expect(accepted).to.deep.equal(['A', 'Q', 'g', 'w'])
  })

  it('refuses a base58 text of megabytes at once', () => {
    const started = performance.now()
    expect(failure(() => Multibase.fromBase58(`z${'2'.repeat(4 * 1024 * 1024)}`))).to.include(invalid)
    expect(performance.now() - started).to.be.below(2000)
  })
})
