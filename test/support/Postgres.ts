import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, globSync, mkdtempSync } from 'node:fs'
import type { Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

/** A PostgreSQL of this test's own, with nothing in it, that syncs every commit to the disk as a real one does. */
export type Postgres = {
  /** The address of a database; each name is made on first use. */
  readonly url: (database: string) => string
  /** Kills the server as a power failure would, but for what the disk has. */
  readonly kill: () => Promise<void>
  /** Starts it again, on the same port, over the same files. */
  readonly restart: () => Promise<void>
  readonly stop: () => Promise<void>
}

/** The folder with PostgreSQL's programs, newest first; `undefined` where there are none. */
function programs(): string | undefined {
  const found = globSync('/usr/lib/postgresql/*/bin').toSorted((a, b) => version(b) - version(a))
  const places = [process.env.POSTGRES_BIN, ...found, '/usr/local/bin', '/opt/homebrew/bin']
  return places.find((folder) => folder !== undefined && existsSync(join(folder, 'initdb')))
}

function version(folder: string): number {
  return Number(/postgresql\/(\d+)/.exec(folder)?.[1] ?? 0)
}

/** Why no test here can use PostgreSQL; `undefined` where it is there. */
export function missing(): string | undefined {
  return programs() === undefined ? 'PostgreSQL is not installed (apt-get install postgresql)' : undefined
}

/** The address by which somebody sees, past the program, the rows of an organisation: of all where none is named. */
export function seeing(url: string, organisation = '*'): string {
  const address = new URL(url)
  const options = address.searchParams.get('options') ?? ''
  address.searchParams.set('options', `${options} -c laurel.organisation=${organisation}`.trim())
  return address.href.replaceAll('+', '%20')
}

/** Starts a server on a free port of 127.0.0.1. */
export async function start(): Promise<Postgres> {
  const bin = programs()
  if (bin === undefined) throw new Error(missing())
  // Outside of the home of root, which the server's own user may not enter.
  const folder = mkdtempSync(join(tmpdir(), 'laurel-postgres-'))
  chmodSync(folder, 0o777)
  const data = join(folder, 'data')
  const port = await freePort()
  // Nothing of what it would write down at an orderly end is wanted.
  const halting = [join(bin, 'pg_ctl'), 'stop', '--wait', '--pgdata', data, '--mode', 'immediate'] as const
  const end = endLater(folder, halting)
  run(
    join(bin, 'initdb'),
    '--pgdata',
    data,
    '--username',
    'postgres',
    '--auth',
    'trust',
    '--encoding',
    'UTF8',
    '--locale',
    'C',
  )
  const options = `-c listen_addresses=127.0.0.1 -c port=${port} -c unix_socket_directories=${folder}`
  const launch = async () =>
    run(join(bin, 'pg_ctl'), 'start', '--wait', '--pgdata', data, '--log', join(folder, 'log'), '-o', options)
  await launch()
  const reach = ['--host', '127.0.0.1', '--port', String(port)] as const
  // As an operator makes one: what is beneath the program's own rules holds for it too.
  run(join(bin, 'createuser'), ...reach, '--username', 'postgres', '--createdb', '--no-superuser', 'laurel')
  // It has one of this name, for whoever wants to make others.
  const made = new Set(['postgres'])
  return {
    url: (database) => {
      if (!made.has(database)) run(join(bin, 'createdb'), ...reach, '--username', 'laurel', database)
      made.add(database)
      return `postgres://laurel@127.0.0.1:${port}/${database}`
    },
    kill: async () => run(...halting),
    restart: launch,
    stop: end,
  }
}

/**
 * Halts a server and deletes its folder when the function returned is called, and when this process ends, however it does:
 * what waits for that is in no group of processes that is killed, and reads an input that nobody else has open.
 */
function endLater(folder: string, halting: Program): () => Promise<void> {
  const script = 'read -r _; "$@"; code=$?; rm -rf "$0"; exit $code'
  const keeper = spawn('sh', ['-c', script, folder, ...asUser(halting)], {
    ...place(),
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  keeper.unref()
  ;(keeper.stdin as Socket).unref()
  return async () => {
    keeper.ref()
    keeper.stdin.end()
    const [code] = await once(keeper, 'exit')
    if (code !== 0) throw new Error(`PostgreSQL was not halted: ${code}`)
  }
}

type Program = readonly [program: string, ...args: readonly string[]]

/** Runs one of PostgreSQL's programs. */
function run(...program: Program): void {
  const [command, ...args] = asUser(program)
  execFileSync(command, args, { ...place(), stdio: ['ignore', 'ignore', 'pipe'] })
}

/** They refuse to be run by root: then it is the user whom their package has made. */
function asUser(program: Program): Program {
  return userInfo().uid === 0 ? ['runuser', '-u', 'postgres', '--', ...program] : program
}

function place() {
  return { cwd: tmpdir(), env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` } }
}
