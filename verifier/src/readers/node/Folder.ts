import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readers } from '../../Readers.ts'
import * as Files from '../Files.ts'

/**
 * Manifests and copies of status lists from a folder on this disk. The folder is read once, when something is first asked
 * for.
 */
export function create(folder: string): Pick<Readers, 'content' | 'statusLists'> {
  return Files.create(() => readAll(folder))
}

async function readAll(folder: string): Promise<readonly Uint8Array[]> {
  const names = await readdir(folder).catch(() => [])
  const files: Uint8Array[] = []
  for (const name of names.filter(Files.isCompanion).slice(0, Files.most.files)) {
    const path = join(folder, name)
    const info = await stat(path).catch(() => undefined)
    if (!info?.isFile() || info.size > Files.most.bytes) continue
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes !== undefined) files.push(bytes)
  }
  return files
}
