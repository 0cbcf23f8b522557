import { expect } from 'chai'
import * as Runner from '../../scripts/test/Runner.ts'
import * as Totals from '../../scripts/test/Totals.ts'

describe('test totals', () => {
  it('writes and reads its own line, the last one where there are several', () => {
    const totals = { passed: 12, failed: 0, skipped: 3 }
    expect(Totals.toLine(totals)).to.equal('12 passed, 0 failed, 3 skipped')
    expect(Totals.fromText(`1 passed, 1 failed, 1 skipped\n${Totals.toLine(totals)}\n`)).to.deep.equal(totals)
    expect(Totals.fromText('nothing of the kind')).to.equal(undefined)
  })

  it('reads what Hardhat prints, in colour or not', () => {
    const colour = String.fromCharCode(27)
    expect(Totals.fromHardhat('\n  7 passing\n  1 failing\n')).to.deep.equal({ passed: 7, failed: 1, skipped: 0 })
    expect(Totals.fromHardhat(`${colour}[32m  9 passing${colour}[39m\n  2 skipped`)).to.deep.equal({
      passed: 9,
      failed: 0,
      skipped: 2,
    })
    expect(Totals.fromHardhat('Error HHE1: something else')).to.equal(undefined)
  })

  const node = (script: string) => [process.execPath, '--eval', script]
  const outcome = async (script: string, totals: Runner.Runner['totals']) =>
    (await Runner.run({ name: 'a runner under test', command: node(script), totals }, () => {})).totals

  it('counts a process that ends without its totals as one failure', async () => {
    expect(await outcome('process.exit(0)', 'mocha')).to.deep.equal(Totals.crash)
    expect(await outcome('process.kill(process.pid, "SIGKILL")', 'mocha')).to.deep.equal(Totals.crash)
  })

  it('counts a process that fails after its last test as one failure more', async () => {
    const script = `require('node:fs').writeFileSync(process.env.LAUREL_TEST_TOTALS, '{"passed":3,"failed":0,"skipped":0}')
      process.exitCode = 7`
    expect(await outcome(script, 'mocha')).to.deep.equal({ passed: 3, failed: 1, skipped: 0 })
  })

  it('says again at the end what a process printed that failed, and of no other', async () => {
    const said: string[] = []
    const ended: Runner.Outcome[] = []
    for (const code of [0, 3]) {
      const command = node(`console.log('the reason of ${code}'); process.exit(${code})`)
      ended.push(await Runner.run({ name: `a runner under test ${code}`, command, totals: 'exit-code' }, () => {}))
    }
    Runner.recall(ended.slice(1), (text) => said.push(text))
    expect(said).to.deep.equal([])
    Runner.recall(ended, (text) => said.push(text))
    expect(said).to.deep.equal(['✖ a runner under test 3 ended so:\n\nthe reason of 3\n'])
  })

  it('takes the exit code where the process is the test', async () => {
    expect(await outcome('process.exit(0)', 'exit-code')).to.deep.equal({ passed: 1, failed: 0, skipped: 0 })
    expect(await outcome('process.exit(0)', 'setup')).to.deep.equal(Totals.none)
    expect(await outcome('process.exit(3)', 'setup')).to.deep.equal(Totals.crash)
    expect(await outcome('process.exit(3)', 'exit-code')).to.deep.equal({ passed: 0, failed: 1, skipped: 0 })
  })
})
