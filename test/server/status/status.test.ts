import type * as Errors from '@laurel/core/Errors'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Status from '../../../server/src/Status.ts'

const acts = ['revoke', 'suspend', 'reinstate'] as const
const outcome = (state: Status.State, act: Status.Act) => {
  try {
    return Status.decide(state, act, 'urn:uuid:1')
  } catch (error) {
    return (error as Errors.BaseError).code
  }
}

describe('Status', () => {
  it('knows what each decision makes of each state', () => {
    const table = (['valid', 'suspended', 'reinstated', 'revoked'] as const).map((state) =>
      acts.map((act) => outcome(state, act)),
    )
    expect(table).to.deep.equal([
      ['revoked', 'suspended', 'CREDENTIAL_NOT_SUSPENDED'],
      ['revoked', 'suspended', 'reinstated'],
      ['revoked', 'suspended', 'reinstated'],
      ['revoked', 'CREDENTIAL_REVOKED', 'CREDENTIAL_REVOKED'],
    ])
  })

  const decisions = (...made: readonly Status.Act[]) => made.map((act, i) => ({ act, reason: null, at: 10 * (i + 1) }))

  it('says how it stood at a moment, and which decision made it so', () => {
    const made = decisions('suspend', 'reinstate', 'suspend', 'revoke')
    expect([0, 9, 10, 19, 20, 30, 39, 40, 99].map((moment) => Status.at(made, moment))).to.deep.equal([
      { state: 'valid', decision: undefined },
      { state: 'valid', decision: undefined },
      { state: 'suspended', decision: made[0] },
      { state: 'suspended', decision: made[0] },
      { state: 'reinstated', decision: made[1] },
      { state: 'suspended', decision: made[2] },
      { state: 'suspended', decision: made[2] },
      { state: 'revoked', decision: made[3] },
      { state: 'revoked', decision: made[3] },
    ])
  })

  it('after any decisions that were taken, stands as the last of them said', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 12 }), (asked) => {
        let state: Status.State = 'valid'
        const made: Status.Decision[] = []
        for (const act of asked) {
          const next = outcome(state, act)
          if (!['revoked', 'suspended', 'reinstated'].includes(next) || next === state) continue
          made.push({ act, reason: null, at: made.length })
          state = next as Status.State
        }
        expect(Status.after(made)).to.equal(state)
        expect(Status.at(made, made.length).state).to.equal(state)
        // Revoked once, revoked for ever.
        const revokedAt = made.findIndex(({ act }) => act === 'revoke')
        if (revokedAt >= 0) expect(made).to.have.length(revokedAt + 1)
      }),
    )
  })
})
