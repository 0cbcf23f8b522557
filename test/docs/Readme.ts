import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A shell block of the README, with what the comment above it says about running it. */
export type Block = { readonly when: string; readonly text: string }

/** The README's shell blocks that carry a mark. */
export async function blocks(): Promise<readonly Block[]> {
  const text = await readFile(join(root, 'README.md'), 'utf8')
  return [...text.matchAll(/(?:<!-- run: (\w+) -->\n)?```sh\n([\s\S]*?)```/g)].map((match) => ({
    when: match[1] ?? '',
    text: match[2] ?? '',
  }))
}

/**
 * Runs a block as a reader would, in a folder that has what the repository has and a home of its own.
 *
 * @returns what it printed
 */
export async function run({ text }: Block): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-readme-'))
  try {
    await cp(join(root, 'samples'), join(folder, 'samples'), { recursive: true })
    // npx finds this repository's commands there.
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    const { stdout, stderr } = await promisify(execFile)('bash', ['-euc', text], {
      cwd: folder,
      env: {
        ...process.env,
        LAUREL_HOME: join(folder, '.laurel'),
        PATH: [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(':'),
      },
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout + stderr
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
