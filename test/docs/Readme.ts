import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { freePort } from '../support/free-port.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A shell block of the README, with what the comment above it says about running it. */
export type Block = { readonly when: string; readonly text: string }

/** What a command printed, and its exit code. */
export type Ended = { readonly code: number; readonly output: string }

/** Somebody who reads the README in a folder that has what a clone has, and a home of its own. */
export type Reader = {
  readonly run: (block: Block) => Promise<Ended>
  /** Leaves a block running in another terminal, once it has said what it waits for. */
  readonly leave: (block: Block, until: string) => Promise<void>
  readonly close: () => Promise<void>
}

/** The README's shell blocks. */
export async function blocks(): Promise<readonly Block[]> {
  const text = await readFile(join(root, 'README.md'), 'utf8')
  return [...text.matchAll(/(?:<!-- run: (\w+) -->\n+)?```sh\n([\s\S]*?)```/g)].map((match) => ({
    when: match[1] ?? '',
    text: match[2] ?? '',
  }))
}

/** The block with this mark. */
export async function block(when: string): Promise<Block> {
  const found = (await blocks()).find((each) => each.when === when)
  if (found === undefined) throw new TypeError(`The README has no block marked ${when}`)
  return found
}

export async function reader(): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-readme-'))
  await cp(join(root, 'samples'), join(folder, 'samples'), { recursive: true })
  // npx finds this repository's commands there.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  const place = {
    cwd: folder,
    env: {
      ...process.env,
      LAUREL_HOME: join(folder, '.laurel'),
      PORT: String(await freePort()),
      PATH: [dirname(process.execPath), process.env.PATH].join(':'),
    },
  }
  // npm looks for its package.json here, and a clone has it in the same folder.
  const shell = ({ text }: Block) => ['-euc', text.replace(/^npm /gm, `npm --prefix '${root}' `)]
  const left: ReturnType<typeof spawn>[] = []
  return {
    run: async (block) => {
      try {
        const { stdout, stderr } = await promisify(execFile)('bash', shell(block), { ...place, maxBuffer: 2 ** 26 })
        return { code: 0, output: stderr + stdout }
      } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
        return { code, output: stderr + stdout }
      }
    },
    leave: async (block, until) => {
      // A group of its own, so that npm, its shell and the server end together.
      const child = spawn('bash', shell(block), { ...place, detached: true, stdio: ['ignore', 'pipe', 'inherit'] })
      left.push(child)
      let output = ''
      for await (const text of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
        output += text
        if (output.includes(until)) return void child.stdout.resume()
      }
      throw new Error(`It ended before it said ${until}:\n${output}`)
    },
    close: async () => {
      for (const child of left) {
        if (child.exitCode !== null || child.pid === undefined) continue
        const ended = once(child, 'close')
        process.kill(-child.pid, 'SIGTERM')
        await ended
      }
      await rm(folder, { recursive: true, force: true })
    },
  }
}
