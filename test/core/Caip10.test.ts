import { expect } from 'chai'
import fc from 'fast-check'
import type * as Bytes from '../../core/src/Bytes.ts'
import * as Caip10 from '../../core/src/Caip10.ts'
import * as DidPkh from '../../core/src/DidPkh.ts'
import { failure } from './support.ts'

const address = '0xab16a96d359ec26a11e2c2b3d8f8b8942d5bfcdb'

describe('Caip10', () => {
  it('writes in lower case and reads it back', () => {
    expect(Caip10.format(1, address.toUpperCase().replace('0X', '0x') as Bytes.Hex)).to.equal(`eip155:1:${address}`)
    const addresses = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 })
    fc.assert(
      fc.property(fc.integer({ min: 1 }), addresses, (chainId, digits) => {
        const account = { chainId, address: `0x${digits}` as const }
        expect(Caip10.parse(Caip10.format(account.chainId, account.address))).to.deep.equal(account)
      }),
    )
    expect(Caip10.parse(`eip155:${Number.MAX_SAFE_INTEGER}:${address}`).chainId).to.equal(Number.MAX_SAFE_INTEGER)
  })

  const wrong = [
    ...[
      '',
      `eip155:${address}`,
      `eip155:0:${address}`,
      `eip155:01:${address}`,
      `eip155:-1:${address}`,
      `eip155::${address}`,
    ],
    ...[
      `eip155:1:${address.slice(0, -1)}`,
      `eip155:1:${address}0`,
      `eip155:1:${address.replace('a', 'A')}`,
      `EIP155:1:${address}`,
    ],
    ...[`eip155:9007199254740992:${address}`, `eip155:1e3:${address}`, ` eip155:1:${address}`, `eip155:1:${address}\n`],
    ...[`eip155:1:${address.slice(2)}`, `solana:1:${address}`, `did:pkh:eip155:1:${address}`],
  ]
  for (const text of wrong)
    it(`refuses ${JSON.stringify(text)}`, () => {
      const expected = { code: 'ACCOUNT_INVALID', name: 'Caip10.InvalidAccountError' }
      expect(failure(() => Caip10.parse(text))).to.include(expected)
      expect(failure(() => DidPkh.fromAccount(text))).to.include(expected)
    })

  it('refuses to write what it would not read', () => {
    for (const chainId of [0, -1, 1.5, Number.NaN, 2 ** 53])
      expect(failure(() => Caip10.format(chainId, address)).code).to.equal('ACCOUNT_INVALID')
    expect(failure(() => Caip10.format(1, '0x00')).code).to.equal('ACCOUNT_INVALID')
  })
})

describe('DidPkh', () => {
  it('names an account and its verification method (did:pkh §3.1)', () => {
    expect(DidPkh.fromAccount(`eip155:1:${address}`)).to.equal(`did:pkh:eip155:1:${address}`)
    expect(DidPkh.verificationMethod(`eip155:137:${address}`)).to.equal(
      `did:pkh:eip155:137:${address}#blockchainAccountId`,
    )
  })
})
