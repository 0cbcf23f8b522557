import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'

/** A running embedded chain, and this process's part in it. */
export type EmbeddedChain = { readonly url: string; readonly close: () => Promise<void> }

type Running = { readonly pid: number; readonly port: number; readonly genesis: string }

export type Options = {
  readonly home: string
  readonly chainId: number
  /** Hears of what the operator should know. */
  readonly say: (sentence: string) => void
}

/** How long anvil may take to start, to stop and to answer, in milliseconds. */
const patience = 20_000
const interval = 20

/**
 * Opens the chain of a home, `anvil` with its state in `chain/`: the one that already runs, or a new one. The processes
 * that use it are written down, and the last one to close it stops it.
 *
 * If we are killed: anvil stays, with its state, and the next process takes it over. If anvil is killed: its last second
 * is lost, and so may be the transactions in it, which their owners send again. A state that cannot be read is put
 * aside, never deleted.
 *
 * @throws {EmbeddedChainError} CHAIN_UNREACHABLE when anvil does not start
 */
export async function open({ home, chainId, say }: Options): Promise<EmbeddedChain> {
  const folder = join(home, 'chain')
  const users = join(folder, 'users')
  await mkdir(users, { recursive: true })
  const user = join(users, String(process.pid))
  const running = await alone(folder, async () => {
    await writeFile(user, '')
    return (await adopt(folder)) ?? (await start(folder, chainId, say))
  })
  return {
    url: url(running.port),
    close: () =>
      alone(folder, async () => {
        await rm(user, { force: true })
        if (!(await isUsed(users))) await stop(running.pid)
      }),
  }
}

/** The chain that a process before us has left, if it is still there and is ours. */
async function adopt(folder: string): Promise<Running | undefined> {
  const text = await readFile(join(folder, 'chain.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const running = parse(text)
  if (running === undefined || !isAlive(running.pid)) return undefined
  return (await genesis(running.port)) === running.genesis ? running : undefined
}

function parse(text: string): Running | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function start(folder: string, chainId: number, say: (sentence: string) => void): Promise<Running> {
  const state = join(folder, 'state.json')
  const kept = join(folder, 'state.last-good.json')
  const attempts = [
    async () => {},
    async () => {
      say('The state of the embedded chain cannot be read; going on from the one before it.')
      await rename(state, join(folder, `state.damaged-${Date.now()}.json`)).catch(ignoreMissing)
      if (existsSync(kept)) await rename(kept, state)
    },
    async () => {
      say('The embedded chain begins anew; its anchors are sent again.')
      await rename(state, join(folder, `state.damaged-${Date.now()}.json`)).catch(ignoreMissing)
    },
  ]
  // The same port as the last time, if nobody has it now: trust files that name it stay true.
  const previous = readFile(join(folder, 'chain.json'), 'utf8').catch(() => '')
  for (const prepare of attempts) {
    await prepare()
    const running = await launch(state, chainId, await freePort(parse(await previous)?.port ?? 0))
    if (running === undefined) continue
    await replace(join(folder, 'chain.json'), JSON.stringify(running))
    // Whatever anvil could read is worth keeping until the next start.
    if (existsSync(state)) await replace(kept, await readFile(state))
    return running
  }
  throw new EmbeddedChainError('The embedded chain does not start.')
}

/**
 * `undefined` when anvil has ended by itself, as it does over a state that it cannot read. Whatever else goes wrong says
 * nothing against the state, and is thrown.
 */
async function launch(state: string, chainId: number, port: number): Promise<Running | undefined> {
  const args = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId), '--silent']
  // A process group of its own: Ctrl-C in a terminal must not take the chain away before we have closed it.
  const anvil = spawn(executable(), [...args, '--state', state, '--state-interval', '1'], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  })
  anvil.unref()
  await once(anvil, 'spawn').catch((cause) => {
    throw new EmbeddedChainError('The program anvil cannot be run.', cause)
  })
  const { pid } = anvil
  if (pid === undefined) throw new TypeError('A process that was spawned has an id')
  const hash = await answered(anvil, port)
  return hash === undefined ? undefined : { pid, port, genesis: hash }
}

/**
 * The program itself, without the launcher around it: signals and the process id are then its own. npm puts it into a
 * package for each platform, or, where that was left out, beside the launcher.
 */
function executable(): string {
  const name = process.platform === 'win32' ? 'anvil.exe' : 'anvil'
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch
  const require = createRequire(import.meta.url)
  try {
    return require.resolve(`@foundry-rs/anvil-${process.platform}-${architecture}/bin/${name}`)
  } catch {
    try {
      return join(dirname(require.resolve('@foundry-rs/anvil/package.json')), name)
    } catch (cause) {
      throw new EmbeddedChainError('The program anvil is not installed.', cause)
    }
  }
}

async function answered(anvil: ChildProcess, port: number): Promise<string | undefined> {
  for (const deadline = performance.now() + patience; performance.now() < deadline; await pause(interval)) {
    if (anvil.exitCode !== null) return undefined
    if (anvil.signalCode !== null) throw new EmbeddedChainError(`anvil was ended by ${anvil.signalCode}.`)
    const hash = await genesis(port)
    if (hash !== undefined) return hash
  }
  anvil.kill('SIGKILL')
  throw new EmbeddedChainError('anvil does not answer.')
}

/** The hash of the first block: what tells this home's chain from everybody else's. */
async function genesis(port: number): Promise<string | undefined> {
  try {
    const response = await fetch(url(port), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: ['0x0', false] }),
      signal: AbortSignal.timeout(5_000),
    })
    const { result } = (await response.json()) as { result?: { hash?: string } }
    return result?.hash
  } catch {
    return undefined
  }
}

/** Lets anvil write its state down and end. */
async function stop(pid: number): Promise<void> {
  kill(pid, 'SIGTERM')
  for (const deadline = performance.now() + patience; performance.now() < deadline; await pause(interval))
    if (!isAlive(pid)) return
  kill(pid, 'SIGKILL')
}

async function isUsed(users: string): Promise<boolean> {
  let used = false
  for (const name of await readdir(users)) {
    if (isAlive(Number(name))) used = true
    else await rm(join(users, name), { force: true })
  }
  return used
}

/**
 * Does something while no other process does it in this folder. The lock is the database engine's, on a file with nothing
 * in it: it ends with whoever holds it, however that ends.
 */
async function alone<result>(folder: string, action: () => Promise<result>): Promise<result> {
  const lock = new DatabaseSync(join(folder, 'lock.db'))
  try {
    for (const deadline = performance.now() + 2 * patience; !tryLock(lock); await pause(interval))
      if (performance.now() > deadline) throw new EmbeddedChainError('Another process starts the embedded chain.')
    return await action()
  } finally {
    lock.close()
  }
}

function tryLock(lock: DatabaseSync): boolean {
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return true
  } catch (error) {
    if (error instanceof Error && /database is locked/.test(error.message)) return false
    throw error
  }
}

async function replace(path: string, content: string | Uint8Array): Promise<void> {
  const draft = `${path}.${process.pid}.partial`
  await writeFile(draft, content)
  await rename(draft, path)
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** The port, if nobody listens on it, or else one that the system chooses. */
async function freePort(preferred: number): Promise<number> {
  const server = createServer().listen(preferred, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return freePort(0)
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new TypeError('A TCP server has a port')
  return address.port
}

function url(port: number): string {
  return `http://127.0.0.1:${port}`
}

function ignoreMissing(cause: NodeJS.ErrnoException): void {
  if (cause.code !== 'ENOENT') throw cause
}

/** Thrown when the embedded chain cannot be used. */
export class EmbeddedChainError extends Errors.BaseError<'CHAIN_UNREACHABLE'> {
  override readonly name = 'EmbeddedChain.EmbeddedChainError'
  constructor(message: string, cause?: unknown) {
    super('CHAIN_UNREACHABLE', message, { cause })
  }
}
