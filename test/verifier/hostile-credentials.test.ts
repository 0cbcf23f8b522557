import { readFileSync } from 'node:fs'
import { Policy, verify } from '@laurel/verifier'
import { nobody } from '@laurel/verifier/Readers'
import { expect } from 'chai'
import * as Badges from '../support/Badges.ts'
import * as HostileCredentials from './HostileCredentials.ts'

const { cases, did } = HostileCredentials
const here = new URL('../', import.meta.url)

/** Those that are more than a document: where they are tested, by the title of the test. */
const elsewhere: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'VC-008': ['core/Contexts.test.ts', 'refuses a copy that was changed, or is missing'],
  'VC-029': ['verifier/status.test.ts', 'a list by another key'],
  'VC-030': ['verifier/status.test.ts', 'a list for another purpose'],
  'VC-031': ['verifier/status.test.ts', 'a copy that is too old'],
  'VC-033': ['verifier/status.test.ts', 'a short list'],
  'VC-034': ['verifier/status.test.ts', 'a list with another id'],
  'VC-036': ['verifier/variants.test.ts', 'with two statuses: could not tell'],
  'VC-039': ['core/Rdfc.test.ts', 'CANON_LIMIT'],
  'VC-042': ['core/Ed25519.test.ts', 'small order'],
  'VC-043': ['core/PublicKey.test.ts', 'says of every signature of Wycheproof'],
  'VC-050': ['verifier/variants.test.ts', 'never anchored: rejected'],
  'VC-051': ['verifier/directory.test.ts', 'the account stolen before'],
  'VC-054': ['verifier/variants.test.ts', 'another one answers: could not tell'],
  'VC-055': ['verifier/readers.test.ts', 'does not take a young anchor for a final one'],
  'VC-060': ['verifier/presentations.test.ts', 'is rejected when it is changed, or answers something else'],
}

/** Those of which nothing is expected here, and why. */
const struckOut: Readonly<Record<string, string>> = {
  'VC-049':
    'An anchor is a proof here, not evidence: its chain stands in the signed manifest (variants: "not trusted").',
  'VC-064': 'The time is an argument, never the machine’s own; a report has no warnings beside its checks.',
}

describe('The hostile credentials and tokens of the table', function () {
  this.timeout(60_000)
  const entries = HostileCredentials.entries()
  if (entries === undefined) {
    it('are answered as expected', function () {
      console.log('      SKIPPED: the table of hostile inputs is not beside this clone')
      this.skip()
    })
    return
  }
  it('are all answered, named elsewhere or struck out', () => {
    const known = [...Object.keys(cases), ...Object.keys(elsewhere), ...Object.keys(struckOut)]
    expect(known).to.have.members(entries.map(({ id }) => id))
  })

  for (const entry of entries) {
    const made = cases[entry.id]
    if (made === undefined) continue
    const [make, decision] = made
    it(`${entry.id} ${entry.description}: ${decision}`, async () => {
      const input = make(entry)
      const asked: string[] = []
      const readers = {
        ...nobody,
        did: async (asks: string) => void asked.push(asks),
        statusLists: async (url: string) => {
          asked.push(url)
          return []
        },
      }
      const start = performance.now()
      const report = await verify(typeof input === 'string' ? input : JSON.stringify(input), {
        trust: Badges.trusting(did),
        readers,
        now: Badges.now,
      })
      // Generous: what would not end, or take memory without end, takes minutes.
      expect(performance.now() - start).to.be.lessThan(20_000)
      const { verdict, check, code } = Policy.decide(report)
      expect([verdict, check, code].join(' ')).to.equal(decision)
      expect(report.checks).to.have.length(9)
      expect(asked).to.deep.equal([])
      const { verdict: expected } = entry.expected
      if (expected !== 'valid') expect(verdict).to.not.equal('accepted')
    })
  }

  for (const [id, [file, title]] of Object.entries(elsewhere))
    it(`${id} is tested in ${file}: ${title}`, () => {
      expect(readFileSync(new URL(file, here), 'utf8')).to.include(title)
    })
})
