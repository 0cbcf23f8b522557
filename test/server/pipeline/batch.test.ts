import { expect } from 'chai'
import fc from 'fast-check'
import * as Batch from '../../../server/src/Batch.ts'

const at = (state: Batch.State, interrupted: Batch.State | null = null) => ({ id: 'batch-1', state, interrupted })

describe('Batch', () => {
  describe('moves', () => {
    const line: readonly Batch.State[] = [
      'accepted',
      'drafted',
      'signed',
      'rooted',
      'published',
      'submitted',
      'final',
      'assembled',
      'delivered',
    ]

    it('lead from accepted to delivered in a straight line, and skip nothing', () => {
      for (const [i, from] of line.entries()) {
        for (const [j, to] of line.entries()) {
          expect(Batch.mayMove(at(from), to), `${from} → ${to}`).to.equal(j === i + 1)
        }
      }
    })

    it('cancel only before the root is fixed', () => {
      for (const [i, from] of line.entries()) {
        expect(Batch.mayMove(at(from), 'cancelled'), from).to.equal(i < line.indexOf('rooted'))
      }
    })

    it('lead nowhere from what is closed', () => {
      for (const to of Batch.states) {
        expect(Batch.mayMove(at('delivered'), to), to).to.equal(false)
        expect(Batch.mayMove(at('cancelled'), to), to).to.equal(false)
      }
    })

    it('open no way through a side state that was not there before', () => {
      for (const side of ['waiting-fee', 'waiting-funds', 'blocked'] as const) {
        for (const from of line) {
          if (!Batch.mayMove(at(from), side)) continue
          const aside = { id: 'batch-1', ...Batch.move(at(from), side, 'X') }
          for (const to of Batch.states) {
            const expected = to === from || Batch.mayMove(at(from), to)
            expect(Batch.mayMove(aside, to), `${from} → ${side} → ${to}`).to.equal(expected)
          }
        }
      }
    })

    it('lead from a reorganisation back to where the transaction is sent again', () => {
      for (const from of ['submitted', 'final', 'assembled'] as const) {
        const reorged = { id: 'batch-1', ...Batch.move(at(from), 'reorged', 'ANCHOR_NOT_FOUND') }
        expect(Batch.stage(reorged)).to.equal('submitted')
        expect(Batch.mayMove(reorged, 'final')).to.equal(true)
        expect(Batch.mayMove(reorged, 'delivered')).to.equal(false)
      }
    })

    it('never bring back what is behind a batch, however they are joined', () => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...Batch.states), { maxLength: 60 }), (attempts) => {
          let batch = at('accepted')
          let rooted = false
          for (const to of attempts) {
            if (!Batch.mayMove(batch, to)) {
              expect(() => Batch.move(batch, to)).to.throw(Batch.IllegalMoveError)
              continue
            }
            batch = { id: 'batch-1', ...Batch.move(batch, to, Batch.isSide(to) ? 'X' : null) }
            rooted ||= to === 'rooted'
            if (!rooted) continue
            expect(batch.state).not.to.equal('cancelled')
            expect(['accepted', 'drafted', 'signed']).not.to.include(Batch.stage(batch))
          }
        }),
      )
    })
  })
})
