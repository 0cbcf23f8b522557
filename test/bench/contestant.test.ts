import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import * as Contestant from '../../bench/Contestant.ts'

describe('bench: Contestant', function () {
  this.timeout(60_000)
  const module = new URL('sides/counter.ts', import.meta.url).href
  const running: Contestant.Contestant[] = []
  const start = async (input: unknown) => {
    const contestant = await Contestant.start(module, input)
    running.push(contestant)
    return contestant
  }
  const rejection = async (promise: Promise<unknown>) => {
    const outcome = await promise.then(
      () => undefined,
      (error) => error,
    )
    expect(outcome).to.be.instanceOf(Contestant.FailedError)
    return (outcome as Error).message
  }
  afterEach(async () => {
    for (const contestant of running.splice(0)) await contestant.stop()
  })

  it('works as often as it is asked, in a process whose memory and seconds it reports', async () => {
    const contestant = await start({ perCall: 7 })
    const reading = await contestant.run({ calls: 3 })
    expect(reading.units).to.equal(21)
    expect(reading.cpu).to.be.at.least(0)
    expect(reading.wall).to.be.greaterThan(0)
    // An empty Node takes more than ten megabytes.
    expect(contestant.peakRss()).to.be.greaterThan(10e6)
  })

  it('works until its seconds are spent', async () => {
    const contestant = await start({ perCall: 1 })
    const { units, cpu } = await contestant.run({ seconds: 0.05 })
    expect(units).to.be.greaterThan(1)
    expect(cpu).to.be.at.least(0.05)
  })

  it('counts a part of what a side does, where the side says so', async () => {
    const contestant = await start({ perCall: 5, partly: true })
    expect(await contestant.run({ calls: 3 })).to.deep.equal({ units: 15, cpu: 3, wall: 6 })
    expect(await contestant.run({ calls: 0 })).to.include({ units: 0 })
  })

  it('lets a side clean up before it ends its process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'laurel-bench-'))
    const closed = join(folder, 'closed')
    const contestant = await start({ perCall: 1, closed })
    await contestant.stop()
    expect(readFileSync(closed, 'utf8')).to.equal('closed')
    rmSync(folder, { recursive: true })
  })

  it('carries what it makes to the one that judges it', async () => {
    const [one, other] = [await start({ perCall: 1 }), await start({ perCall: 1 })]
    const made = (await one.make()) as { calls: number; bytes: Uint8Array }
    expect(made).to.deep.equal({ calls: 0, bytes: Uint8Array.of(1, 2, 3) })
    await other.judge(made)
    await one.run({ calls: 1 })
    expect(await rejection(other.judge(await one.make()))).to.contain('another number of calls')
  })

  it('says which side failed, and why', async () => {
    expect(await rejection(start({ perCall: 1, trouble: 'create' }))).to.match(/counter\.ts has failed.*no side today/s)
    expect(await rejection((await start({ perCall: 1, trouble: 'work' })).run({ calls: 1 }))).to.contain(
      'no work today',
    )
  })

  it('does not wait for a process that has ended', async () => {
    const contestant = await start({ perCall: 1, trouble: 'exit' })
    expect(await rejection(contestant.run({ calls: 1 }))).to.contain('has failed')
    expect(await rejection(contestant.make())).to.contain('has failed')
  })
})
