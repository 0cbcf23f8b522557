import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises'
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

/** What the folders are called, before the id of the process that made them. */
const prefix = 'laurel-disk-'

/** Mounts one of so many megabytes. Those of processes that died with theirs are taken away first. */
export async function create(megabytes: number): Promise<SmallDisk> {
  await sweep()
  const folder = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`))
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
      const rest = new Uint8Array(Math.max(0, bavail * bsize - but))
      // Whoever is tested may have written meanwhile: then it is full already.
      await writeFile(filler, rest, { flag: 'a' }).catch((cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ENOSPC') throw cause
      })
    },
    empty: () => rm(filler, { force: true }),
    remove: () => remove(folder),
  }
}

async function sweep(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const [, pid] = new RegExp(`^${prefix}(\\d+)-`).exec(name) ?? []
    // Whoever sweeps at the same moment has taken it away.
    if (pid !== undefined && !isAlive(Number(pid))) await remove(join(tmpdir(), name)).catch(() => {})
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function remove(folder: string): Promise<void> {
  // One that was never mounted is a folder like any other.
  await run('umount', ['--lazy', folder]).catch(() => {})
  await rm(folder, { recursive: true })
}
