import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import * as Errors from '@laurel/core/Errors'

/** A running embedded chain, and this process's part in it. */
export type EmbeddedChain = { readonly url: string; readonly close: () => Promise<void> }

/** What `chain.json` says: the process, its port, its file in the folder, and its first block once it has answered. */
type Running = { readonly pid: number; readonly port: number; readonly state: string; readonly genesis: string | null }

export type Options = {
  readonly home: string
  readonly chainId: number
  /** Hears of what the operator should know. */
  readonly say: (sentence: string) => void
}

/** How long anvil may take to start, to stop and to answer, in milliseconds. */
const patience = 20_000
const interval = 20

const noteName = 'chain.json'

/**
 * Opens the chain of a home, `anvil` with its state in `chain/`: the one that already runs, or a new one. The processes
 * that use it are written down, and the last one to close it stops it.
 *
 * If we are killed: anvil stays, with its state, and the next process takes it over. Should we be killed before we could
 * write down that it runs: it stays too, but on a copy of the state that nobody reads. If anvil is killed: its last
 * second is lost, and so may be the transactions in it, which their owners send again. A state that cannot be read is
 * put aside, never deleted.
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
  const running = await note(folder)
  if (running === undefined || !isAlive(running.pid)) return undefined
  if (running.genesis !== null) return (await genesis(running.port)) === running.genesis ? running : undefined
  // Whoever started it was killed before it answered.
  const hash = await answered(running.port, () => !isAlive(running.pid))
  if (hash === undefined) return undefined
  const adopted = { ...running, genesis: hash }
  await replace(join(folder, noteName), JSON.stringify(adopted))
  return adopted
}

/** What is written down of the chain that ran last. */
async function note(folder: string): Promise<Running | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, noteName), 'utf8'))
  } catch {
    return undefined
  }
}

async function start(folder: string, chainId: number, say: (sentence: string) => void): Promise<Running> {
  const previous = await note(folder)
  const kept = join(folder, 'last-good.json')
  const state = previous === undefined ? undefined : join(folder, previous.state)
  const sources: readonly { readonly path?: string; readonly sentence?: string }[] = [
    ...(state !== undefined && existsSync(state) ? [{ path: state }] : []),
    ...(existsSync(kept)
      ? [{ path: kept, sentence: 'The state of the embedded chain cannot be read; going on from the one before it.' }]
      : []),
    previous === undefined ? {} : { sentence: 'The embedded chain begins anew; its anchors are sent again.' },
  ]
  // The same port as the last time, if nobody has it now: trust files that name it stay true.
  const port = await freePort(previous?.port ?? 0)
  for (const { path, sentence } of sources) {
    if (sentence !== undefined) say(sentence)
    // A file of its own for each launch: what nobody knows of, because we were killed, writes into no other's.
    const own = `state-${randomBytes(4).toString('hex')}.json`
    if (path !== undefined) await copyFile(path, join(folder, own))
    const running = await launch(folder, own, chainId, port)
    if (running === undefined) {
      await rename(join(folder, own), join(folder, own.replace('state', 'damaged'))).catch(ignoreMissing)
      continue
    }
    // Whatever anvil could read is worth keeping until the next start.
    if (path !== undefined && path === state) await replace(kept, await readFile(path))
    await replace(join(folder, noteName), JSON.stringify(running))
    for (const name of await readdir(folder))
      if (name.startsWith('state-') && name !== own) await rm(join(folder, name), { force: true })
    return running
  }
  throw new EmbeddedChainError('The embedded chain does not start.')
}

/**
 * `undefined` when anvil has ended by itself, as it does over a state that it cannot read. Whatever else goes wrong says
 * nothing against the state, and is thrown.
 */
async function launch(folder: string, state: string, chainId: number, port: number): Promise<Running | undefined> {
  const args = ['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(chainId), '--silent']
  // A process group of its own: Ctrl-C in a terminal must not take the chain away before we have closed it.
  const anvil = spawn(executable(), [...args, '--state', join(folder, state), '--state-interval', '1'], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  })
  anvil.unref()
  const { pid } = anvil
  // At once, so that whoever comes after us takes it over even if we are killed before it answers.
  if (pid !== undefined) replaceAtOnce(join(folder, noteName), JSON.stringify({ pid, port, state, genesis: null }))
  await once(anvil, 'spawn').catch((cause) => {
    throw new EmbeddedChainError('The program anvil cannot be run.', cause)
  })
  if (pid === undefined) throw new TypeError('A process that was spawned has an id')
  const hash = await answered(port, () => hasEnded(anvil)).catch((error) => {
    anvil.kill('SIGKILL')
    throw error
  })
  return hash === undefined ? undefined : { pid, port, state, genesis: hash }
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

/** The hash of the first block once the port answers; `undefined` when the process has ended before that. */
async function answered(port: number, isGone: () => boolean): Promise<string | undefined> {
  for (const deadline = performance.now() + patience; performance.now() < deadline; await pause(interval)) {
    if (isGone()) return undefined
    const hash = await genesis(port)
    if (hash !== undefined) return hash
  }
  throw new EmbeddedChainError('anvil does not answer.')
}

function hasEnded(anvil: ChildProcess): boolean {
  if (anvil.signalCode !== null) throw new EmbeddedChainError(`anvil was ended by ${anvil.signalCode}.`)
  return anvil.exitCode !== null
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

function replaceAtOnce(path: string, content: string): void {
  const draft = `${path}.${process.pid}.partial`
  writeFileSync(draft, content)
  renameSync(draft, path)
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
