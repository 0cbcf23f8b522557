import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Json from '@laurel/core/Json'
import * as Sha256 from '@laurel/core/Sha256'
import type { Readers } from '../Readers.ts'

/** Credentials are many, and are no manifests or lists: their names are UUIDs. */
const credential = /(?:^|\/)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.[^/]*$/

/** How much of a file is looked at, and of how many files. */
export const most = { bytes: 4 * 1024 * 1024, files: 1_000 } as const

/** Whether a file may be a manifest or a status list, by its name. */
export function isCompanion(name: string): boolean {
  return name.endsWith('.json') && !credential.test(name)
}

/** Manifests and copies of status lists among files, found by what they are, not by their names. */
export function create(files: () => Promise<readonly Uint8Array[]>): Pick<Readers, 'content' | 'statusLists'> {
  let known: Promise<readonly File[]> | undefined
  const read = () => {
    known ??= files().then((all) => all.map(describe))
    return known
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

type File = { readonly digest: string; readonly bytes: Uint8Array; readonly id: string | undefined }

function describe(bytes: Uint8Array): File {
  return { bytes, digest: Bytes.toHex(Sha256.digest(bytes)), id: idOf(bytes) }
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
