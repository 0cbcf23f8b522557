import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open as openFile, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Spool } from '../../ports/Spool.ts'

/** What is kept in memory, in bytes. */
const small = 1024 * 1024

/** After how many milliseconds nobody reads an upload any more. */
const abandoned = 24 * 60 * 60 * 1_000

/** Keeps uploads under `uploads/` of a home, readable by its owner only: they hold personal data. */
export async function open(home: string): Promise<Spool> {
  const folder = join(home, 'uploads')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await sweep(folder)
  return {
    keep: async (bytes) => {
      const hash = createHash('sha256')
      const path = join(folder, randomUUID())
      let held: Uint8Array[] = []
      let length = 0
      let file: FileHandle | undefined
      try {
        for await (const chunk of bytes) {
          hash.update(chunk)
          held.push(chunk)
          length += chunk.length
          if (length <= small) continue
          file ??= await openFile(path, 'wx', 0o600)
          await file.writeFile(Buffer.concat(held))
          held = []
        }
        await file?.close()
      } catch (error) {
        await file?.close().catch(() => {})
        await rm(path, { force: true })
        throw error
      }
      const digest = hash.digest()
      const isSmall = file === undefined
      return {
        digest,
        source: async function* () {
          if (isSmall) yield* held
          else yield* createReadStream(path)
        },
        drop: async () => {
          held = []
          if (!isSmall) await rm(path, { force: true })
        },
      }
    },
  }
}

/** Another process may be reading a young one. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = await stat(join(folder, name)).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > abandoned) await rm(join(folder, name), { force: true })
  }
}
