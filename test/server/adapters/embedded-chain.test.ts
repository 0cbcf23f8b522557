import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as EmbeddedChain from '../../../server/src/adapters/chain/EmbeddedChain.ts'
import { open as openChain } from '../../../server/src/adapters/chain/open.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'

const adapter = fileURLToPath(new URL('../../../server/src/adapters/chain/EmbeddedChain.ts', import.meta.url))
const account = `0x${'ab'.repeat(20)}`

describe('The embedded chain', function () {
  this.timeout(60_000)
  let home: string
  let remove: () => Promise<void>
  let said: string[]
  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
    said = []
  })
  afterEach(async () => {
    const { pid } = await running()
    if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    await remove()
  })

  const open = (chainId = 31337) => EmbeddedChain.open({ home, chainId, say: (sentence) => said.push(sentence) })
  const running = async (): Promise<{ pid: number; port: number; state: string }> =>
    JSON.parse(await readFile(join(home, 'chain', 'chain.json'), 'utf8').catch(() => '{"pid":0}'))
  const stateFile = async () => join(home, 'chain', (await running()).state)
  const state = async () => readFile(await stateFile(), 'utf8').catch(() => '')
  const mark = (url: string) => Chain.rpc(url)('anvil_setBalance', account, '0x2a')
  const marked = async (url: string) => (await Chain.rpc(url)('eth_getBalance', account, 'latest')) === '0x2a'

  it('is one of its own, with the id that was asked for', async () => {
    const chain = await open(11155111)
    expect(await Chain.rpc(chain.url)('eth_chainId')).to.equal('0xaa36a7')
    await chain.close()
  })

  it('keeps its state and its port, and is stopped by who closes it last', async () => {
    const first = await open()
    await mark(first.url)
    const { pid } = await running()
    await first.close()
    expect(isAlive(pid)).to.equal(false)

    const second = await open()
    expect(second.url).to.equal(first.url)
    expect(await marked(second.url)).to.equal(true)
    await second.close()
  })

  it('knows the final block after it was stopped, for whoever asks without making blocks', async () => {
    const options = { chainId: undefined, confirmations: 3, embedded: true, account: account as `0x${string}` }
    const first = await open()
    await openChain({ ...options, url: first.url })
    await Chain.rpc(first.url)('anvil_mine', '0x5')
    await first.close()
    const second = await open()
    await openChain({ ...options, url: second.url })
    const head = Number(await Chain.rpc(second.url)('eth_blockNumber'))
    const final = `0x${(head - 2).toString(16)}`
    expect(await Chain.rpc(second.url)('eth_getStorageAt', account, '0x0', final)).to.match(/^0x0{64}$/)
    await second.close()
  })

  it('survives its process, but for what it had not written down', async () => {
    const first = await open()
    await mark(first.url)
    // Written every second.
    for (let text = ''; !text.includes(account.slice(2)); ) text = await state()
    process.kill((await running()).pid, 'SIGKILL')
    const second = await open()
    expect(await marked(second.url)).to.equal(true)
    expect(said).to.deep.equal([])
    await second.close()
  })

  it('is taken over from a process that was killed', async () => {
    const { url, kill } = await openElsewhere()
    await mark(url)
    await kill()
    const chain = await open()
    expect(chain.url).to.equal(url)
    expect(await marked(chain.url)).to.equal(true)
    const { pid: anvil } = await running()
    await chain.close()
    expect(isAlive(anvil)).to.equal(false)
  })

  it('stays while another process uses it', async () => {
    const other = await openElsewhere()
    const chain = await open()
    expect(chain.url).to.equal(other.url)
    const { pid } = await running()
    await chain.close()
    expect(isAlive(pid)).to.equal(true)
    await other.kill()
    await (await open()).close()
    expect(isAlive(pid)).to.equal(false)
  })

  it('is started once where two start at once', async () => {
    const [first, second] = await Promise.all([openElsewhere(), openElsewhere()])
    expect(first.url).to.equal(second.url)
    await Promise.all([first.kill(), second.kill()])
  })

  it('gets over what the dead have left: a user, a note on a chain that is gone', async () => {
    const dead = 2 ** 22 - 1
    await mkdir(join(home, 'chain', 'users'), { recursive: true })
    await writeFile(join(home, 'chain', 'users', String(dead)), '')
    await writeFile(
      join(home, 'chain', 'chain.json'),
      JSON.stringify({ pid: dead, port: 44133, state: 'state-00.json', genesis: '0x00' }),
    )
    const chain = await open()
    const { pid } = await running()
    await chain.close()
    expect(isAlive(pid)).to.equal(false)
    expect(await readdir(join(home, 'chain', 'users'))).to.deep.equal([])
  })

  it('is started once where one process opens it twice at once, over what the dead have left', async () => {
    await mkdir(join(home, 'chain'), { recursive: true })
    await writeFile(
      join(home, 'chain', 'chain.json'),
      JSON.stringify({ pid: 2 ** 22 - 1, port: 44133, state: 'state-00.json', genesis: '0x00' }),
    )
    const [first, second] = await Promise.all([open(), open()])
    expect(first.url).to.equal(second.url)
    await first.close()
    await second.close()
  })

  it('takes over what was started by a process that was killed before it answered', async () => {
    const first = await open()
    await mark(first.url)
    const path = join(home, 'chain', 'chain.json')
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), genesis: null }))
    const second = await open()
    expect(second.url).to.equal(first.url)
    expect(await marked(second.url)).to.equal(true)
    const { pid } = await running()
    await second.close()
    expect(isAlive(pid)).to.equal(false)
  })

  it('is not disturbed by one that nobody knows of, because its starter was killed at once', async () => {
    const unknown = await open()
    const { pid } = await running()
    try {
      // As if nothing had been written down of it.
      await writeFile(join(home, 'chain', 'chain.json'), '')
      const chain = await open()
      await mark(chain.url)
      await rm(join(home, 'chain', 'users', String(process.pid)))
      await chain.close()
      await Chain.rpc(unknown.url)('anvil_mine', '0x1')
      process.kill(pid, 'SIGTERM')
      while (isAlive(pid)) await Chain.rpc(unknown.url)('eth_blockNumber').catch(() => {})
      const again = await open()
      expect(await marked(again.url)).to.equal(true)
      await again.close()
    } finally {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    }
  })

  it('leaves the state alone where anvil does not start for another reason', async () => {
    await (await open()).close()
    const before = await state()
    // Nothing is installed for such a machine.
    const architecture = Object.getOwnPropertyDescriptor(process, 'arch')
    Object.defineProperty(process, 'arch', { ...architecture, value: 'none' })
    try {
      expect(
        await open().then(
          () => 'opened',
          ({ code }) => code,
        ),
      ).to.equal('CHAIN_UNREACHABLE')
    } finally {
      Object.defineProperty(process, 'arch', architecture ?? {})
    }
    expect(await state()).to.equal(before)
    expect(said).to.deep.equal([])
  })

  it('puts a damaged state aside, says so, and goes on from the last good one', async () => {
    const first = await open()
    await mark(first.url)
    await first.close()
    // The copy is made when a state could be read.
    await (await open()).close()
    await writeFile(await stateFile(), '{"half":')
    const chain = await open()
    expect(await marked(chain.url)).to.equal(true)
    await chain.close()
    expect(said).to.have.length(1)
    expect((await readdir(join(home, 'chain'))).filter((name) => name.startsWith('damaged-'))).to.have.length(1)
  })

  it('begins anew where nothing can be read, and deletes nothing', async () => {
    await (await open()).close()
    await writeFile(await stateFile(), '{"half":')
    await writeFile(join(home, 'chain', 'last-good.json'), 'x')
    const chain = await open()
    expect(await Chain.rpc(chain.url)('eth_blockNumber')).to.equal('0x0')
    await chain.close()
    expect((await readdir(join(home, 'chain'))).filter((name) => name.startsWith('damaged-'))).to.have.length(2)
  })

  /** A process that opens the chain of this home and stays. */
  async function openElsewhere(): Promise<{ readonly url: string; readonly kill: () => Promise<void> }> {
    const program = `
      import * as EmbeddedChain from ${JSON.stringify(new URL(`file://${adapter}`).href)}
      const { url } = await EmbeddedChain.open({ home: ${JSON.stringify(home)}, chainId: 31337, say: () => {} })
      console.log(url)
      setInterval(() => {}, 1_000_000)
    `
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [url] = await once(createInterface(child.stdout), 'line')
    return {
      url,
      kill: async () => {
        child.kill('SIGKILL')
        await once(child, 'exit')
      },
    }
  }
})

function isAlive(pid: number): boolean {
  if (pid === 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
