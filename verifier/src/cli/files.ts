import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What lies in a batch's folder beside the credentials, and is none. */
const companions = /^(manifest|summary|trust|status-.*)\.json$|\.ticket\.json$/

/**
 * The files to verify: those named, and in place of a folder every credential in it and below it, in order. A file that
 * does not exist, or a folder that may not be read, stays in the list, so that its report can say so.
 */
export async function find(paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined)
    if (!info?.isDirectory()) {
      found.push(path)
      continue
    }
    const entries = await readdir(path, { withFileTypes: true, recursive: true }).catch(() => undefined)
    if (entries === undefined) {
      found.push(path)
      continue
    }
    const files = entries.filter(
      (entry) => entry.isFile() && /\.(json|jwt|jws|laurel|png|svg)$/i.test(entry.name) && !companions.test(entry.name),
    )
    found.push(...files.map((entry) => join(entry.parentPath, entry.name)).sort())
  }
  return found
}
