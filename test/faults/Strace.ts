import { execFile, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'

/** One system call of a process that was watched, in the order in which they ended. */
export type Call = {
  readonly name: string
  /** The file or the socket that it was about. */
  readonly path: string
  /** The rest of its arguments, as strace writes them: of what was read and written, the beginning. */
  readonly text: string
  readonly failed: boolean
}

/** What is done to the n-th call of a name, counted from 1 since the watch began, for each thread by itself. */
export type Injection = { readonly call: string; readonly nth: number; readonly fault: 'KILL' | 'EIO' | 'ENOSPC' }

/** A process that is watched, or whose calls are broken. */
export type Watch = {
  /** Lets go of the process, and answers with what was seen. */
  readonly end: () => Promise<readonly Call[]>
}

/** Why no test here can watch system calls; `undefined` where it can. */
export async function missing(): Promise<string | undefined> {
  try {
    await promisify(execFile)('strace', ['-o', '/dev/null', process.execPath, '--version'])
    return undefined
  } catch (error) {
    const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: string }
    if (code === 'ENOENT') return 'strace is not installed (apt-get install strace)'
    return `strace may not trace here: ${stderr?.split('\n')[0]}`
  }
}

/**
 * Begins to watch a process and all of its threads, once strace has hold of it. What strace sees comes through a pipe: when
 * this process dies, strace has nobody to tell, and ends as well.
 */
export async function attach(pid: number, calls: readonly string[], injection?: Injection): Promise<Watch> {
  const inject = injection === undefined ? [] : ['-e', `inject=${expression(injection)}`]
  const args = [
    '-f',
    '-y',
    '-s',
    '48',
    '-e',
    `trace=${calls.join(',')}`,
    ...inject,
    '-o',
    '|cat >&3',
    '-p',
    String(pid),
  ]
  const strace = spawn('strace', args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  const [, , stderr, sight] = strace.stdio as unknown as readonly [null, null, Readable, Readable]
  const seen = text(sight)
  let said = ''
  for await (const chunk of stderr.setEncoding('utf8')) {
    said += chunk
    if (said.includes('attached')) break
  }
  if (!said.includes('attached')) throw new Error(`strace has not begun: ${said}`)
  stderr.resume()
  return {
    end: async () => {
      strace.kill('SIGINT')
      return parse(await seen)
    },
  }
}

function expression({ call, nth, fault }: Injection): string {
  return fault === 'KILL' ? `${call}:signal=KILL:when=${nth}` : `${call}:error=${fault}:when=${nth}`
}

/** Reads what strace writes with `-f -y`: a call that others interrupt is told in two lines. */
function parse(text: string): readonly Call[] {
  const begun = new Map<string, string>()
  const calls: Call[] = []
  for (const line of text.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(thread, rest.slice(0, -'<unfinished ...>'.length))
      continue
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
    const whole = resumed === null ? rest : `${begun.get(thread) ?? ''}${resumed[1]}`
    const match = /^(\w+)\(\d+<(.*?)>(.*)\) += (-?\d+)/s.exec(whole)
    if (match === null) continue
    const [, name = '', path = '', args = '', result = ''] = match
    calls.push({ name, path, text: args, failed: result.startsWith('-') })
  }
  return calls
}
