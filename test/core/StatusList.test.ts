import { gunzipSync, gzipSync } from 'node:zlib'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import * as StatusList from '../../core/src/StatusList.ts'
import { failure, jsonOf, published, runs } from './support.ts'

const zlib = (bytes: Uint8Array) => Multibase.toBase64Url(gzipSync(bytes))
const invalid = { code: 'STATUS_LIST_ENCODING', name: 'StatusList.EncodingError' }
const anyIndices = fc.uniqueArray(fc.nat(StatusList.minimumSize - 1), { maxLength: 50 })

describe('StatusList', () => {
  published('the examples of Bitstring Status List 1.0', 'w3c-bitstring-status-list', () => {
    const example = jsonOf('w3c-bitstring-status-list/examples/03-example-bitstringstatuslistcredential.json')

    it('reads the published list: 131,072 entries, none set', () => {
      const bits = StatusList.decode(example.credentialSubject.encodedList)
      expect(bits).to.deep.equal(StatusList.create())
    })

    it('writes the published credential, but for the packing of its bits', () => {
      const credential = StatusList.credential({
        id: example.id,
        issuer: example.issuer,
        purpose: 'revocation',
        bits: StatusList.create(),
        validFrom: example.validFrom,
      })
      const { encodedList: _, ...subject } = credential.credentialSubject as Record<string, unknown>
      const { encodedList: __, ...expected } = example.credentialSubject
      expect({ ...credential, credentialSubject: 0 }).to.deep.equal({ ...example, credentialSubject: 0 })
      expect({ ...subject, id: 0 }).to.deep.equal({ ...expected, id: 0 })
      const until = StatusList.credential({
        ...{ id: 'urn:a', issuer: 'did:a:b', purpose: 'suspension' },
        bits: StatusList.create(),
        validFrom: 'a',
        validUntil: 'b',
        ttl: 300_000,
      })
      expect(until).to.include({ validFrom: 'a', validUntil: 'b' })
      expect(until.credentialSubject).to.include({ id: 'urn:a#list', statusPurpose: 'suspension', ttl: 300_000 })
    })

    it('writes the published entry', () => {
      const first = jsonOf(
        'w3c-bitstring-status-list/examples/01-example-statuslistcredential-using-simple-entries.json',
      )
      const entry = StatusList.entry({ list: 'https://example.com/credentials/status/3', index: 94567 })
      expect(entry).to.deep.equal(first.credentialStatus[0])
    })
  })

  it('has index 0 in the most significant bit of the first byte (§3.3)', () => {
    const bits = StatusList.set(StatusList.create(), [0, 9, 131071])
    expect(bits[0]).to.equal(128)
    expect(bits[1]).to.equal(64)
    expect(bits[16383]).to.equal(1)
    expect([0, 1, 8, 9, 131070, 131071].map((index) => StatusList.isSet(bits, index))).to.deep.equal([
      ...[true, false, false, true, false, true],
    ])
  })

  it('reads back what it writes, and so does node', () => {
    fc.assert(
      fc.property(anyIndices, (indices) => {
        const bits = StatusList.set(StatusList.create(), indices)
        const text = StatusList.encode(bits)
        expect(Bytes.equals(StatusList.decode(text), bits)).to.equal(true)
        expect(gunzipSync(Multibase.fromBase64Url(text)).equals(bits)).to.equal(true)
        expect(Bytes.equals(StatusList.decode(zlib(bits)), bits)).to.equal(true)
        for (const index of indices) expect(StatusList.isSet(bits, index)).to.equal(true)
        expect(StatusList.encode(bits.slice())).to.equal(text)
      }),
      { numRuns: Math.min(20, runs) },
    )
  })

  it('sets bits in a copy, and never clears one', () => {
    fc.assert(
      fc.property(anyIndices, anyIndices, (first, second) => {
        const before = StatusList.set(StatusList.create(), first)
        const after = StatusList.set(before, second)
        for (const index of [...first, ...second]) expect(StatusList.isSet(after, index)).to.equal(true)
        const set = after.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0)
        expect(set).to.equal(new Set([...first, ...second]).size)
        expect(Bytes.equals(before, StatusList.set(StatusList.create(), first))).to.equal(true)
      }),
      { numRuns: Math.min(20, runs) },
    )
  })

  it('sets no bit in a Buffer that it is given', () => {
    const bits = Buffer.from(StatusList.create())
    expect(StatusList.isSet(StatusList.set(bits, [7]), 7)).to.equal(true)
    expect(StatusList.isSet(bits, 7)).to.equal(false)
  })

  it('has at least 131,072 entries, a multiple of eight', () => {
    expect(StatusList.create()).to.have.length(16384)
    expect(StatusList.create(131080)).to.have.length(16385)
    for (const size of [0, 8, 131071, 131064, 131073, Number.NaN, 2 ** 53])
      expect(() => StatusList.create(size), String(size)).to.throw(TypeError)
  })

  for (const index of [-1, 131072, 2 ** 31, 2 ** 32, 2 ** 32 + 5, 2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
    it(`has no entry ${index}`, () => {
      const bits = StatusList.set(StatusList.create(), [0, 5])
      const error = failure(() => StatusList.isSet(bits, index))
      expect(error).to.include({ code: 'STATUS_INDEX', name: 'StatusList.IndexError' })
      expect(error.facts).to.deep.equal({ index, size: 131072 })
      expect(failure(() => StatusList.set(bits, [index])).code).to.equal('STATUS_INDEX')
    })

  describe('parseIndex', () => {
    it('reads decimals', () => {
      for (const index of [0, 7, 94567, 131071, Number.MAX_SAFE_INTEGER])
        expect(StatusList.parseIndex(String(index))).to.equal(index)
    })

    for (const text of [
      '',
      '1e3',
      '0x10',
      '-1',
      '-0',
      '+1',
      ' 1',
      '1 ',
      '1\n',
      '00012',
      '00',
      '1.0',
      '1_000',
      '9007199254740992',
      '99999999999999999999',
      'NaN',
      '١',
    ])
      it(`refuses ${JSON.stringify(text)}`, () => {
        const error = failure(() => StatusList.parseIndex(text))
        expect(error.code).to.equal('STATUS_INDEX')
        expect(error.facts).to.deep.equal({})
      })
  })

  describe('decode', () => {
    const list = StatusList.set(StatusList.create(), [4, 70000])
    const packed = gzipSync(list)
    const corrupt = (at: number) => {
      const copy = Uint8Array.from(packed)
      const index = at < 0 ? copy.length + at : at
      copy[index] = (copy[index] as number) ^ 1
      return Multibase.toBase64Url(copy)
    }
    const trailer = packed.subarray(-8)
    const wrong: Readonly<Record<string, string>> = {
      nothing: '',
      'an empty list': 'u',
      base58btc: Multibase.toBase58(packed.subarray(0, 100)),
      'plain base64url without the prefix': Buffer.from(packed).toString('base64url'),
      padding: `${Multibase.toBase64Url(packed)}=`,
      'no gzip': Multibase.toBase64Url(list),
      zeros: `u${'A'.repeat(400)}`,
      'a header alone': Multibase.toBase64Url(packed.subarray(0, 10)),
      'half of it': Multibase.toBase64Url(packed.subarray(0, packed.length / 2)),
      'no trailer': Multibase.toBase64Url(packed.subarray(0, -8)),
      'half a trailer': Multibase.toBase64Url(packed.subarray(0, -4)),
      'a wrong checksum': corrupt(-8),
      'a wrong length': corrupt(-1),
      'another compression method': corrupt(2),
      'a byte behind it': Multibase.toBase64Url(Bytes.concat(packed, Uint8Array.of(0))),
      'its trailer twice': Multibase.toBase64Url(Bytes.concat(packed, trailer)),
      'two members': Multibase.toBase64Url(Bytes.concat(packed, packed)),
    }
    for (const [what, text] of Object.entries(wrong))
      it(`refuses ${what}`, () => {
        expect(failure(() => StatusList.decode(text))).to.include(invalid)
      })

    it('refuses a list with any bit of its packing changed, or reads the same bits', () => {
      fc.assert(
        fc.property(fc.nat(packed.length * 8 - 1), (bit) => {
          const copy = Uint8Array.from(packed)
          copy[bit >> 3] = (copy[bit >> 3] as number) ^ (1 << (bit & 7))
          try {
            expect(Bytes.equals(StatusList.decode(Multibase.toBase64Url(copy)), list)).to.equal(true)
          } catch (error) {
            expect(error)
              .to.have.property('code')
              .that.matches(/^STATUS_LIST_/)
          }
        }),
      )
    })

    for (const size of [0, 1, 16, 16383])
      it(`refuses a list of ${size} bytes`, () => {
        const error = failure(() => StatusList.decode(zlib(new Uint8Array(size))))
        expect(error).to.include({ code: 'STATUS_LIST_LENGTH', name: 'StatusList.LengthError' })
        expect(error.facts).to.deep.equal({ size: size * 8 })
      })

    it('reads a list of just the limit and refuses one byte more', () => {
      const options = { maximumBytes: 20000 }
      expect(StatusList.decode(zlib(new Uint8Array(20000)), options)).to.have.length(20000)
      expect(failure(() => StatusList.decode(zlib(new Uint8Array(20001)), options)).code).to.equal('STATUS_LIST_LENGTH')
    })

    it('stops unpacking a bomb at 16 MiB', () => {
      const bomb = zlib(new Uint8Array(2 ** 26))
      const error = failure(() => StatusList.decode(bomb))
      expect(error.code).to.equal('STATUS_LIST_LENGTH')
      expect(error.facts.size).to.be.below(2 ** 27 + 2 ** 26)
    })
  })
})
