import { execFile } from 'node:child_process'
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** A disk of a few megabytes, in memory, that a test fills. */
export type SmallDisk = {
  readonly folder: string
  /** Fills what is left of it, but for so many bytes. */
  readonly fill: (but?: number) => Promise<void>
  /** Makes room again. */
  readonly empty: () => Promise<void>
  readonly remove: () => Promise<void>
}

const run = promisify(execFile)

/** Why no test here can have a disk of its own; `undefined` where it can. */
export async function missing(): Promise<string | undefined> {
  try {
    await (await create(1)).remove()
    return undefined
  } catch (error) {
    return `no file system can be mounted here: ${(error as Error).message.trim().split('\n').at(-1)}`
  }
}

/** Mounts one of so many megabytes. */
export async function create(megabytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'laurel-disk-'))
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder])
  } catch (error) {
    await rm(folder, { recursive: true })
    throw error
  }
  const filler = join(folder, 'filler')
  return {
    folder,
    fill: async (but = 0) => {
      const { bavail, bsize } = await statfs(folder)
      await writeFile(filler, new Uint8Array(Math.max(0, bavail * bsize - but)), { flag: 'a' })
    },
    empty: () => rm(filler, { force: true }),
    remove: async () => {
      await run('umount', ['--lazy', folder])
      await rm(folder, { recursive: true })
    },
  }
}
