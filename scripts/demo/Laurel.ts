import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const issuer = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
const verifier = fileURLToPath(new URL('../../verifier/src/cli/main.ts', import.meta.url))

/** What `laurel issue --json` answers. */
export type Issued = {
  readonly batch: string
  readonly issued: number
  readonly folder: string
  readonly root: string
  readonly chainId: number
  readonly registry: string
}

/** What `laurel-verify --json` says of one file. */
export type Report = {
  readonly file: string
  readonly verdict: 'accepted' | 'rejected' | 'unknown'
  readonly checks: readonly { readonly check: string; readonly outcome: string; readonly code: string }[]
}

/** The two commands, run as a user would run them, in a home of the demo's choosing. */
export type Laurel = {
  readonly issue: (roster: string, achievement: string) => Promise<Issued>
  readonly start: () => Promise<{ readonly stop: () => Promise<void> }>
  readonly revoke: (credentialId: string) => Promise<void>
  readonly verify: (path: string, trust?: string) => Promise<readonly Report[]>
  /** Writes a trust file in which every chain has an RPC where nobody answers, and returns its path. */
  readonly withoutChain: (file: string) => Promise<string>
}

/** @throws {Error} from every command that does not do what it was told, after it has said why on the terminal */
export async function create({ home, chain }: { home: string; chain: string | undefined }): Promise<Laurel> {
  const port = process.env.PORT || (await freePort(4400))
  const env = {
    ...process.env,
    LAUREL_HOME: home,
    LAUREL_ISSUER_NAME: process.env.LAUREL_ISSUER_NAME || 'Example University',
    PORT: String(port),
    ...(process.env.LAUREL_PUBLIC_URL ? {} : { LAUREL_PUBLIC_URL: `http://127.0.0.1:${port}` }),
    ...(chain === undefined ? {} : { LAUREL_CHAIN_RPC: chain }),
  }
  const trusted = join(home, 'trust.json')
  return {
    issue: async (roster, achievement) => {
      const args = [issuer, 'issue', roster, '--achievement', achievement, '--again', '--json']
      return JSON.parse(await run(args, env, [0]))
    },
    start: async () => {
      const server = spawn(process.execPath, [issuer, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
      const ended = once(server, 'exit')
      for await (const line of createInterface(server.stdout)) if (line.includes('http://')) break
      if (server.exitCode !== null) throw new Error(`laurel start ended with the exit code ${server.exitCode}`)
      server.stdout.resume()
      return {
        stop: async () => {
          server.kill('SIGTERM')
          await ended
        },
      }
    },
    revoke: async (id) => {
      await run([issuer, 'revoke', id, '--reason', 'shown in the demo', '--json'], env, [0])
    },
    verify: async (path, trust = trusted) =>
      JSON.parse(await run([verifier, path, '--trust', trust, '--json'], env, [0, 1, 2])),
    withoutChain: async (file) => {
      const trust = JSON.parse(await readFile(trusted, 'utf8'))
      const nowhere = `http://127.0.0.1:${await freePort(0)}`
      for (const each of trust.chains) each.rpc = [nowhere]
      const absolute = (path: string) => join(home, path)
      if (trust.content?.folders) trust.content.folders = trust.content.folders.map(absolute)
      if (trust.status?.folders) trust.status.folders = trust.status.folders.map(absolute)
      await writeFile(file, `${JSON.stringify(trust, null, 2)}\n`)
      return file
    },
  }
}

/** The verdict on one file, with the check that decided it: the first that failed, or else the first that is unknown. */
export function decision([report]: readonly Report[]): { verdict: string; check: string; code: string } {
  if (report === undefined) throw new Error('laurel-verify has said nothing')
  const wanted = { accepted: 'passed', rejected: 'failed', unknown: 'unknown' }[report.verdict]
  const decisive = report.checks.find(({ outcome }) => outcome === wanted)
  return { verdict: report.verdict, check: decisive?.check ?? '', code: decisive?.code ?? '' }
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv, expected: readonly number[]): Promise<string> {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  let output = ''
  for await (const chunk of child.stdout.setEncoding('utf8')) output += chunk
  const [code] = await ended
  if (!expected.includes(code)) throw new Error(`The command ended with the exit code ${code}:\n${output}`)
  return output
}

/** The port, if nobody listens on it, or else one that the system chooses. */
async function freePort(preferred: number): Promise<number> {
  const server = createServer()
  try {
    server.listen(preferred, '127.0.0.1')
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
