import { readFileSync } from 'node:fs'
import * as AchievementCredential from '@laurel/core/AchievementCredential'
import { expect } from 'chai'
import * as Achievement from '../../../server/src/achievement/Achievement.ts'
import type { Fields } from '../../../server/src/Document.ts'

import { read, refusal, taken } from './rosters.ts'

describe('A roster from somewhere', () => {
  describe('the table of hostile inputs', () => {
    type Entry = {
      readonly id: string
      readonly surface: string
      readonly description: string
      readonly input?: { readonly kind: string; readonly value: string }
      readonly expected: { readonly verdict: string; readonly code?: string; readonly field?: string }
    }
    let entries: readonly Entry[] = []
    before(function () {
      try {
        const url = new URL('../../../../shared/reference/hostile-inputs.json', import.meta.url)
        entries = JSON.parse(readFileSync(url, 'utf8'))
      } catch {
        console.log('      SKIPPED: the table of hostile inputs is not here')
        this.skip()
      }
    })

    it('is obeyed', async () => {
      const texts = entries.filter(
        ({ surface, input }) => surface === 'csv-upload' && /^(text|base64)$/.test(input?.kind ?? ''),
      )
      expect(texts.length).to.be.greaterThan(20)
      for (const { id, input, expected } of texts) {
        const bytes = Buffer.from(input?.value ?? '', input?.kind === 'base64' ? 'base64' : 'utf8')
        // CSV-006 stands among the accepted, but its effect says that a carriage return is refused.
        if (expected.verdict === 'accept' && id !== 'CSV-006')
          expect((await taken(bytes)).length, id).to.equal(bytes.toString().includes('b@ex') ? 2 : 1)
        else {
          const { code, problems } = await refusal(bytes)
          const [, row] = /^\/rows\/(\d+)/.exec(expected.field ?? '') ?? []
          const [first] = problems
          expect(first?.code ?? code, id).to.equal(expected.code ?? 'CSV_CONTROL_CHAR')
          // There the first person is 1; here rows are as a spreadsheet shows them.
          if (row !== undefined && first !== undefined) expect(first.row, id).to.equal(Number(row) + 1)
        }
      }
    })
  })

  describe('the sample', () => {
    const file = (name: string) => readFileSync(new URL(`../../../samples/${name}`, import.meta.url))
    const sample = Achievement.read(file('achievement.json'))
    let people: readonly Fields[]
    let names: readonly string[]
    before(async () => {
      people = await read(file('roster.csv'), { achievement: sample.definition })
      names = people.map(({ recipient }) => recipient.identifiers?.[0]?.value ?? '')
    })

    it('has at least 120 people', () => {
      expect(people).to.have.length.of.at.least(120)
      expect(new Set(names).size).to.equal(people.length)
    })

    it('has names in at least ten scripts, of both directions', () => {
      const scripts = [
        'Latin',
        'Greek',
        'Cyrillic',
        'Arabic',
        'Hebrew',
        'Devanagari',
        'Bengali',
        'Tamil',
        'Thai',
        'Han',
        'Hiragana',
        'Katakana',
        'Hangul',
        'Georgian',
        'Armenian',
        'Ethiopic',
      ]
      for (const script of scripts) {
        const bearers = names.filter((name) => new RegExp(`\\p{Script=${script}}`, 'u').test(name))
        expect(bearers, script).not.to.have.length(0)
      }
      expect(names.filter((name) => /[\p{Script=Hebrew}\p{Script=Arabic}]/u.test(name))).to.have.length.of.at.least(15)
    })

    it('has a row with every field, rows with DIDs, wallets, evidence, and newlines in texts', () => {
      const every = people.filter(
        ({ recipient, ...dates }) =>
          Object.keys(dates).length === 3 &&
          Object.keys(recipient).length === 11 &&
          Object.keys(recipient.evidence?.[0] ?? {}).length === 6,
      )
      expect(every).to.have.length(1)
      const count = (test: (person: (typeof people)[number]) => boolean | undefined) => people.filter(test).length
      expect(count(({ recipient }) => recipient.id?.startsWith('did:key:'))).to.be.greaterThan(10)
      expect(count(({ recipient }) => recipient.id?.startsWith('did:pkh:'))).to.be.greaterThan(5)
      expect(count(({ recipient }) => recipient.evidence !== undefined)).to.be.greaterThan(30)
      expect(count(({ recipient }) => recipient.narrative?.includes('\n'))).to.be.greaterThan(8)
      expect(count(({ recipient }) => recipient.results?.length === 3)).to.equal(people.length)
    })

    it('can be built as credentials', () => {
      for (const { recipient, ...dates } of people) {
        const credential = AchievementCredential.build({
          id: 'urn:uuid:00000000-0000-4000-8000-000000000000',
          issuer: { id: 'did:web:issuer.example.org', type: ['Profile'], name: 'Issuer' },
          achievement: sample.definition as unknown as AchievementCredential.Achievement,
          recipient,
          validFrom: '2026-03-01T00:00:00Z',
          ...dates,
        })
        expect(credential).to.have.property('credentialSubject')
      }
    })
  })
})
