import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { expect } from 'chai'
import * as Anchoring from '../../../server/src/audit/Anchoring.ts'
import * as Entry from '../../../server/src/audit/Entry.ts'

const note: Entry.Note = {
  organisation: 'home',
  at: Date.UTC(2026, 10, 26, 12),
  principal: 'key:0a1b2c3d',
  operation: 'revokeCredential',
  objects: ['00000000-0000-4000-8000-000000000001'],
  request: '00000000-0000-4000-8000-000000000002',
  outcome: 'asked',
  code: null,
}

describe('an entry of the audit log', () => {
  it('has the hash that anybody computes from what is told of it', () => {
    const first = Entry.seal(note, undefined)
    const second = Entry.seal({ ...note, outcome: 'done' }, first)
    for (const entry of [first, second]) {
      const { hash, ...rest } = Entry.told(entry)
      const canonical = canonicalize(rest) as string
      expect(hash).to.equal(`0x${createHash('sha256').update(canonical).digest('hex')}`)
    }
    expect([first.sequence, first.previous]).to.deep.equal([1, `0x${'0'.repeat(64)}`])
    expect([second.sequence, second.previous]).to.deep.equal([2, first.hash])
  })

  it('has the same hash for ever', () => {
    expect(Entry.seal(note, undefined).hash).to.equal(
      '0x7e0be3efe9a97fb783ba412e6bd5a78cc6f558887ab15e66d45ef44dca0b2bb7',
    )
    const heads = [{ organisation: 'home', sequence: 7, hash: Entry.beginning }]
    expect(Anchoring.digestOf({ number: 1, at: note.at, heads })).to.equal(
      '0x99594ace9b72c6bbc459afed2075168b969a57bc8653d1fcf2b10154ec7b2fe2',
    )
  })

  it('has another hash when anything of it is another', () => {
    const { hash, ...entry } = Entry.seal(note, undefined)
    const others = {
      organisation: 'other',
      at: note.at + 1,
      principal: 'anybody',
      operation: 'suspendCredential',
      objects: [],
      request: '00000000-0000-4000-8000-000000000003',
      outcome: 'done',
      code: 'INTERNAL',
      sequence: 2,
      previous: `0x${'11'.repeat(32)}`,
    } as const
    for (const [name, value] of Object.entries(others))
      expect(Entry.hashOf({ ...entry, [name]: value }), name).to.not.equal(hash)
    expect(Object.keys(others).sort()).to.deep.equal(Object.keys(entry).sort())
  })

  it('names ids, and nothing that may be a name or an address', () => {
    const given = [
      'urn:uuid:00000000-0000-4000-8000-000000000001',
      '00000000-0000-4000-8000-000000000001',
      '2026-11-26-0a1b2c3d',
      '0a1b2c3d',
      '42',
      'ada@example.org',
      'Ada',
      'ada.json',
      `0x${'ab'.repeat(20)}`,
      '',
    ]
    expect(Entry.idsOf(given)).to.deep.equal([
      '00000000-0000-4000-8000-000000000001',
      '00000000-0000-4000-8000-000000000001',
      '2026-11-26-0a1b2c3d',
      '0a1b2c3d',
      '42',
    ])
  })
})
