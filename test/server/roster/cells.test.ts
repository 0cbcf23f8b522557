import { expect } from 'chai'

import { codes, one, taken } from './rosters.ts'

describe('The cells of a roster', () => {
  describe('cells', () => {
    const cells: Readonly<
      Record<string, { readonly good: readonly string[]; readonly bad: Readonly<Record<string, readonly string[]>> }>
    > = {
      validFrom: {
        good: ['2026-03-01', '2024-02-29', '2026-03-01T09:30:00Z', '2026-03-01T09:30:00.123+05:45', '1900-01-01'],
        bad: {
          DATE_INVALID: [
            '2026-02-30',
            '2026-02-29',
            '2026-13-01',
            '2026-00-10',
            '2026-02-30T00:00:00Z',
            '2026-03-01T24:00:00Z',
            '2026-03-01T23:59:60Z',
            '0226-03-01',
          ],
          DATE_FORMAT: [
            '03/04/2026',
            '3.4.2026',
            '46000',
            '2026-3-1',
            '2026-03-01T09:30:00',
            '2026-03-01 09:30',
            '20260301',
            '2026-03-01Z',
            'tomorrow',
            '2026-03-01t00:00:00z',
            '２０２６-03-01',
          ],
        },
      },
      creditsEarned: {
        good: ['0', '2', '2.5', '0.1', '120.25'],
        bad: {
          NUMBER_FORMAT: [
            '2,5',
            '-1',
            '+1',
            '1e3',
            '.5',
            '5.',
            '02',
            '2 ECTS',
            'NaN',
            'Infinity',
            '0x10',
            '0.1234567890123456789',
            '٢',
          ],
        },
      },
      evidenceUrl: {
        good: [
          'https://example.org/a?b=c#d',
          'http://example.org',
          'https://例え.example/作品',
          'urn:uuid:12766d4e-d591-4714-acdb-d20355ef599b',
        ],
        bad: {
          URL_INVALID: [
            'example.org',
            '/a',
            'https://',
            'javascript:alert(1)',
            'data:text/html,x',
            'file:///etc/passwd',
            'https://user:pw@example.org/',
            'https://example.org/a b',
            'https://example.org/<x>',
            'https://example.org/%zz',
            'ftp://example.org/',
          ],
          STRING_TOO_LONG: [`https://example.org/${'a'.repeat(2048)}`],
        },
      },
      role: {
        good: ['tutor', '=cmd|x', 'a\nb'],
        bad: {
          CSV_CONTROL_CHAR: ['a\tb', 'a\0b', 'a\u0085b', '\r=1', 'a\u001bb', 'a\u007fb'],
          CHAR_NOT_ALLOWED: [
            'a\u202eb',
            'a\u2066b',
            'a\ufeffb',
            'a\ufffdb',
            'a\u2028b',
            'a\u{e0041}b',
            '\u200b',
            'a\ufdd0b',
          ],
          STRING_TOO_LONG: ['a'.repeat(301)],
        },
      },
      narrative: { good: ['a'.repeat(20_000), '𠮷'.repeat(20_000)], bad: { STRING_TOO_LONG: ['a'.repeat(20_001)] } },
      'result:Exam': {
        good: ['0', '100', '71.25'],
        bad: { RESULT_VALUE: ['-1', '100.01', '71%', '71,5', 'A', '1e1'] },
      },
      'result:Grade': { good: ['A', 'B'], bad: { RESULT_VALUE: ['a', 'C', 'A+'] } },
      'result:Standing': { good: ['Completed', 'InProgress'], bad: { RESULT_VALUE: ['completed', 'Done'] } },
      '"result:Field, work"': { good: ['passed', '2', 'urn:uuid:31'], bad: { RESULT_VALUE: ['Passed', '3'] } },
    }
    for (const [column, { good, bad }] of Object.entries(cells))
      it(`of ${column}`, async () => {
        for (const cell of good) expect(await taken(one(column, cell)), cell).to.have.length(1)
        for (const [code, refused] of Object.entries(bad))
          for (const cell of refused)
            expect(await codes(one(column, cell)), JSON.stringify(cell.slice(0, 40))).to.deep.equal([
              `2 ${column.replaceAll('"', '')} ${code}`,
            ])
      })

    const identifiers: Readonly<
      Record<string, { readonly good: readonly string[]; readonly bad: Readonly<Record<string, readonly string[]>> }>
    > = {
      email: {
        good: [
          'a@example.org',
          'a.b+c@sub.example.org',
          "o'neil@example.org",
          'δοκιμή@παράδειγμα.gr',
          '用户@例子.公司',
          'a@xn--fsqu00a.xn--0zwm56d',
          'a@EXAMPLE.org',
          'उदाहरण@उदाहरण.भारत',
        ],
        bad: {
          EMAIL_INVALID: [
            'a',
            '@example.org',
            'a@',
            'a@b',
            'a@@example.org',
            'a b@example.org',
            '.a@example.org',
            'a.@example.org',
            'a..b@example.org',
            'a@-x.org',
            'a@x-.org',
            'a@example..org',
            'a@example.org.',
            'a@[127.0.0.1]',
            'a@127.0.0.1',
            'Ann <a@example.org>',
            'a@example.org, b@example.org',
            'mailto:a@example.org',
            '"a b"@example.org',
            `${'a'.repeat(65)}@example.org`,
            `a@${'b'.repeat(64)}.org`,
            'a@ｅxample.org',
            'a@example.org\u00a0',
          ],
        },
      },
      did: {
        good: [
          'did:key:z6MkhWcZm5yKn42cavcUL6hXbfuHUokoKGjzYrWyKqZ8z3wQ',
          'did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv',
          'did:web:ann.example.org',
          'did:web:example.org:people:ann',
          'did:example:123',
          'did:pkh:eip155:1:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
        ],
        bad: {
          DID_INVALID: [
            'did:key',
            'did:key:',
            'did:key:z6MkhWcZm5yKn42cavcUL6hXbfuHUokoKGjzYrWyKqZ8z3w',
            'did:key:zabc',
            'did:web:localhost',
            'did:web:EXAMPLE.org',
            'did:web:..',
            'DID:web:example.org',
            'did:Web:example.org',
            'did:web:example.org#key',
            'did:web:example.org/path',
            'did:web:example.org?x',
            'https://example.org',
            'did:web:exa mple.org',
            'did:example:%zz',
            'did:pkh:eip155:1:0x12',
          ],
          ADDRESS_CHECKSUM: ['did:pkh:eip155:1:0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267'],
        },
      },
      wallet: {
        good: [
          '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266',
          '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
          '0xF39FD6E51AAD88F6F4CE6AB8827279CFFFB92266',
          '0x52908400098527886E0F7030069857D2E4169EE7',
        ],
        bad: {
          ADDRESS_CHECKSUM: [
            '0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92267',
            '0xF39fd6e51aad88f6f4ce6ab8827279cfffb92266',
          ],
          ADDRESS_RESERVED: [
            '0x0000000000000000000000000000000000000000',
            '0x000000000000000000000000000000000000dEaD',
            '0x0000000000000000000000000000000000000001',
            '0x00000000000000000000000000000000deadbeef'.replace('deadbeef', '00000005'),
          ],
          ADDRESS_INVALID: [
            '0x12',
            'f39fd6e51aad88f6f4ce6ab8827279cfffb92266',
            'ann.eth',
            '0Xf39fd6e51aad88f6f4ce6ab8827279cfffb92266',
            '0xg39fd6e51aad88f6f4ce6ab8827279cfffb92266',
          ],
        },
      },
    }
    for (const [column, { good, bad }] of Object.entries(identifiers))
      it(`of ${column}`, async () => {
        const roster = (cell: string) => `name,${column}\nAnn,"${cell.replaceAll('"', '""')}"\n`
        for (const cell of good) expect(await taken(roster(cell)), cell).to.have.length(1)
        for (const [code, refused] of Object.entries(bad))
          for (const cell of refused) expect(await codes(roster(cell)), cell).to.deep.equal([`2 ${column} ${code}`])
      })

    it('of a wallet that is the registry', async () => {
      const registry = '0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'
      expect(await codes(`name,wallet\nAnn,${registry}\n`, { reserved: [registry] })).to.deep.equal([
        '2 wallet ADDRESS_RESERVED',
      ])
    })
  })
})
