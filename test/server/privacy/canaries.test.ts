import { createHash } from 'node:crypto'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { expect } from 'chai'
import * as Canaries from '../../support/Canaries.ts'

const canaries = Canaries.create(20)
const canary = canaries[7] as Canaries.Canary
const around = (middle: string | Uint8Array) =>
  Buffer.concat([Buffer.from('{"before":"x'), Buffer.from(middle as Uint8Array), Buffer.from('","after":1}')])
const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** A leak of each kind, as it might happen. */
const leaks: Readonly<Record<string, Buffer>> = {
  'an address in the clear': around(Buffer.from(canary.email)),
  'a name in the clear': around(Buffer.from(canary.name)),
  'a name in small letters': around(Buffer.from(canary.name.toLowerCase())),
  'UTF-16': Buffer.from(canary.name, 'utf16le'),
  hex: around(Buffer.from(Buffer.from(canary.email).toString('hex'))),
  'capital hex': around(Buffer.from(Buffer.from(canary.email).toString('hex').toUpperCase())),
  base64: around(Buffer.from(Buffer.from(canary.email).toString('base64'))),
  'base64 one byte off': around(Buffer.from(Buffer.from(`.${canary.email}`).toString('base64'))),
  'base64 two bytes off': around(Buffer.from(Buffer.from(`..${canary.email}`).toString('base64url'))),
  'percent-encoded': around(
    Buffer.from(
      Buffer.from(canary.email)
        .toString('hex')
        .replaceAll(/../g, (byte) => `%${byte}`),
    ),
  ),
  'escaped in JSON': around(
    Buffer.from(
      Buffer.from(canary.email)
        .toString('hex')
        .replaceAll(/../g, (byte) => `\\u00${byte}`),
    ),
  ),
  'SHA-256': around(sha256(canary.email)),
  'SHA-256 in hex': around(Buffer.from(sha256(canary.name).toString('hex'))),
  'SHA-256 in hex behind another digit': around(Buffer.from(`0${sha256(canary.name).toString('hex')}`)),
  'SHA-256 in base64': around(Buffer.from(sha256(canary.email).toString('base64'))),
  'SHA-256 in base64 behind other letters': around(Buffer.from(`digest-${sha256(canary.email).toString('base64url')}`)),
  'salted SHA-256': around(Buffer.from(sha256(`salt${canary.email}`).toString('hex'))),
  'keccak-256 in hex': around(Buffer.from(Buffer.from(keccak_256(Buffer.from(canary.email))).toString('hex'))),
  'a wallet in calldata': around(Buffer.from(`0000${canary.wallet.slice(2)}0000`)),
  'a wallet in bytes': around(Buffer.from(canary.wallet.slice(2), 'hex')),
  'a wallet in base64': around(Buffer.from(Buffer.from(canary.wallet.slice(2), 'hex').toString('base64'))),
}

describe('the search for canaries', () => {
  const scan = Canaries.scanner(canaries)
  const find = Canaries.finder([canary])
  for (const [kind, leak] of Object.entries(leaks)) {
    it(`finds a leak: ${kind}`, () => {
      expect(scan('planted', leak)).to.not.deep.equal([])
      expect(find('planted', leak)).to.not.deep.equal([])
    })
  }

  it('finds one person and not the others', () => {
    const others = canaries.filter((each) => each !== canary).map(({ name, email, wallet }) => [name, email, wallet])
    const bytes = Buffer.from(JSON.stringify(others))
    expect(find('others', bytes)).to.deep.equal([])
    expect(scan('others', bytes)).to.not.deep.equal([])
  })

  it('finds nothing where there is nothing', () => {
    const bytes = Buffer.concat([around('nobody'), sha256('nobody'), Buffer.from(sha256('nobody').toString('hex'))])
    expect(scan('nothing', bytes)).to.deep.equal([])
    expect(find('nothing', bytes)).to.deep.equal([])
  })
})
