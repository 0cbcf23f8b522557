import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sha256 } from 'viem'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import { freePort } from '../../support/free-port.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))
const people = ['Ada,ada@example.org', 'Grace,grace@example.org', 'Emmy,emmy@example.org']

export type Said = {
  readonly purpose: string
  readonly isSet: boolean
  readonly digest: `0x${string}`
  readonly since: string
}

/** What `laurel status ID --json` says. */
export type Answer = {
  readonly state: string
  readonly decision: { readonly act: string; readonly reason: string | null; readonly at: string } | null
  readonly published: readonly Said[]
  readonly recorded: { readonly code: string; readonly lists: readonly Said[] }
}

/** An issuer that has issued to three people, with its server, on a chain of its own whose clock is right. */
export type Issuer = Awaited<ReturnType<typeof open>>

export async function open() {
  const chain = await Chain.start()
  await chain.rpc('evm_increaseTime', Math.floor(Date.now() / 1000) - 1_770_000_000)
  const { home, remove } = await Cli.createHome()
  const port = await freePort()
  const environment = { LAUREL_HOME: home, LAUREL_CHAIN_RPC: chain.url, PORT: String(port) }
  const roster = join(home, 'roster.csv')
  await writeFile(roster, ['name,email', ...people, ''].join('\n'))
  const { folder } = await Cli.issue(roster, achievement, environment)
  const { credentials } = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
  let server = await Cli.start(environment)

  const laurel = (args: readonly string[], more: Cli.Environment = {}) =>
    Cli.run('laurel', args, { ...environment, ...more })
  const json = async (...args: readonly string[]) => {
    const { code, stdout } = await laurel([...args, '--json'])
    return { code, answer: JSON.parse(stdout) }
  }
  const id = (person: number): string => credentials[person].id
  const list = (purpose: string, init?: RequestInit) =>
    fetch(`http://127.0.0.1:${port}/status-lists/${purpose}-1`, init)
  const at = async (person: number, moment?: string): Promise<Answer> =>
    (await json('status', id(person), ...(moment === undefined ? [] : ['--at', moment]))).answer

  return {
    chain,
    home,
    port,
    laurel,
    json,
    id,
    list,
    at,
    /** Has somebody's credential revoked, suspended or reinstated. */
    decide: async (act: string, person: number, ...more: readonly string[]) => {
      const { code, answer } = await json(act, id(person), ...more)
      return answer.error === undefined ? { code, repeated: answer.repeated } : { code, error: answer.error.code }
    },
    /** The verdict on somebody's credential, and the code of the check of its status. */
    verify: async (person: number, ...more: readonly string[]) => {
      const file = join(folder, credentials[person].file)
      const { stdout } = await Cli.run('laurel-verify', [file, '--json', ...more], environment)
      const [{ verdict, checks }] = JSON.parse(stdout)
      return [verdict, checks.find(({ check }: { readonly check: string }) => check === 'status').code]
    },
    /** The digest of a list as it is served. */
    digestOf: async (purpose: string) => sha256(new Uint8Array(await (await list(purpose)).arrayBuffer())),
    /** Asks until these digests, by their purposes, are what stands on the chain. */
    recorded: async (person: number, digests: Readonly<Record<string, string>>): Promise<Answer> => {
      for (;;) {
        const answer = await at(person)
        const { lists } = answer.recorded
        const stands = ([purpose, digest]: readonly [string, string]) =>
          lists.some((each) => each.purpose === purpose && each.digest === digest)
        if (Object.entries(digests).every(stands)) return answer
      }
    },
    start: async () => {
      server = await Cli.start(environment)
    },
    stop: () => server.stop(),
    close: async () => {
      await server.stop()
      await chain.stop()
      await remove()
    },
  }
}
