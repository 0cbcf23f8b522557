import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

/** A contract of a folder and all that import it, directly or not: whatever runs its code. */
export function of(folder: string, path: string): readonly string[] {
  const texts = new Map(
    globSync('contracts/**/*.sol', { cwd: folder }).map((file) => [
      file.replaceAll('\\', '/'),
      readFileSync(join(folder, file), 'utf8'),
    ]),
  )
  const found = new Set([path])
  for (const file of found) {
    const imported = new RegExp(`^import [^;]*/${basename(file)}["'];`, 'm')
    for (const [importer, text] of texts) if (imported.test(text)) found.add(importer)
  }
  return [...found]
}
