import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Entry = {
  readonly version?: string
  readonly link?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * Finds what a package-lock.json leaves out: npm writes none for an optional package that it could not fetch while it
 * wrote the file, and `npm ci` refuses such a file everywhere.
 */
export function lockFile(root: string): readonly string[] {
  const { packages }: { packages: Record<string, Entry> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  )
  return Object.entries(packages).flatMap(([path, { dependencies = {}, optionalDependencies = {}, version, link }]) => [
    ...(path.includes('node_modules/') && version === undefined && !link ? [`${path} has no version`] : []),
    ...Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((name) => !isThere(packages, path, name))
      .map((name) => `${path || 'the root'} wants ${name}, which has no entry`),
  ])
}

/** Looks where Node would look: in the package's own node_modules, then in those above it. */
function isThere(packages: Readonly<Record<string, Entry>>, path: string, name: string): boolean {
  for (let folder = path; ; folder = above(folder)) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`] !== undefined) return true
    if (folder === '') return false
  }
}

function above(folder: string): string {
  const index = folder.lastIndexOf('/node_modules/')
  return index === -1 ? '' : folder.slice(0, index)
}
