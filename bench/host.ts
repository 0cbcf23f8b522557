/** The process of one side: does what its parent asks, one thing after the other, and ends with it. */
import * as Side from './Side.ts'

let side: Side.Side | undefined
let last: Promise<unknown> = Promise.resolve()

process.on('disconnect', async () => {
  await side?.close?.()
  process.exit()
})
process.on('message', (request: Side.Request) => {
  last = last.then(async () => {
    try {
      reply({ value: await answer(request) })
    } catch (error) {
      reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
})

async function answer(request: Side.Request): Promise<unknown> {
  if (request.ask === 'create') {
    const module: Side.Module = await import(request.module)
    side = await module.create(request.input as never)
    return undefined
  }
  if (side === undefined) throw new TypeError('A side is created first')
  if (request.ask === 'run') return Side.measure(side, request.budget)
  if (request.ask === 'make') return (side.make ?? missing('make'))()
  return (side.judge ?? missing('judge'))(request.made)
}

function missing(what: string): never {
  throw new TypeError(`This side has no ${what}`)
}

function reply(answer: Side.Answer): void {
  process.send?.(answer)
}
