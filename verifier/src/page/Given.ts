import * as Errors from '@laurel/core/Errors'
import * as FileNames from '../inputs/FileNames.ts'
import * as Zip from '../inputs/Zip.ts'
import * as Report from '../Report.ts'
import * as Files from '../readers/Files.ts'

/** A document that somebody gave, and how it is called; or why there is none. */
export type Given = { readonly name: string; readonly content: Uint8Array | Report.Result }

/** What somebody gave at once: what is to be verified, and what belongs to it. */
export type Bundle = { readonly documents: readonly Given[]; readonly beside: readonly Uint8Array[] }

/**
 * Sorts files that were given together. What lies beside credentials by its name is that, unless it was given alone; of
 * an archive every credential in it is taken.
 */
export function sort(files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Bundle {
  const documents: Given[] = []
  const beside: Uint8Array[] = []
  for (const { name, bytes } of files) {
    if (Zip.isZip(bytes)) {
      const found = unpack(name, bytes)
      documents.push(...found.documents)
      beside.push(...found.beside)
    } else if (files.length > 1 && FileNames.isBeside(name)) beside.push(bytes)
    else documents.push({ name, content: bytes })
  }
  return { documents, beside }
}

function unpack(archive: string, bytes: Uint8Array): Bundle {
  let entries: readonly Zip.Entry[]
  try {
    entries = Zip.open(bytes)
  } catch (error) {
    return { documents: [{ name: archive, content: asResult(error) }], beside: [] }
  }
  const beside = entries
    .filter(({ name, size }) => Files.isCompanion(name) && size <= Files.most.bytes)
    .slice(0, Files.most.files)
    .flatMap((entry) => {
      const content = contentOf(entry)
      return 'outcome' in content ? [] : [content]
    })
  const documents = entries
    .filter(({ name }) => FileNames.isCredential(name))
    .map((entry) => ({ name: `${archive}/${entry.name}`, content: contentOf(entry) }))
  return { documents, beside }
}

function contentOf({ read }: Zip.Entry): Uint8Array | Report.Result {
  try {
    return read()
  } catch (error) {
    return asResult(error)
  }
}

function asResult(error: unknown): Report.Result {
  if (error instanceof Errors.BaseError) return Report.failed(error.code, error.message)
  throw error
}
