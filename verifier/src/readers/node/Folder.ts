import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import type { Readers } from '../../Readers.ts'

/** Credentials are many, and are no manifests or lists: their names are UUIDs. */
const credential = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\./
const maximumBytes = 4 * 1024 * 1024
const maximumFiles = 1_000

type File = { readonly digest: string; readonly bytes: Uint8Array; readonly id: string | undefined }

/**
 * Manifests and copies of status lists from a folder on this disk, found by what they are, not by their names. The folder
 * is read once, when something is first asked for.
 */
export function create(folder: string): Pick<Readers, 'content' | 'statusLists'> {
  let files: Promise<readonly File[]> | undefined
  const read = () => {
    files ??= readAll(folder)
    return files
  }
  return {
    content: async (digest) => {
      const wanted = Bytes.toHex(digest)
      return (await read()).find((file) => file.digest === wanted)?.bytes
    },
    statusLists: async (url) =>
      (await read()).filter(({ id }) => id === url).map(({ bytes }) => ({ bytes, live: false })),
  }
}

async function readAll(folder: string): Promise<readonly File[]> {
  const names = await readdir(folder).catch(() => [])
  const files: File[] = []
  for (const name of names.filter((each) => each.endsWith('.json') && !credential.test(each)).slice(0, maximumFiles)) {
    const path = join(folder, name)
    const info = await stat(path).catch(() => undefined)
    if (!info?.isFile() || info.size > maximumBytes) continue
    const bytes = await readFile(path).catch(() => undefined)
    if (bytes !== undefined) files.push({ bytes, digest: Bytes.toHex(Sha256.digest(bytes)), id: idOf(bytes) })
  }
  return files
}

function idOf(bytes: Uint8Array): string | undefined {
  try {
    const { id } = Json.parseObject(bytes)
    return typeof id === 'string' ? id : undefined
  } catch (error) {
    if (error instanceof Errors.BaseError) return undefined
    throw error
  }
}
