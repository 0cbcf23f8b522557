import type { Check, Outcome } from '@laurel/verifier'
import { names } from '@laurel/verifier/Report'
import { expect } from 'chai'
import * as Judgement from '../../web/src/badge/Judgement.ts'

describe('The judgement on a badge', () => {
  const report = (outcomes: Partial<Record<Check['check'], Outcome>> = {}) => ({
    checks: names.map((check) => {
      const outcome = outcomes[check] ?? (check === 'recipient' ? 'skipped' : 'passed')
      return { check, outcome, code: `${check} ${outcome}`, message: '' }
    }),
  })
  const outcomes = (given: Parameters<typeof report>[0]) =>
    Object.fromEntries(Judgement.answers(report(given)).map(({ question, outcome }) => [question, outcome]))

  it('answers five questions, each by the worst of its checks', () => {
    const good = { unchanged: 'passed', issuer: 'passed', record: 'passed', status: 'passed', period: 'passed' }
    expect(outcomes({})).to.deep.equal(good)
    expect(outcomes({ anchored: 'unknown' })).to.deep.equal({ ...good, record: 'unknown' })
    expect(outcomes({ anchored: 'unknown', manifest: 'failed' })).to.deep.equal({ ...good, record: 'failed' })
    expect(outcomes({ signed: 'failed', status: 'skipped' })).to.deep.equal({
      ...{ ...good, unchanged: 'failed', status: 'skipped' },
    })
  })

  it('lets every check but that of the recipient decide one question', () => {
    for (const name of names.filter((each) => each !== 'recipient'))
      expect(
        Object.values(outcomes({ [name]: 'failed' })).filter((each) => each === 'failed'),
        name,
      ).to.have.length(1)
    expect(outcomes({ recipient: 'failed' })).to.deep.equal(outcomes({}))
  })

  it('names the check that decided, so that the words can be exact', () => {
    const [unchanged] = Judgement.answers(report({ signed: 'failed' }))
    expect(unchanged).to.deep.equal({ question: 'unchanged', outcome: 'failed', code: 'signed failed' })
  })

  it('says withdrawn, suspended, over and not yet where that is the reason, and changed where somebody else signed', () => {
    const said = (check: string, code: string) => Judgement.rejection({ check, code })
    expect(said('status', 'REVOKED')).to.equal('revoked')
    expect(said('status', 'SUSPENDED')).to.equal('suspended')
    expect(said('valid-period', 'EXPIRED')).to.equal('expired')
    expect(said('valid-period', 'NOT_YET_VALID')).to.equal('early')
    expect(said('signed', 'SIGNATURE_WRONG')).to.equal('changed')
    expect(said('included', 'ROOT_OTHER')).to.equal('changed')
    expect(said('issuer-bound', 'toString')).to.equal('invalid')
  })
})
