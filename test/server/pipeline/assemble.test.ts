import { expect } from 'chai'
import type * as Batch from '../../../server/src/Batch.ts'
import * as Block from '../../../server/src/Block.ts'
import { assemble } from '../../../server/src/pipeline/8-assemble.ts'
import type { Refused } from '../../../server/src/ports/Press.ts'

describe('8-assemble', () => {
  const blocks = 5
  const batch = { id: 'batch-1', size: blocks * Block.size, checked: 0, state: 'final' } as Batch.Final
  const why: Refused = { check: 'signed', code: 'SIGNATURE_INVALID', message: 'It is not signed.', credentialId: 'c' }

  /** Assembles a batch of which one block does not verify, or all do; answers with what became of it, and what was judged. */
  const assembled = async (wrong?: number, check = why.check) => {
    const judged: number[] = []
    const moved: string[] = []
    const context = {
      store: {
        check: async () => {},
        move: async (_: Batch.Batch, to: Batch.State) => {
          moved.push(to)
          return { ...batch, state: to }
        },
      },
      press: {
        width: 2,
        judge: async (_: Batch.Batch, place: number) => {
          judged.push(place)
          return place === wrong ? { ...why, check } : undefined
        },
      },
      progress: () => {},
      lease: {},
      isOver: () => false,
    } as unknown as Parameters<typeof assemble>[1]
    const code = await assemble(batch, context).then(
      () => undefined,
      (error) => error.code,
    )
    return { judged: judged.toSorted(), moved, code }
  }

  it('has every block verified before it moves on', async () => {
    const { judged, moved } = await assembled()
    expect(judged).to.deep.equal(Array.from({ length: blocks }, (_, place) => place))
    expect(moved).to.deep.equal(['assembled'])
  })

  for (const wrong of [0, 2, blocks - 1])
    it(`delivers nothing of a batch whose block ${wrong} does not verify`, async () => {
      const { moved, code } = await assembled(wrong)
      expect([code, moved]).to.deep.equal(['SELF_CHECK_FAILED', []])
    })

  it('delivers nothing while the chain does not show the anchor, which is no fault of the batch', async () => {
    const { moved, code } = await assembled(1, 'anchored')
    expect([code, moved]).to.deep.equal(['ANCHOR_UNSETTLED', []])
  })
})
