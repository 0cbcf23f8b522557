import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Cli from '../../support/Cli.ts'
import { freePort } from '../../support/free-port.ts'
import { sample } from '../../support/sample.ts'

const cli = fileURLToPath(new URL('../../../server/src/cli.ts', import.meta.url))
const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))
const people = Array.from({ length: 20 }, (_, i) => `Person ${i},person${i}@example.org`)

/** The moments cover a whole run, however fast the machine is: each is a share of the time that an undisturbed one takes. */
const shares = Array.from({ length: 20 }, (_, i) => (i + 0.5) / 20)

describe('laurel, killed at any moment, its embedded chain with it every other time', function () {
  this.timeout(180_000)
  let undisturbed: number

  before(async () => {
    const { home, remove } = await Cli.createHome()
    const began = performance.now()
    await Cli.issue(await write(home), achievement, { LAUREL_HOME: home })
    undisturbed = performance.now() - began
    await remove()
  })

  for (const [i, share] of sample([...shares.entries()], 3)) {
    it(`after ${Math.round(share * 100)} % of a run${i % 2 ? ', with its chain' : ''}: the batch finishes, anchored once`, async () => {
      const { home, remove } = await Cli.createHome()
      const environment = { LAUREL_HOME: home, PORT: String(await freePort()) }
      try {
        const roster = await write(home)
        await kill(['issue', roster, '--achievement', achievement], environment, share * undisturbed)
        if (i % 2) await killChain(home)
        const issued = await Cli.issue(roster, achievement, environment)
        expect(issued.issued).to.equal(20)

        const server = await Cli.start(environment)
        try {
          const summary = JSON.parse(await readFile(join(issued.folder, 'summary.json'), 'utf8'))
          const account = summary.account.split(':')[2]
          expect(await count(await Cli.chainUrl(home), account)).to.equal('0x1')
          const verified = await Cli.run('laurel-verify', [issued.folder, '--json'], environment)
          expect(verified.code, verified.stdout.slice(0, 2_000)).to.equal(0)
          expect(JSON.parse(verified.stdout)).to.have.length(40)
        } finally {
          await server.stop()
        }
      } finally {
        await killChain(home)
        await remove()
      }
    })
  }
})

async function write(home: string): Promise<string> {
  const file = join(home, 'roster.csv')
  await writeFile(file, ['name,email', ...people, ''].join('\n'))
  return file
}

async function kill(args: readonly string[], environment: Cli.Environment, milliseconds: number): Promise<void> {
  const child = spawn(process.execPath, [cli, ...args], { env: { ...process.env, ...environment }, stdio: 'ignore' })
  const timer = setTimeout(() => child.kill('SIGKILL'), milliseconds)
  await once(child, 'exit')
  clearTimeout(timer)
}

/** What nobody has stopped yet, without letting it write anything down. */
async function killChain(home: string): Promise<void> {
  const text = await readFile(join(home, 'chain', 'chain.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return
  try {
    process.kill(JSON.parse(text).pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function count(url: string, account: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getTransactionCount', params: [account, 'latest'] }),
  })
  return (await response.json()).result
}
