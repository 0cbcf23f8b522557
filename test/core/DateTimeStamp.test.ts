import { expect } from 'chai'
import fc from 'fast-check'
import * as DateTimeStamp from '../../core/src/DateTimeStamp.ts'
import { failure } from './support.ts'

describe('DateTimeStamp', () => {
  const known: readonly (readonly [string, number])[] = [
    ['1970-01-01T00:00:00Z', 0],
    ['2026-03-01T00:00:00Z', 1772323200000],
    ['2026-03-01T00:00:00.5Z', 1772323200500],
    ['2026-03-01T00:00:00.1239Z', 1772323200123],
    ['2026-03-01T01:00:00+01:00', 1772323200000],
    ['2026-02-28T18:30:00-05:30', 1772323200000],
    ['2026-03-01T14:00:00+14:00', 1772323200000],
    ['2026-02-28T10:00:00-14:00', 1772323200000],
    ['2026-03-01T00:00:00-00:00', 1772323200000],
    ['2026-03-01T20:10:10+10:10', 1772359210000],
    ['2026-03-10T10:00:00-10:00', 1773172800000],
    ['2000-02-29T23:59:59Z', 951868799000],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0000-01-01T00:00:00Z', -62167219200000],
    ['0099-12-31T00:00:00Z', -59011545600000],
    ['9999-12-31T23:59:59Z', 253402300799000],
  ]
  for (const [text, milliseconds] of known)
    it(`reads ${text}`, () => {
      expect(DateTimeStamp.toMilliseconds(text)).to.equal(milliseconds)
      expect(DateTimeStamp.isValid(text)).to.equal(true)
    })

  for (const text of [
    ...['2026-03-01', '2026-03-01T00:00:00', '2026-03-01T00:00Z', '2026-03-01 00:00:00Z', '2026-03-01t00:00:00z'],
    ...['2026-03-01T24:00:00Z', '2026-03-01T25:00:00Z', '2026-03-01T00:60:00Z', '2016-12-31T23:59:60Z'],
    ...['2026-13-01T00:00:00Z', '2026-00-01T00:00:00Z', '2026-01-00T00:00:00Z', '2026-01-32T00:00:00Z'],
    ...['2026-03-01T00:00:00.Z', '2026-03-01T00:00:00,5Z', '2026-03-01T00:00:00+1:00', '2026-03-01T00:00:00+0100'],
    ...['2026-03-01T00:00:00+14:01', '2026-03-01T00:00:00+15:00', '2026-03-01T00:00:00+01:60', '2026-3-1T00:00:00Z'],
    ...['12026-03-01T00:00:00Z', '-2026-03-01T00:00:00Z', '+2026-03-01T00:00:00Z', '026-03-01T00:00:00Z'],
    ...['', ' 2026-03-01T00:00:00Z', '2026-03-01T00:00:00Z ', '2026-03-01T00:00:00Z\n', '03/04/2026', '46000'],
    ...['٢٠٢٦-03-01T00:00:00Z', '2026-03-01T00:00:00ZZ', '2026-03-01T00:00:00 Z', 'today'],
  ])
    it(`refuses ${JSON.stringify(text)}`, () => {
      const error = failure(() => DateTimeStamp.toMilliseconds(text))
      expect(error).to.include({ code: 'DATE_FORMAT', name: 'DateTimeStamp.FormatError' })
      expect(DateTimeStamp.isValid(text)).to.equal(false)
    })

  for (const day of ['2026-02-29', '2026-02-30', '2026-02-31', '2026-04-31', '1900-02-29', '2100-02-29', '2026-11-31'])
    it(`refuses ${day}, which does not exist`, () => {
      const error = failure(() => DateTimeStamp.toMilliseconds(`${day}T00:00:00Z`))
      expect(error).to.include({ code: 'DATE_INVALID', name: 'DateTimeStamp.InvalidDateError' })
      expect(DateTimeStamp.isValid(`${day}T00:00:00Z`)).to.equal(false)
    })

  it('agrees with Date on every moment that Date writes', () => {
    const date = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    })
    fc.assert(
      fc.property(date, (value) => {
        expect(DateTimeStamp.toMilliseconds(value.toISOString())).to.equal(value.getTime())
      }),
    )
  })

  it('knows each day of the years around leap days, and no other', () => {
    for (const year of [1896, 1900, 2000, 2024, 2025, 2100])
      for (let month = 1; month <= 12; month++)
        for (let day = 1; day <= 31; day++) {
          const text = `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T12:00:00Z`
          const exists = day <= new Date(Date.UTC(year, month, 0)).getUTCDate()
          expect(DateTimeStamp.isValid(text), text).to.equal(exists)
        }
  })

  it('writes whole seconds and reads them back', () => {
    expect(DateTimeStamp.fromSeconds(1772323200)).to.equal('2026-03-01T00:00:00Z')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253402300799 }), (seconds) => {
        expect(DateTimeStamp.toMilliseconds(DateTimeStamp.fromSeconds(seconds))).to.equal(seconds * 1000)
      }),
    )
  })

  it('takes seconds that have no year of four digits for a programming error', () => {
    for (const seconds of [253402300800, -62167219201, 0.5, Number.NaN])
      expect(() => DateTimeStamp.fromSeconds(seconds)).to.throw(TypeError)
    expect(DateTimeStamp.fromSeconds(-62167219200)).to.equal('0000-01-01T00:00:00Z')
  })

  it('decides on a fraction of a million digits', () => {
    expect(DateTimeStamp.isValid(`2026-03-01T00:00:00.${'9'.repeat(1e6)}Z`)).to.equal(true)
    expect(DateTimeStamp.isValid(`2026-03-01T00:00:00.${'9'.repeat(1e6)}`)).to.equal(false)
  })
})
