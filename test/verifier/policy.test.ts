import { Policy, type Report } from '@laurel/verifier'
import { names } from '@laurel/verifier/Report'
import { expect } from 'chai'
import fc from 'fast-check'

const outcomes = ['passed', 'failed', 'unknown', 'skipped'] as const
type Outcome = (typeof outcomes)[number]

function report(given: Partial<Record<(typeof names)[number], Outcome>>, code = 'CODE'): Report {
  return { checks: names.map((check) => ({ check, outcome: given[check] ?? 'passed', code, message: check })) }
}

const anyReport = fc
  .array(fc.constantFrom(...outcomes), { minLength: names.length, maxLength: names.length })
  .map((all) => report(Object.fromEntries(names.map((name, i) => [name, all[i]]))))

describe('Policy', () => {
  it('accepts what passed every check, whatever may be skipped', () => {
    expect(Policy.decide(report({})).verdict).to.equal('accepted')
    expect(Policy.decide(report({ status: 'skipped', recipient: 'skipped' })).verdict).to.equal('accepted')
  })

  for (const name of names) {
    it(`rejects what failed ${name}, and says so`, () => {
      expect(Policy.decide(report({ [name]: 'failed' }))).to.include({ verdict: 'rejected', check: name, code: 'CODE' })
    })
    it(`cannot tell where ${name} is unknown`, () => {
      expect(Policy.decide(report({ [name]: 'unknown' }))).to.include({ verdict: 'unknown', check: name })
    })
    if (name !== 'status' && name !== 'recipient')
      it(`cannot tell where ${name} was skipped`, () => {
        expect(Policy.decide(report({ [name]: 'skipped' }))).to.include({ verdict: 'unknown', check: name })
      })
  }

  it('lets what the verifier does not ask for be skipped', () => {
    const skipped = { included: 'skipped', anchored: 'skipped', manifest: 'skipped' } as const
    expect(Policy.decide(report(skipped, 'ANCHOR_OPTIONAL')).verdict).to.equal('accepted')
  })

  it('lets a failure decide before anything unknown, and the first of several', () => {
    const decision = Policy.decide(report({ conforms: 'unknown', signed: 'failed', status: 'failed' }))
    expect(decision).to.include({ verdict: 'rejected', check: 'signed' })
  })

  it('never accepts unless each check passed or may be skipped', () => {
    fc.assert(
      fc.property(anyReport, (any) => {
        const { verdict } = Policy.decide(any)
        const may = (check: string) => check === 'status' || check === 'recipient'
        const isWell = any.checks.every(
          ({ check, outcome }) => outcome === 'passed' || (outcome === 'skipped' && may(check)),
        )
        expect(verdict === 'accepted').to.equal(isWell)
        expect(verdict === 'rejected').to.equal(any.checks.some(({ outcome }) => outcome === 'failed'))
      }),
      { numRuns: 2_000 },
    )
  })
})
