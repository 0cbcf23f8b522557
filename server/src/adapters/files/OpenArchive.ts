import { createReadStream } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as Zip from '@laurel/verifier/inputs/Zip'
import { InvalidExportError } from '../../moving/Manifest.ts'
import type { Archive } from '../../ports/Archive.ts'

/** What an archive in one file may have, unpacked. */
const limits: Zip.Limits = { entries: 65_535, entryBytes: 256 * 1024 * 1024, bytes: 8 * 1024 * 1024 * 1024 }

/** How many files a folder may have. */
const most = 20_000_000

/**
 * Opens a folder, or a ZIP.
 *
 * @throws {Zip.InvalidZipError} ZIP_INVALID, ZIP_LIMIT
 * @throws {InvalidExportError} EXPORT_INVALID when there is something in the folder that is no file: a link leads anywhere
 */
export async function open(path: string): Promise<Archive> {
  return (await stat(path)).isDirectory() ? openFolder(path) : openZip(await readFile(path))
}

/** The same of a ZIP that is there. */
export function openZip(bytes: Uint8Array): Archive {
  const entries = new Map(Zip.open(bytes, limits).map((entry) => [entry.name, entry]))
  return {
    names: [...entries.keys()],
    has: (name) => entries.has(name),
    async *read(name) {
      const entry = entries.get(name)
      if (entry !== undefined) yield entry.read()
    },
  }
}

async function openFolder(root: string): Promise<Archive> {
  const names = new Set<string>()
  const walk = async (folder: string): Promise<void> => {
    for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) await walk(name)
      else if (entry.isFile() && names.size < most) names.add(name)
      else throw new InvalidExportError(name)
    }
  }
  await walk('')
  return {
    names: [...names],
    has: (name) => names.has(name),
    async *read(name) {
      if (names.has(name)) yield* createReadStream(join(root, name))
    },
  }
}
