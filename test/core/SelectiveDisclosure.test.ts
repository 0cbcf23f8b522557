import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as Cbor from '../../core/src/internal/Cbor.ts'
import * as SelectiveDisclosure from '../../core/src/internal/SelectiveDisclosure.ts'
import * as Multibase from '../../core/src/Multibase.ts'
import * as PublicKey from '../../core/src/PublicKey.ts'
import * as JsonLdJudge from './JsonLdJudge.ts'
import { failure } from './support.ts'

type Vectors = {
  readonly publicKey: string
  readonly documents: readonly {
    readonly name: string
    readonly lines: readonly string[]
    readonly options: string
    readonly proofValue: string
  }[]
}

const { publicKey, documents } = JSON.parse(
  readFileSync(new URL('../vectors/data-integrity/w3c-sd.json', import.meta.url), 'utf8'),
) as Vectors

const key = PublicKey.fromMultikey(publicKey)
const prefix = [0xd9, 0x5d, 0x01]

describe('SelectiveDisclosure', function () {
  this.timeout(30_000)

  for (const { name, lines, options, proofValue } of documents)
    describe(`the published vector ${name}`, () => {
      const shown = JsonLdJudge.statements(lines.join(''))
      const config = JsonLdJudge.statements(options)
      const verify = (value: string, statements = shown) => SelectiveDisclosure.verify(statements, config, value, key)
      const content = Cbor.decode(Multibase.fromBase64Url(proofValue).subarray(3)) as readonly Cbor.Item[]
      const [base, own, signatures, labels, indexes] = content as readonly [
        Uint8Array,
        Uint8Array,
        readonly Uint8Array[],
        ReadonlyMap<number, Uint8Array>,
        readonly number[],
      ]
      const write = (...items: readonly Cbor.Item[]) =>
        Multibase.toBase64Url(Uint8Array.from([...prefix, ...Cbor.encode(items)]))

      it('verifies, and is written in one way', () => {
        expect(verify(proofValue)).to.equal(true)
        expect(write(base, own, signatures, labels, indexes)).to.equal(proofValue)
      })

      it('notices a statement that is missing, added or changed', () => {
        for (const i of shown.keys()) expect(verify(proofValue, shown.toSpliced(i, 1))).to.equal(false)
        const added = { ...(shown[0] as (typeof shown)[0]), object: '"Eve"' }
        expect(verify(proofValue, [...shown, added])).to.equal(false)
        for (const i of shown.keys()) expect(verify(proofValue, shown.with(i, added))).to.equal(false)
      })

      it('notices another key, options of another proof, and a proof of another kind', () => {
        const other = PublicKey.fromMultikey(Multibase.toBase58(own))
        expect(SelectiveDisclosure.verify(shown, config, proofValue, other)).to.equal(false)
        expect(SelectiveDisclosure.verify(shown, config.slice(1), proofValue, key)).to.equal(false)
        const bytes = Multibase.fromBase64Url(proofValue)
        expect(verify(Multibase.toBase64Url(bytes.with(2, 0)))).to.equal(false)
        expect(verify(Multibase.toBase58(bytes.subarray(0, 200)))).to.equal(false)
      })

      const [first = new Uint8Array(), ...rest] = signatures
      const changes: Readonly<Record<string, readonly Cbor.Item[]>> = {
        'one item less': [base, own, signatures, labels],
        'one item more': [base, own, signatures, labels, indexes, 0],
        'signatures exchanged': [base, own, signatures.toReversed(), labels, indexes],
        'a signature less': [base, own, rest, labels, indexes],
        'a signature more': [base, own, [...signatures, first], labels, indexes],
        'a signature that is a number': [base, own, [0, ...rest], labels, indexes],
        'no labels': [base, own, signatures, new Map(), indexes],
        'a label more': [base, own, signatures, new Map([...labels, [labels.size, new Uint8Array(32)]]), indexes],
        'labels counted from one': [
          base,
          own,
          signatures,
          new Map([...labels].map(([i, label]) => [i + 1, label])),
          indexes,
        ],
        'labels of another length': [base, own, signatures, new Map([...labels].map(([i]) => [i, first])), indexes],
        'labels that are numbers': [base, own, signatures, new Map([...labels].map(([i]) => [i, i])), indexes],
        'indexes in another order': [base, own, signatures, labels, indexes.toReversed()],
        'an index twice': [base, own, signatures, labels, [...indexes, indexes.at(-1) ?? 0]],
        'an index beyond the end': [base, own, signatures, labels, [...indexes, 1000]],
        'an index less': [base, own, signatures, labels, indexes.slice(1)],
        'a key of another size': [base, own.subarray(1), signatures, labels, indexes],
        'a base that is no signature': [base.subarray(1), own, signatures, labels, indexes],
      }
      for (const [how, items] of Object.entries(changes))
        it(`is false with ${how}`, () => expect(verify(write(...items))).to.equal(false))

      it('does not verify thousands of signatures', () => {
        const many = Array.from({ length: 1025 }, () => first)
        expect(failure(() => verify(write(base, own, many, labels, indexes))).code).to.equal('CANON_LIMIT')
        expect(verify(`u${'A'.repeat(1_000_000)}`)).to.equal(false)
      })
    })
})
