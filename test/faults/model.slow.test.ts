import fc from 'fast-check'
import * as Model from './model.ts'

/** How many sequences are tried, and for how many milliseconds new ones are begun: CI has a minute. */
const runs = Number(process.env.FAST_CHECK_RUNS ?? 20)
const limit = process.env.FAST_CHECK_RUNS === undefined ? 50_000 : Number.POSITIVE_INFINITY
const seed = Number(process.env.FAST_CHECK_SEED ?? Math.floor(Math.random() * 2 ** 31))

describe('laurel, whatever happens in whatever order', function () {
  this.timeout(3_600_000)
  it('issues what it has accepted, once, and takes no revocation back', async () => {
    const began = performance.now()
    let sequences = 0
    let steps = 0
    console.log(`        FAST_CHECK_SEED=${seed}`)
    const property = fc.asyncProperty(Model.commands, async (commands) => {
      if (performance.now() - began > limit) return
      const real = await Model.create()
      const model = Model.model()
      try {
        await fc.asyncModelRun(() => ({ model, real }), commands)
        await Model.settle(model, real)
        sequences++
        steps += [...commands].length
      } finally {
        await Model.remove(real)
      }
    })
    await fc.assert(property, { seed, numRuns: runs, endOnFailure: true })
    console.log(`        ${sequences} sequences of ${steps} steps`)
  })
})
