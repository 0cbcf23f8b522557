import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import * as Sha256 from '@laurel/core/Sha256'
import { Policy } from '@laurel/verifier'
import { expect } from 'chai'
import { parse } from 'csv-parse/sync'
import * as SqlStores from '../../../server/src/adapters/store/SqlStores.ts'
import { EmptyError, importOriginals } from '../../../server/src/moving/import-originals.ts'
import { TooManyError } from '../../../server/src/moving/read-export.ts'
import { rosterOf } from '../../../server/src/moving/roster-of.ts'
import type { VerificationOfEach } from '../../../server/src/ports/Verification.ts'
import * as Columns from '../../../server/src/roster/Columns.ts'
import * as Issuer from '../../verifier/openbadges2/Issuer.ts'

/** The verifier, before a web in which nothing is but the issuer's site. */
const verifyEach: VerificationOfEach = async (document) => {
  const { report } = await Issuer.judge(document)
  return [{ report, decision: Policy.decide(report) }]
}

const recipient = { type: 'email', hashed: false, identity: 'ada@example.org', name: 'Lovelace, "Ada"' }
const valid = Issuer.token({
  ...Issuer.signedAssertion,
  recipient,
  id: 'urn:uuid:5a1f3f0a-5f2d-4c3a-9a73-0f4f2d6e7d11',
})
const forged = `${valid.slice(0, -10)}AAAAAAAAAA`
const row = { recipient_email: 'bob@example.org', issued_to: 'Bob', badge_template: { id: 't', name: 'Robotics' } }

describe('Badges of others', () => {
  let folder: string
  let stores: Awaited<ReturnType<typeof SqlStores.open>>
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'laurel-import-'))
    stores = await SqlStores.open(join(folder, 'laurel.db'))
  })
  afterEach(async () => {
    await stores.store.close()
    await rm(folder, { recursive: true })
  })
  const context = () => ({
    imports: stores.imports,
    verifyEach,
    clock: { now: () => 7 },
    randomness: { bytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)) },
  })
  const bring = async (value: unknown, options = {}) => {
    const file = { name: 'a.json', bytes: Bytes.fromUtf8(JSON.stringify(value)) }
    const imported = await importOriginals(file, context(), options)
    return { ...imported, id: imported.made.id ?? '' }
  }

  it('are kept to the byte, with what the verifier finds of them', async () => {
    const { id, added } = await bring([valid, forged])
    expect(added).to.equal(true)
    const [first, second] = await stores.imports.originals(id, 0, 10)
    expect(first?.judged).to.deep.include({ verdict: 'accepted', code: 'ACCEPTED' })
    expect(first?.judged.checks.length).to.be.greaterThan(3)
    expect(second?.judged.verdict).to.equal('rejected')
    expect(first?.digest).to.equal(Bytes.toHex(Sha256.digest(Bytes.fromUtf8(valid))))
    expect(Buffer.from((await stores.imports.original(id, 1))?.bytes ?? []).toString()).to.equal(valid)
  })

  it('are never more than unknown where a list says so and nobody has signed it', async () => {
    const { outcomes } = await bring({ data: [row, { state: 'accepted' }] })
    expect(outcomes).to.deep.equal([
      { name: 'a.json#/data/0', outcome: 'unknown', code: 'ORIGINAL_UNSIGNED' },
      { name: 'a.json#/data/1', outcome: 'refused', code: 'IMPORT_ROW' },
    ])
  })

  it('are told and not kept in a dry run, and kept once however often they come', async () => {
    const dry = await bring([valid], { dryRun: true })
    expect([dry.added, dry.made.id, dry.made.total]).to.deep.equal([false, null, 1])
    expect(await stores.imports.imports()).to.deep.equal([])
    const first = await bring([valid])
    const again = await bring([valid])
    expect([first.added, again.added, again.id]).to.deep.equal([true, false, first.id])
    expect(again.outcomes).to.deep.equal(first.outcomes)
  })

  it('are refused where there are none, and it is told why', async () => {
    const error = await bring({ data: [{ state: 'accepted' }] }).catch((reason) => reason)
    expect(error).to.be.instanceOf(EmptyError)
    expect(error.wrong).to.deep.equal([
      { name: 'a.json#/data/0', code: 'IMPORT_ROW', message: 'This row names nobody, or no badge.' },
    ])
  })

  it('are refused whole where there are too many, and nothing of them is left', async () => {
    const error = await bring([valid, valid, valid], { limits: { badges: 2 } }).catch((reason) => reason)
    expect(error).to.be.instanceOf(TooManyError)
    expect(await stores.imports.imports()).to.deep.equal([])
    expect(await stores.imports.find('urn:uuid:5a1f3f0a-5f2d-4c3a-9a73-0f4f2d6e7d11')).to.deep.equal([])
    expect((await bring([valid, valid, valid])).added).to.equal(true)
  })

  it('are stored fewer at a time where they are large', async () => {
    const sizes: number[] = []
    const append: typeof stores.imports.append = (id, after, some) => {
      sizes.push(some.length)
      return stores.imports.append(id, after, some)
    }
    const large = { ...row, narrative: 'x'.repeat(6 * 1024 * 1024) }
    const file = { name: 'a.json', bytes: Bytes.fromUtf8(JSON.stringify({ data: [large, large, large, large] })) }
    const { made } = await importOriginals(file, { ...context(), imports: { ...stores.imports, append } })
    expect([made.total, sizes]).to.deep.equal([4, [3, 1]])
  })

  it('are found by what they call themselves', async () => {
    const { id } = await bring([{ ...Issuer.assertion }, valid])
    const found = await stores.imports.find('urn:uuid:5a1f3f0a-5f2d-4c3a-9a73-0f4f2d6e7d11')
    expect(found).to.deep.equal([{ import: id, row: 2 }])
  })

  it('become a roster, with each original as evidence that is not ours; nothing forged is on it', async () => {
    const { id } = await bring([valid, forged])
    const rows = await bring({ data: [row, { ...row, state: 'revoked' }] })
    const roster = async (id: string, options = {}) => {
      let text = ''
      for await (const part of rosterOf({ id }, stores.imports, options)) text += part
      return parse(text, { columns: true }) as Record<string, string>[]
    }
    const [line, ...others] = await roster(id)
    expect(others).to.deep.equal([])
    expect(line).to.include({ name: 'Lovelace, "Ada"', email: 'ada@example.org', evidenceUrl: '' })
    expect(line?.evidenceDescription).to.match(/not by us\. SHA-256 of the original: [0-9a-f]{64}$/)
    expect(Columns.find(Object.keys(line ?? {}), []).problems).to.deep.equal([])
    expect(await roster(rows.id)).to.deep.equal([])
    const unverified = await roster(rows.id, { unverified: true, achievement: 'Robotics' })
    expect(unverified.map(({ email }) => email)).to.deep.equal(['bob@example.org'])
    expect(await roster(rows.id, { unverified: true, achievement: 'Chess' })).to.deep.equal([])
  })
})
