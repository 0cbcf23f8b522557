import * as Archive from '../inputs/Archive.ts'
import * as FileNames from '../inputs/FileNames.ts'
import * as Zip from '../inputs/Zip.ts'
import type * as Report from '../Report.ts'

/** A document that somebody gave, and how it is called; or why there is none. */
export type Given = { readonly name: string; readonly content: Uint8Array | Report.Result }

/** What somebody gave at once: what is to be verified, and what belongs to it. */
export type Bundle = { readonly documents: readonly Given[]; readonly beside: readonly Uint8Array[] }

/**
 * Sorts files that were given together. What lies beside credentials by its name is that, unless it was given alone; of
 * an archive every credential in it is taken.
 */
export function sort(given: readonly Given[]): Bundle {
  const documents: Given[] = []
  const beside: Uint8Array[] = []
  for (const { name, content } of given) {
    if ('outcome' in content) documents.push({ name, content })
    else if (Zip.isZip(content)) {
      const found = unpack(name, content)
      documents.push(...found.documents)
      beside.push(...found.beside)
    } else if (given.length > 1 && FileNames.isBeside(name)) beside.push(content)
    else documents.push({ name, content })
  }
  return { documents, beside }
}

function unpack(name: string, bytes: Uint8Array): Bundle {
  const archive = Archive.open(bytes)
  if ('outcome' in archive) return { documents: [{ name, content: archive }], beside: [] }
  const documents = archive.credentials.map((each) => ({ name: `${name}/${each.name}`, content: each.read() }))
  return { documents, beside: archive.beside() }
}
