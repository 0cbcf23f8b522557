import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Json from '../../core/src/Json.ts'
import * as Keepsake from '../../core/src/Keepsake.ts'
import { failure } from './support.ts'

const folder = new URL('../vectors/keepsake-v1/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.laurel'))
const text = (name: string) => readFileSync(new URL(name, folder), 'utf8')
const value = (name: string) => Json.parseObject(text(name))

describe('Keepsake', () => {
  it('has golden files', () => expect(names).to.have.length(4))

  for (const name of names)
    it(`reads ${name}, and writes it again`, () => {
      expect(Keepsake.text(Keepsake.read(value(name)))).to.equal(text(name))
    })

  const golden = value('B-3-0.laurel')
  const code = (change: Json.Object) => failure(() => Keepsake.read({ ...golden, ...change })).code
  const [proof] = golden.storageProofs as readonly Json.Object[]

  it('refuses strangers', () => {
    for (const change of [{ type: 'LaurelTicket' }, { version: 2 }, { version: '1' }, { version: null }])
      expect(code(change)).to.equal('KEEPSAKE_VERSION')
  })

  it('refuses a member too few or too many', () => {
    for (const name of Object.keys(golden).filter((each) => each !== 'type' && each !== 'version')) {
      const { [name]: _, ...rest } = golden
      const { code, facts } = failure(() => Keepsake.read(rest))
      expect([code, facts]).to.deep.equal(['KEEPSAKE_INVALID', { member: '' }])
    }
    expect(code({ note: 'x' })).to.equal('KEEPSAKE_INVALID')
  })

  for (const [what, change] of [
    ['a credential that is none', { credential: [] }],
    ['a credential as text', { credential: 'eyJ' }],
    ['no credential', { credential: null }],
    ['a manifest as text', { manifest: '{}' }],
    ['a DID document as text', { didDocument: 'did:key:z6Mk' }],
    ['a list that is none', { statusLists: ['https://x.example'] }],
    ['a list without a name', { statusLists: [{}] }],
    ['a list twice', { statusLists: [{ id: 'a' }, { id: 'a' }] }],
    ['more lists than there are', { statusLists: Array.from({ length: 9 }, (_, i) => ({ id: `${i}` })) }],
    ['lists as an object', { statusLists: {} }],
    ['no storage proofs', { storageProofs: null }],
    ['a storage proof that is none', { storageProofs: [null] }],
    ['a storage proof without a header', { storageProofs: [{ ...proof, headers: [] }] }],
    ['a storage proof of no chain', { storageProofs: [{ ...proof, chainId: '31337' }] }],
    ['a storage proof with more', { storageProofs: [{ ...proof, note: 'x' }] }],
    ['a node in upper case', { storageProofs: [{ ...proof, account: ['0xAB'] }] }],
    ['an empty node', { storageProofs: [{ ...proof, account: ['0x'] }] }],
    ['half a byte', { storageProofs: [{ ...proof, storage: ['0xabc'] }] }],
    ['a node larger than any', { storageProofs: [{ ...proof, storage: [`0x${'ab'.repeat(1_025)}`] }] }],
    ['more nodes than a trie is deep', { storageProofs: [{ ...proof, storage: Array(65).fill('0xab') }] }],
    ['more headers than allowed', { storageProofs: [{ ...proof, headers: Array(257).fill('0xab') }] }],
  ] as readonly (readonly [string, Json.Object])[])
    it(`refuses ${what}`, () => expect(code(change)).to.equal('KEEPSAKE_INVALID'))

  it('refuses a manifest that is not well formed', () => {
    expect(code({ manifest: { ...(golden.manifest as Json.Object), note: 'x' } })).to.equal('MANIFEST_INVALID')
    expect(code({ manifest: {} })).to.equal('MANIFEST_VERSION')
  })

  it('may lack what a credential without an anchor has not', () => {
    const read = Keepsake.read({ ...golden, manifest: null, didDocument: null, statusLists: [], storageProofs: [] })
    expect(read).to.deep.equal({ credential: golden.credential, statusLists: [], storageProofs: [] })
    expect(Keepsake.text(read)).to.contain('"manifest": null')
  })

  it('hands out manifest and lists as the bytes that were published', () => {
    const { manifest = new Uint8Array(), statusLists } = Keepsake.read(golden)
    const published = (name: string) => new Uint8Array(readFileSync(new URL(`../laurel-v1/golden/${name}`, folder)))
    expect(Bytes.equals(manifest, published('B-3-manifest.json'))).to.equal(true)
    expect(statusLists.map(({ bytes }) => bytes)).to.deep.equal([
      published('B-status-revocation.json'),
      published('B-status-suspension.json'),
    ])
  })
})
