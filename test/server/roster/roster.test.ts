import { expect } from 'chai'
import * as fc from 'fast-check'
import { catalogue } from '../../../server/src/ErrorCatalogue.ts'
import * as Roster from '../../../server/src/roster/Roster.ts'
import * as Text from '../../../server/src/roster/Text.ts'

import { achievement, codes, namesOf, one, read, refusal, taken, utf8 } from './rosters.ts'

const runs = Number(process.env.FAST_CHECK_RUNS ?? 100)

describe('Roster', () => {
  describe('read', () => {
    it('makes a recipient of every row, in order', async () => {
      expect(await taken('name,email\nAnn,ann@example.org\nBob,bob@example.org\n')).to.deep.equal([
        {
          recipient: {
            identifiers: [
              { type: 'name', value: 'Ann' },
              { type: 'emailAddress', value: 'ann@example.org' },
            ],
          },
        },
        {
          recipient: {
            identifiers: [
              { type: 'name', value: 'Bob' },
              { type: 'emailAddress', value: 'bob@example.org' },
            ],
          },
        },
      ])
    })

    it('fills every field', async () => {
      const cells = {
        Name: 'Ann',
        'E-Mail': 'ann@example.org',
        DID: 'did:web:ann.example.org',
        achievement: 'A1',
        valid_from: '2026-03-01',
        'Valid until': '2027-03-01T10:00:00+01:00',
        awardeddate: '2026-02-27T12:00:00.5Z',
        activityStartDate: '2026-01-12',
        activityEndDate: '2026-02-20',
        creditsEarned: '2.5',
        licenseNumber: 'L-1',
        role: 'tutor',
        term: 'Spring',
        narrative: 'one\r\ntwo, "three"',
        evidenceUrl: 'https://example.org/work/1',
        evidenceName: 'Essay',
        evidenceDescription: 'An essay',
        evidenceNarrative: 'Long',
        evidenceGenre: 'Text',
        evidenceAudience: 'All',
        'Result: exam': '71.5',
        'result:Grade': 'B',
        'result:Field, work': 'with distinction',
        'result:Standing': 'Completed',
        'result:Essay': 'well done',
      }
      const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
      const roster = [Object.keys(cells), Object.values(cells)].map((row) => row.map(quote).join(',')).join('\n')
      expect(await taken(roster)).to.deep.equal([
        {
          validFrom: '2026-03-01T00:00:00Z',
          validUntil: '2027-03-01T10:00:00+01:00',
          awardedDate: '2026-02-27T12:00:00.5Z',
          recipient: {
            id: 'did:web:ann.example.org',
            identifiers: [
              { type: 'name', value: 'Ann' },
              { type: 'emailAddress', value: 'ann@example.org' },
            ],
            activityStartDate: '2026-01-12T00:00:00Z',
            activityEndDate: '2026-02-20T00:00:00Z',
            creditsEarned: 2.5,
            licenseNumber: 'L-1',
            role: 'tutor',
            term: 'Spring',
            narrative: 'one\r\ntwo, "three"',
            results: [
              { resultDescription: 'urn:uuid:1', value: '71.5' },
              { resultDescription: 'urn:uuid:2', value: 'B' },
              { resultDescription: 'urn:uuid:3', achievedLevel: 'urn:uuid:32' },
              { resultDescription: 'urn:uuid:4', status: 'Completed' },
              { resultDescription: 'urn:uuid:5', value: 'well done' },
            ],
            evidence: [
              {
                id: 'https://example.org/work/1',
                name: 'Essay',
                description: 'An essay',
                narrative: 'Long',
                genre: 'Text',
                audience: 'All',
              },
            ],
          },
        },
      ])
    })

    it('takes a wallet for the did:pkh of its account, in lower case', async () => {
      const roster = 'name,wallet\nAnn,0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\n'
      expect((await taken(roster))[0]?.recipient.id).to.equal(
        'did:pkh:eip155:1:0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
      )
    })

    it('gives evidence without an address an id that follows from the roster and the row', async () => {
      const roster = 'name,email,evidenceNarrative\nAnn,ann@example.org,Done\nBob,bob@example.org,Done\n'
      const ids = (await taken(roster)).map(({ recipient }) => recipient.evidence?.[0]?.id)
      expect(ids[0]).to.match(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
      expect(new Set(ids).size).to.equal(2)
      expect((await taken(roster)).map(({ recipient }) => recipient.evidence?.[0]?.id)).to.deep.equal(ids)
    })

    it('leaves out rows in which every cell is blank, and counts them', async () => {
      expect(await namesOf('name,email\n\nAnn,ann@example.org\n,\n \nBob,bob@example.org\n,\n\n')).to.deep.equal([
        'Ann',
        'Bob',
      ])
      expect(await codes('name,email\n\nAnn,ann@example.org\n,\nBob,bob\n')).to.deep.equal(['5 email EMAIL_INVALID'])
    })

    it('counts rows as a spreadsheet does: a quoted newline begins none', async () => {
      expect(await codes('name,email\n"Ann\nMaria",ann@example.org\nBob,bob\n')).to.deep.equal([
        '3 email EMAIL_INVALID',
      ])
    })

    it('keeps texts to the character', async () => {
      const names = [
        ' Ann ',
        '=1+1',
        '+1',
        '-1',
        '@x',
        '%3D1',
        '<b>',
        'Jos\u00e9',
        'Jose\u0301',
        'حسین‌زاده',
        '👩🏽‍🎓 𠮷野家',
        '\u200fשלום\u200e',
        '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
        'Ann ""X""\r\nMaria',
      ]
      const roster = `name,email\n${names.map((name, i) => `"${name}",p${i}@example.org`).join('\n')}`
      expect(await namesOf(roster)).to.deep.equal(names.map((name) => name.replaceAll('""', '"')))
    })

    it('does not count spaces around what is no text', async () => {
      const [row] = await taken('name,email,validFrom\nAnn, ann@example.org , 2026-03-01 \n')
      expect(row?.recipient.identifiers?.[1]?.value).to.equal('ann@example.org')
      expect(row?.validFrom).to.equal('2026-03-01T00:00:00Z')
    })

    it('is the same in every delimiter, line end and mark, whatever the texts', async () => {
      const text = fc
        .array(
          fc.oneof(
            fc.constantFrom(',', ';', '"', '""', '\n', '\r\n', ' ', '=', 'é', 'ש', '𠮷'),
            fc.string({ unit: 'grapheme', maxLength: 4 }),
          ),
          { maxLength: 12 },
        )
        .map((parts) => `x${parts.join('').replace(/\r(?!\n)/g, '')}`)
        .filter((cell) => Text.flaw(cell, 300) === undefined)
      const table = fc.array(fc.tuple(text, text, text), { minLength: 1, maxLength: 8 })
      await fc.assert(
        fc.asyncProperty(
          table,
          fc.constantFrom(',', ';', '\t'),
          fc.constantFrom('\n', '\r\n'),
          fc.boolean(),
          fc.boolean(),
          fc.boolean(),
          async (rows, delimiter, newline, mark, last, always) => {
            const quote = (cell: string) =>
              always || /["\n\r,;\t]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
            const lines = [
              ['name', 'email', 'narrative', 'role'],
              ...rows.map(([name, narrative, role], i) => [name, `p${i}@example.org`, narrative, role]),
            ]
            const csv = lines.map((line) => line.map(quote).join(delimiter)).join(newline)
            const read = await taken(`${mark ? '\ufeff' : ''}${csv}${last ? newline : ''}`)
            expect(
              read.map(({ recipient }) => [recipient.identifiers?.[0]?.value, recipient.narrative, recipient.role]),
            ).to.deep.equal(rows)
          },
        ),
        { numRuns: runs },
      )
    })

    it('either reads or names what is wrong, whatever the bytes', async () => {
      const hostile = fc.oneof(
        fc.uint8Array({ maxLength: 200 }),
        fc
          .array(
            fc.constantFrom(
              'name',
              'email',
              'did',
              ',',
              ';',
              '\t',
              '"',
              '\n',
              '\r',
              '\r\n',
              '\ufeff',
              'a@example.org',
              '\0',
              'Ann',
              ' ',
            ),
            { maxLength: 40 },
          )
          .map((parts) => utf8(parts.join(''))),
      )
      await fc.assert(
        fc.asyncProperty(hostile, async (bytes) => {
          try {
            expect((await read(bytes)).length).to.be.greaterThan(0)
          } catch (error) {
            expect(error).to.be.instanceOf(Roster.InvalidRosterError)
            const { code, problems } = error as Roster.InvalidRosterError
            for (const known of [code, ...problems.map((problem) => problem.code)])
              expect(catalogue).to.have.property(known)
            expect(code === 'ROW_INVALID').to.equal(problems.length > 0)
          }
        }),
        { numRuns: runs * 3 },
      )
    })
  })

  describe('refuses a file', () => {
    const files: readonly (readonly [what: string, file: string | Uint8Array, code: string])[] = [
      ['that is empty', '', 'CSV_EMPTY'],
      ['that is blank', '\ufeff \r\n\n', 'CSV_EMPTY'],
      ['of empty cells', ',,\n,,\n', 'CSV_EMPTY'],
      ['of a header alone', 'name,email\n', 'CSV_NO_ROWS'],
      ['of a header and blank rows', 'name,email\n,\n\n', 'CSV_NO_ROWS'],
      ['in UTF-16 with a mark', Buffer.from('\ufeffname,email\nAnn,a@example.org\n', 'utf16le'), 'CSV_NOT_UTF8'],
      ['in UTF-16 without a mark', Buffer.from('name,email\nAnn,a@example.org\n', 'utf16le'), 'CSV_NOT_UTF8'],
      ['in UTF-16, big end first', Buffer.from('\ufeffname,email\n', 'utf16le').swap16(), 'CSV_NOT_UTF8'],
      ['that is a spreadsheet', Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), 'FILE_TYPE'],
      ['that is an old spreadsheet', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), 'FILE_TYPE'],
      ['that is a PDF', utf8('%PDF-1.7'), 'FILE_TYPE'],
      ['that is compressed', Uint8Array.of(0x1f, 0x8b, 8, 0), 'FILE_TYPE'],
      ['with lone carriage returns', 'name,email\rAnn,a@example.org\n', 'CSV_LINE_ENDING'],
      ['of an old Macintosh', 'name,email\rAnn,a@example.org\r', 'CSV_LINE_ENDING'],
      ['with two delimiters', 'name,email;role\nAnn,a@example.org;x\n', 'CSV_DELIMITER'],
      ['that is too large', new Uint8Array(64 * 1024 * 1024 + 1), 'PAYLOAD_TOO_LARGE'],
      ['of too many people', `name,email\n${'A,a\n'.repeat(100_001)}`, 'BATCH_TOO_LARGE'],
    ]
    for (const [what, file, code] of files)
      it(what, async () => {
        const limits = { maximumBytes: 64 * 1024 * 1024, maximumPeople: 100_000 }
        expect(await codes(file, limits)).to.deep.equal([code])
      })
  })

  describe('refuses a header', () => {
    const headers: readonly (readonly [what: string, roster: string, problems: readonly string[]])[] = [
      ['with an unknown column', 'name,email,shoe\nAnn,a@example.org,9\n', ['1 C CSV_UNKNOWN_COLUMN']],
      [
        'with members of Object',
        'name,email,__proto__,constructor\nAnn,a@example.org,x,y\n',
        ['1 C CSV_UNKNOWN_COLUMN', '1 D CSV_UNKNOWN_COLUMN'],
      ],
      ['with a column that has no name', 'name,email,\nAnn,a@example.org,\n', ['1 C CSV_UNKNOWN_COLUMN']],
      ['with a column twice', 'name,email,Name\nAnn,a@example.org,Eve\n', ['1 name CSV_DUPLICATE_HEADER']],
      [
        'with a column twice in two spellings',
        'name,email,valid from,validFrom\nAnn,a@example.org,,\n',
        ['1 validFrom CSV_DUPLICATE_HEADER'],
      ],
      [
        'with a result twice',
        'name,email,result:Exam,result: exam\nAnn,a@example.org,1,2\n',
        ['1 D CSV_DUPLICATE_HEADER'],
      ],
      ['without names', 'email\na@example.org\n', ['1 name CSV_MISSING_COLUMN']],
      ['without identifiers', 'name,role\nAnn,x\n', ['1 email CSV_MISSING_COLUMN']],
      [
        'with a result that the achievement has not',
        'name,email,result:Jump\nAnn,a@example.org,1\n',
        ['1 C RESULT_UNKNOWN'],
      ],
      ['with a result without a name', 'name,email,result:\nAnn,a@example.org,1\n', ['1 C RESULT_UNKNOWN']],
      [
        'that is a person',
        'Ann,a@example.org\nBob,b@example.org\n',
        ['1 A CSV_UNKNOWN_COLUMN', '1 B CSV_UNKNOWN_COLUMN', '1 name CSV_MISSING_COLUMN', '1 email CSV_MISSING_COLUMN'],
      ],
    ]
    for (const [what, roster, problems] of headers)
      it(what, async () => {
        expect(await codes(roster)).to.deep.equal(problems)
      })

    it('when two results differ in case alone and neither is meant exactly', async () => {
      const resultDescription = ['Exam', 'EXAM'].map((name, i) => ({
        id: `urn:uuid:${i}`,
        name,
        resultType: 'Result',
        type: ['ResultDescription'],
      }))
      const more = { achievement: { ...achievement, resultDescription } }
      expect(await codes('name,email,result:exam\nAnn,a@example.org,1\n', more)).to.deep.equal(['1 C RESULT_UNKNOWN'])
      expect((await taken('name,email,result:EXAM\nAnn,a@example.org,1\n', more))[0]?.recipient.results).to.deep.equal([
        { resultDescription: 'urn:uuid:1', value: '1' },
      ])
    })

    it('with results, when it is not said what is awarded', async () => {
      const { code } = await refusal('name,email,result:Exam\nAnn,a@example.org,1\n', { achievement: {} })
      expect(code).to.equal('ROW_INVALID')
    })
  })

  describe('refuses a row', () => {
    const rows: readonly (readonly [what: string, roster: string | Uint8Array, problems: readonly string[]])[] = [
      ['with a cell too many', 'name,email\nAnn,a@example.org\nBob,b@example.org,x\n', ['3 - CSV_COLUMN_COUNT']],
      ['with a cell missing', 'name,email\nAnn\n', ['2 - CSV_COLUMN_COUNT']],
      ['that opens a quote', 'name,email\n"Ann,a@example.org\nBob,b@example.org\n', ['2 - CSV_UNCLOSED_QUOTE']],
      ['with a quote in the midst', 'name,email\nAnn "X" Lee,a@example.org\n', ['2 - CSV_QUOTE_MISPLACED']],
      ['with text after a quote', 'name,email\n"Ann"x,a@example.org\n', ['2 - CSV_QUOTE_MISPLACED']],
      [
        'before and at a misplaced quote',
        'name,email\nAnn,a\n"B"b,b@example.org\n',
        ['2 email EMAIL_INVALID', '3 - CSV_QUOTE_MISPLACED'],
      ],
      ['that is not UTF-8', Buffer.from('name,email\nJos\xe9,a@example.org\n', 'latin1'), ['2 name CSV_NOT_UTF8']],
      [
        'that is not UTF-8, each of them',
        Buffer.from('name,email\nJos\xe9,a@example.org\nBob,b@example.org\nZo\xeb,c\n', 'latin1'),
        ['2 name CSV_NOT_UTF8', '4 name CSV_NOT_UTF8', '4 email EMAIL_INVALID'],
      ],
      [
        'with half a surrogate pair',
        Buffer.from('name,email\nA\xed\xa0\x80,a@example.org\n', 'latin1'),
        ['2 name CSV_NOT_UTF8'],
      ],
      ['without a name', 'name,email\n ,a@example.org\n', ['2 name NAME_MISSING']],
      ['with a name of no width', 'name,email\n\u200b\u200d,a@example.org\n', ['2 name NAME_MISSING']],
      ['with a name of fillers', 'name,email\n\u3164\u115f,a@example.org\n', ['2 name NAME_MISSING']],
      ['with a name of a bare mark', 'name,email\n\u0301,a@example.org\n', ['2 name NAME_MISSING']],
      [
        'with a name that is too long',
        `name,email\nA${'\u0301'.repeat(1000)},a@example.org\n`,
        ['2 name STRING_TOO_LONG'],
      ],
      ['that identifies nobody', 'name,email,did,wallet\nAnn,,,\n', ['2 email RECIPIENT_UNKNOWN']],
      [
        'with a DID and a wallet',
        'name,did,wallet\nAnn,did:web:a.example.org,0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266\n',
        ['2 wallet IDENTIFIER_CONFLICT'],
      ],
      ['under the issuer’s DID', 'name,did\nAnn,did:web:issuer.example.org\n', ['2 did ID_TAKEN']],
      ['for the same address', 'name,email\nAnn,a@example.org\nAnne,A@EXAMPLE.org\n', ['3 email DUPLICATE_ROW']],
      [
        'for the same wallet',
        'name,wallet,did\nA,0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266,\nB,,did:pkh:eip155:1:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266\n',
        ['3 did DUPLICATE_ROW'],
      ],
      ['for another achievement', one('achievement', 'A2'), ['2 achievement ACHIEVEMENT_MISMATCH']],
      [
        'that ends before it begins',
        'name,email,validFrom,validUntil\nAnn,a@example.org,2026-03-02,2026-03-01T23:59:59Z\n',
        ['2 validUntil PERIOD_INVALID'],
      ],
      ['that ends before it is issued', one('validUntil', '2026-02-28'), ['2 validUntil PERIOD_INVALID']],
      [
        'of an activity that ends before it begins',
        'name,email,activityStartDate,activityEndDate\nAnn,a@example.org,2026-03-02T00:00:00+01:00,2026-03-01T22:00:00Z\n',
        ['2 activityEndDate PERIOD_INVALID'],
      ],
      [
        'with the achievement as evidence',
        one('evidenceUrl', 'https://example.org/achievements/a1'),
        ['2 evidenceUrl ID_TAKEN'],
      ],
    ]
    for (const [what, roster, problems] of rows)
      it(what, async () => {
        expect(await codes(roster)).to.deep.equal(problems)
      })

    it('with everything that is wrong in it, and in every other, at once and in order', async () => {
      const roster = [
        'name,email,wallet,validFrom,creditsEarned,evidenceUrl,result:Exam',
        'Ann,ann,,2026-02-30,"2,5",example.org,101',
        'Bob,bob@example.org,0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267,,,,',
        'Eve,eve@example.org,,,,,',
        ',bob@example.org,,03/04/2026,,,',
      ].join('\n')
      expect(await codes(roster)).to.deep.equal([
        '2 email EMAIL_INVALID',
        '2 validFrom DATE_INVALID',
        '2 creditsEarned NUMBER_FORMAT',
        '2 result:Exam RESULT_VALUE',
        '2 evidenceUrl URL_INVALID',
        '3 wallet ADDRESS_CHECKSUM',
        '5 name NAME_MISSING',
        '5 validFrom DATE_FORMAT',
        '5 email DUPLICATE_ROW',
      ])
    })

    it('and says at which byte a file ceases to be UTF-8', async () => {
      const file = Buffer.from('name,email\nAnn,a@example.org\nJos\xe9,b@example.org\n', 'latin1')
      expect((await refusal(file)).facts.offset).to.equal(file.indexOf(0xe9))
      const cut = Buffer.concat([utf8('name,email\nAnn,a@example.org\nBob,b@example.org'), Uint8Array.of(0xc3)])
      expect((await refusal(cut)).facts.offset).to.equal(cut.length - 1)
      expect((await refusal('name,email\n,a\n')).facts).not.to.have.property('offset')
    })

    it('and never repeats what stands in it', async () => {
      const secret = 'Xylophona'
      const error = await refusal(
        `name,email,did,validFrom,role\n${secret},${secret},${secret},${secret},${secret}\t\n`,
      )
      expect(JSON.stringify([error.message, error.facts, error.problems])).not.to.contain(secret)
      expect((await refusal(`${secret},x\n${secret},y\n`)).message).not.to.contain(secret)
    })

    it('names one wrong row among ten thousand', async () => {
      const lines = Array.from(
        { length: 10_000 },
        (_, i) => `U${i},u${i}@example.org,${i === 6_999 ? '2026-13-01' : '2026-01-01T00:00:00Z'}`,
      )
      expect(await codes(`name,email,validFrom\n${lines.join('\n')}\n`)).to.deep.equal(['7001 validFrom DATE_INVALID'])
    })
  })
})
