import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'chai'
import * as Command from '../../scripts/Command.ts'

const node = (script: string) => [process.execPath, '--eval', script]
/** Starts a process that would run for ever and holds what it has inherited, and says its id. */
const leaving = `const { spawn } = require('node:child_process')
  const left = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' })
  console.log(left.pid)`

/** What is dead and has not been looked after yet does not live. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ')
  } catch {
    return true
  }
}

describe('A command', () => {
  it('ends with its code and all that it printed', async () => {
    expect(await Command.run(node('console.log("a"); process.exit(3)'))).to.deep.equal({ code: 3, output: 'a\n' })
  })

  it('is over when it has ended, and what it has left behind is with it', async function () {
    if (process.platform === 'win32') this.skip()
    for (const [script, place, code] of [
      [`${leaving}; process.exit(0)`, {}, 0],
      [`${leaving}; console.log('now'); setInterval(() => {}, 1000)`, { limit: 1_500 }, 'SIGKILL'],
    ] as const) {
      const ended = await Command.run(node(script), place)
      expect(ended.code).to.equal(code)
      const left = Number(ended.output.split('\n')[0])
      expect(left).to.be.greaterThan(0)
      while (lives(left)) await turn()
    }
  })
})
