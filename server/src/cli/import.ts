import { basename } from 'node:path'
import * as Errors from '@laurel/core/Errors'
import { printable } from '@laurel/verifier/printable'
import pc from 'picocolors'
import * as OpenArchive from '../adapters/files/OpenArchive.ts'
import type { Config } from '../config.ts'
import { createVerification } from '../main.ts'
import { importExport } from '../moving/import-export.ts'
import { type Imported, importOriginals } from '../moving/import-originals.ts'
import { rosterOf } from '../moving/roster-of.ts'
import * as Failure from './Failure.ts'
import type { Answering } from './in-office.ts'
import { read } from './read.ts'
import { say } from './say.ts'
import { withOrganisation } from './with-organisation.ts'

export type Options = Answering & { readonly organisation?: string }

/** Brings the badges of another place here, or only tells what would be brought. */
export async function importBadges(
  file: string,
  options: Options & { readonly dryRun?: boolean },
  config: Config,
): Promise<void> {
  const bytes = await read(file)
  await withOrganisation(options, config, async (home) => {
    const { verifyEach } = createVerification(config, home)
    tell(options, await importOriginals({ name: basename(file), bytes }, { ...home, verifyEach }, options))
  })
}

/** Brings the credentials of an organisation here that another Laurel has exported, or only tells what would be brought. */
export async function importEverything(
  path: string,
  options: Options & { readonly dryRun?: boolean },
  config: Config,
): Promise<void> {
  const archive = await OpenArchive.open(path).catch((error: Error) => {
    throw error instanceof Errors.BaseError ? error : new Failure.UnreadableFileError(path, error)
  })
  await withOrganisation(options, config, async (home) => {
    const { verifyEach } = createVerification(config, home)
    tell(options, await importExport(archive, { ...home, verifyEach }, options))
  })
}

function tell(options: Options & { readonly dryRun?: boolean }, { made, outcomes, added }: Imported): void {
  const { dryRun = false } = options
  const count = (wanted: string) => outcomes.filter(({ outcome }) => outcome === wanted).length
  const counts = { accepted: count('accepted'), unknown: count('unknown'), rejected: count('rejected') }
  const isNew = dryRun ? 'would be imported' : added ? `were imported as ${made.id}` : `are here as ${made.id}`
  say(options, { ...made, added, dryRun, ...counts, outcomes }, [
    `${pc.green('✔')} ${made.total} badges of others ${isNew}`,
    `  ${counts.accepted} verified, ${counts.unknown} of which nobody can tell, ${counts.rejected} that are not valid`,
    ...made.wrong.map(
      ({ name, code, message }) => `${pc.red('✖')} ${printable(name)}: ${printable(message)} ${pc.dim(`[${code}]`)}`,
    ),
  ])
}

/** Lists what was imported. */
export function listImports(options: Options, config: Config): Promise<void> {
  return withOrganisation(options, config, async ({ imports }) => {
    const all = await imports.imports()
    const lines = all.map(({ id, createdAt, total }) => `${id}  ${new Date(createdAt).toISOString()}  ${total} badges`)
    say(options, { imports: all }, lines.length === 0 ? ['Nothing was imported yet.'] : lines)
  })
}

/** Writes a roster out of what was imported, to issue it anew in one's own name, with the originals as evidence. */
export function writeRoster(
  id: string,
  options: Options & { readonly achievement?: string; readonly unverified?: boolean },
  config: Config,
): Promise<void> {
  return withOrganisation(options, config, async ({ imports }) => {
    const found = await imports.get(id)
    if (found === undefined) throw new Failure.UnknownImportError(id)
    for await (const lines of rosterOf(found, imports, options)) process.stdout.write(lines)
  })
}
