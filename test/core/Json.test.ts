import { expect } from 'chai'
import fc from 'fast-check'
import * as Json from '../../core/src/Json.ts'
import { failure } from './support.ts'

const utf8 = (text: string) => new TextEncoder().encode(text)

describe('Json', () => {
  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, undefined, space)
        expect(Json.parse(text)).to.deep.equal(JSON.parse(text))
        if (text.isWellFormed()) expect(Json.parse(utf8(text))).to.deep.equal(JSON.parse(text))
      }),
    )
  })

  it('accepts no text that JSON.parse refuses, and reads the same in what both accept', () => {
    const alphabet = '{}[]",:0123456789.eE+-\\u/bfnrtalsd \n\t\u0000é\ud800'
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 24 }), (text) => {
        let value: unknown
        try {
          value = Json.parse(text)
        } catch {
          return
        }
        expect(value).to.deep.equal(JSON.parse(text))
      }),
    )
  })

  for (const text of [
    'null',
    ' true ',
    '\tfalse\r\n',
    '0',
    '-0',
    '""',
    '[]',
    '{}',
    '[ ]',
    '{ }',
    '[1 , 2]',
    '{"a" : 1 }',
  ])
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(Json.parse(text)).to.deep.equal(JSON.parse(text))
    })

  it('reads every escape', () => {
    expect(Json.parse('"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\uD83D\\uDE00\\u0000"')).to.equal('"\\/\b\f\n\r\té😀\u0000')
  })

  describe('syntax', () => {
    const wrong = [
      ...[
        '',
        ' ',
        'nul',
        'tru',
        'True',
        'undefined',
        'NaN',
        'Infinity',
        '-',
        '+1',
        '01',
        '-01',
        '1.',
        '.5',
        '1e',
        '1e+',
      ],
      ...[
        '0x10',
        '1_000',
        '1 2',
        '[1,]',
        '[,1]',
        '[1 2]',
        '[',
        '[1',
        '{',
        '{"a"',
        '{"a":',
        '{"a":1',
        '{"a":1,}',
        '{,}',
      ],
      ...[
        '{a:1}',
        '{xa":1}',
        "{'a':1}",
        "'a'",
        '{"a" 1}',
        '{"a":1 "b":2}',
        '{1:2}',
        '"',
        '"a',
        '"\\"',
        '"\\x41"',
        '"\\u12"',
      ],
      ...['"\\u12G4"', '"\\', '"\\u', '"\t"', '"\n"', '"\u0000"', '"\u001f"', '// a\n1', '/* a */1', '1//', '[1]]'],
      ...['{}{}', '\u00a01', '\u20281', '\v1', '\f1', '\ufeff{}', '<html>', '%PDF-1.7'],
    ]
    for (const text of wrong)
      it(`refuses ${JSON.stringify(text)}`, () => {
        const error = failure(() => Json.parse(text))
        expect(error).to.include({ code: 'JSON_SYNTAX', name: 'Json.InvalidJsonError' })
        expect(() => JSON.parse(text)).to.throw(SyntaxError)
      })

    it('names the place', () => {
      expect(failure(() => Json.parse('{"a": x}')).facts).to.deep.equal({ offset: 6 })
      expect(failure(() => Json.parse('[1] x')).facts).to.deep.equal({ offset: 4 })
      expect(failure(() => Json.parse('"😀\t"')).facts).to.deep.equal({ offset: 3 })
    })

    it('demands an object where one is expected', () => {
      expect(Json.parseObject('{"a":[1]}')).to.deep.equal({ a: [1] })
      for (const text of ['[]', 'null', '1', '"{}"', 'true'])
        expect(failure(() => Json.parseObject(text)).code).to.equal('JSON_SYNTAX')
    })
  })

  describe('members', () => {
    for (const text of [
      '{"name":"Ann","name":"Eve"}',
      '{"a":1,"\\u0061":2}',
      '{"a":{"b":1,"c":2,"b":3}}',
      '[{"__proto__":1,"__proto__":2}]',
      '{"é":1,"\\u00e9":2}',
    ])
      it(`refuses a member twice: ${text}`, () => {
        const error = failure(() => Json.parse(text))
        expect(error).to.include({ code: 'JSON_DUPLICATE_KEY', name: 'Json.DuplicateMemberError' })
        expect(error.facts).to.deep.equal({ offset: text.lastIndexOf(',') + 1 })
      })

    it('does not take different spellings in Unicode for the same member', () => {
      expect(Object.keys(Json.parseObject('{"\u00e9":1,"e\u0301":2}'))).to.have.length(2)
    })

    it('keeps a member __proto__ as a member, and nobody inherits from it', () => {
      const value = Json.parseObject('{"__proto__":{"polluted":true},"constructor":1,"toString":2}')
      expect(Object.keys(value)).to.deep.equal(['__proto__', 'constructor', 'toString'])
      expect(Object.getPrototypeOf(value)).to.equal(Object.prototype)
      expect(value).to.not.have.property('polluted')
      expect({}).to.not.have.property('polluted')
    })
  })

  describe('numbers', () => {
    for (const text of [
      '1',
      '-1.5',
      '2.50',
      '1.0',
      '1e2',
      '100',
      '0.1',
      '1E-7',
      '123456789012345680000',
      '5e-324',
      '-0.0',
      '0e99',
    ])
      it(`reads ${text}`, () => {
        expect(Json.parse(text)).to.equal(Number(text))
      })

    for (const text of [
      '9007199254740993',
      '0.1000000000000000055511151231257827',
      '1.00000000000000000001',
      '123456789012345678901',
      '1e400',
      '-1e400',
      '1e-400',
      '3e-324',
      '0.30000000000000001',
    ])
      it(`refuses ${text}, which a double changes`, () => {
        const error = failure(() => Json.parse(`[${text}]`))
        expect(error).to.include({ code: 'JSON_NUMBER', name: 'Json.NumberError' })
        expect(error.facts).to.deep.equal({ offset: 1 })
      })

    it('reads every finite double as it is written', () => {
      fc.assert(
        fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
          expect(Json.parse(String(value)) === value).to.equal(true)
          expect(Json.parse(value.toExponential()) === value).to.equal(true)
        }),
      )
    })

    it('decides on a number of a million digits at once', () => {
      const started = performance.now()
      expect(failure(() => Json.parse(`1.${'0'.repeat(1e6)}1`)).code).to.equal('JSON_NUMBER')
      expect(Json.parse(`1.${'0'.repeat(1e6)}`)).to.equal(1)
      expect(failure(() => Json.parse(`1${'0'.repeat(1e6)}`)).code).to.equal('JSON_NUMBER')
      expect(failure(() => Json.parse(`0.${'0'.repeat(1e6)}1`)).code).to.equal('JSON_NUMBER')
      expect(performance.now() - started).to.be.below(5000)
    })
  })

  describe('Unicode', () => {
    for (const bytes of [
      [0x22, 0xff, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xe9, 0x22],
      [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00],
    ])
      it(`refuses bytes that are not UTF-8: ${Buffer.from(bytes).toString('hex')}`, () => {
        const error = failure(() => Json.parse(Uint8Array.from(bytes)))
        expect(error).to.include({ code: 'JSON_NOT_UTF8', name: 'Json.UnicodeError' })
        expect(error.cause).to.be.instanceOf(TypeError)
      })

    it('refuses a byte order mark', () => {
      expect(failure(() => Json.parse(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d))).code).to.equal('JSON_SYNTAX')
    })

    for (const text of ['"\\ud800"', '"\\udc00"', '"\\ud800\\u0041"', '"\\udc00\\ud800"', '"\ud800"', '{"\\ud800":1}'])
      it(`refuses half of a surrogate pair: ${JSON.stringify(text)}`, () => {
        const error = failure(() => Json.parse(text))
        expect(error.code).to.equal('JSON_NOT_UTF8')
        expect(error.facts).to.deep.equal({ offset: text.indexOf('"') })
      })
  })

  describe('limits', () => {
    it('reads 64 levels and refuses 65', () => {
      const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
      expect(Json.parse(nested(64))).to.be.an('array')
      const error = failure(() => Json.parse(nested(65)))
      expect(error).to.include({ code: 'TOO_LARGE', name: 'Json.LimitError' })
      expect(error.facts).to.deep.equal({ limit: 'depth', value: 64 })
    })

    it('refuses a hundred thousand levels without overflowing the stack', () => {
      for (const open of ['[', '{"a":', '[{"a":'])
        expect(failure(() => Json.parse(open.repeat(100_000))).code).to.equal('TOO_LARGE')
    })

    it('counts levels along one branch only', () => {
      expect(Json.parse('[[1],[2],{"a":[3]}]', { depth: 3 })).to.deep.equal([[1], [2], { a: [3] }])
      expect(failure(() => Json.parse('{"a":[]}', { depth: 1 })).facts).to.deep.equal({ limit: 'depth', value: 1 })
      expect(Json.parse('1', { depth: 0 })).to.equal(1)
    })

    it('counts the bytes of UTF-8, in text too', () => {
      expect(Json.parse('"éé"', { bytes: 6 })).to.equal('éé')
      expect(Json.parse(utf8('"éé"'), { bytes: 6 })).to.equal('éé')
      for (const input of ['"éé"', utf8('"éé"')]) {
        const error = failure(() => Json.parse(input, { bytes: 5 }))
        expect(error.facts).to.deep.equal({ limit: 'bytes', value: 5 })
      }
    })

    it('refuses more than 4 MiB, and reads a text of just that size', () => {
      const mebibytes = 4 * 1024 * 1024
      expect(Json.parse(`"${'x'.repeat(mebibytes - 2)}"`)).to.have.length(mebibytes - 2)
      expect(failure(() => Json.parse(`"${'x'.repeat(mebibytes - 1)}"`)).code).to.equal('TOO_LARGE')
      expect(failure(() => Json.parse(new Uint8Array(mebibytes + 1))).code).to.equal('TOO_LARGE')
    })
  })

  it('refuses more values than its reader accepts, wherever they are', () => {
    expect(Json.parse('{"a":[1,2],"b":{}}', { values: 5 })).to.deep.equal({ a: [1, 2], b: {} })
    const error = failure(() => Json.parse('{"a":[1,2],"b":{}}', { values: 4 }))
    expect([error.code, error.facts]).to.deep.equal(['TOO_LARGE', { limit: 'values', value: 4 }])
    expect(failure(() => Json.parse(`[${'0,'.repeat(1_000_000)}0]`)).facts.limit).to.equal('values')
  })

  it('tells objects, arrays and null apart', () => {
    expect([{}, [], null, undefined, 'x', 1].map((value) => Json.isObject(value))).to.deep.equal([
      ...[true, false, false, false, false, false],
    ])
    expect([[], {}, null, undefined].map((value) => Json.isArray(value))).to.deep.equal([true, false, false, false])
  })

  it('finds what stands twice in a list, by what is written', () => {
    const anyItem = fc.oneof(
      fc.constantFrom<Json.Value>('a', 'b', 1, 0, true, false, null, { id: 'a' }, { id: 'a', x: 1 }, { x: 1, id: 'a' }),
      fc
        .constantFrom<() => Json.Value>(
          () => ['a'],
          () => [],
          () => ({}),
          () => ({ id: {} }),
          () => ({ id: ['a'] }),
          () => ({ x: [{ id: 'a' }] }),
        )
        .map((make) => make()),
    )
    let count = 0
    fc.assert(
      fc.property(fc.array(anyItem, { maxLength: 5 }), (items) => {
        const isRepetitive = new Set(items.map((item) => JSON.stringify(item))).size < items.length
        expect(Json.isRepetitive(items)).to.equal(isRepetitive)
        if (isRepetitive) count++
      }),
    )
    expect(count).to.be.above(5)
  })
})
