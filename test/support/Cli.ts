import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import * as Json from '@laurel/core/Json'

const root = fileURLToPath(new URL('../../', import.meta.url))
const commands = { laurel: 'server/src/cli.ts', 'laurel-verify': 'verifier/src/cli/main.ts' } as const

export type Environment = Readonly<Record<string, string>>
export type Outcome = {
  /** `null` when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A new folder for everything that a test keeps; `remove` deletes it. */
export async function createHome(): Promise<{ readonly home: string; readonly remove: () => Promise<void> }> {
  const home = await mkdtemp(join(tmpdir(), 'laurel-'))
  return { home, remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Runs one of the two commands to its end, as a user would, and answers with all that it said. */
export async function run(
  command: keyof typeof commands,
  args: readonly string[],
  environment: Environment,
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(root, commands[command]), ...args], {
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk
  })
  const [code] = await once(child, 'close')
  return { code, stdout, stderr }
}

/** A server that runs. `key` is the first of its home, which it tells once; `owner` leads to becoming the first owner. */
export type Server = {
  readonly key: string | undefined
  readonly owner: string | undefined
  readonly pid: number
  /** What it has said so far to whoever operates it. */
  readonly said: () => string
  readonly stop: () => Promise<void>
  readonly kill: () => Promise<void>
  /** Resolves once it has ended, whatever has ended it. */
  readonly ended: Promise<unknown>
}

/** Runs `laurel start` until it listens, on a port that the environment names. */
export async function start(environment: Environment, args: readonly string[] = []): Promise<Server> {
  const server = spawn(process.execPath, [join(root, commands.laurel), 'start', ...args], {
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stderr = ''
  server.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk
  })
  const ended = once(server, 'exit')
  let listening = false
  let key: string | undefined
  let owner: string | undefined
  for await (const line of createInterface(server.stdout)) {
    key ??= /laurel_[0-9a-f]{8}_\w+/.exec(line)?.[0]
    owner ??= /http\S+\/invitations\/\S+/.exec(line)?.[0]
    listening = line.includes('Stop it with')
    if (listening) break
  }
  if (!listening) throw new Error(`laurel start did not start:\n${stderr}`)
  server.stdout.resume()
  return {
    key,
    owner,
    pid: server.pid ?? Number.NaN,
    said: () => stderr,
    ended,
    stop: async () => {
      server.kill('SIGTERM')
      await ended
    },
    kill: async () => {
      server.kill('SIGKILL')
      await ended
    },
  }
}

/** Issues a roster and answers with what `laurel issue --json` says. */
export async function issue(
  roster: string,
  achievement: string,
  environment: Environment,
): Promise<{ readonly batch: string; readonly issued: number; readonly folder: string; readonly root: string }> {
  const { code, stdout, stderr } = await run(
    'laurel',
    ['issue', roster, '--achievement', achievement, '--json'],
    environment,
  )
  if (code !== 0) throw new Error(`laurel issue ended with ${code}:\n${stdout}\n${stderr}`)
  return JSON.parse(stdout)
}

/** The credentials in a batch's folder, and its status lists by URL. */
export async function readBatch(
  folder: string,
): Promise<{ readonly credentials: readonly Json.Object[]; readonly statusLists: ReadonlyMap<string, Json.Object> }> {
  const credentials: Json.Object[] = []
  const statusLists = new Map<string, Json.Object>()
  for (const name of await readdir(folder)) {
    if (!/^([0-9a-f]{8}-.*|status-.*)\.json$/.test(name)) continue
    const document = Json.parseObject(await readFile(join(folder, name)))
    if (name.startsWith('status-')) statusLists.set(String(document.id), document)
    else credentials.push(document)
  }
  return { credentials, statusLists }
}

/** The URL of the chain that a home's trust file names. */
export async function chainUrl(home: string): Promise<string> {
  const { chains } = JSON.parse(await readFile(join(home, 'trust.json'), 'utf8'))
  return chains[0].rpc[0]
}
