import { mkdir, readdir, stat } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import pc from 'picocolors'
import * as Principal from '../access/Principal.ts'
import * as Disk from '../adapters/files/Disk.ts'
import type { Config } from '../config.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import { exportOrganisation } from '../moving/export-organisation.ts'
import * as ZipStream from '../moving/ZipStream.ts'
import * as Failure from './Failure.ts'
import type { Answering } from './in-office.ts'
import * as Progress from './Progress.ts'
import { withOrganisation } from './with-organisation.ts'

export type Options = Answering & { readonly organisation?: string; readonly to: string }

/**
 * Writes all that an organisation has into an empty or new folder, or a new ZIP. It is seen under its name once it is whole;
 * after a crash it is written from the beginning.
 */
export async function exportEverything(options: Options, config: Config): Promise<void> {
  const { organisation = Principal.home, to } = options
  const target = resolve(to)
  const isZip = target.toLowerCase().endsWith('.zip')
  if (isZip && (await stat(target).catch(() => undefined))) throw new Failure.FileExistsError(target)
  if (!isZip && (await readdir(target).catch(() => [])).length > 0) throw new Failure.FolderNotEmptyError(target)
  const reporter = Progress.create(process.stderr, () => performance.now())
  await withOrganisation(options, config, async ({ documents, ...home }, all) => {
    try {
      await mkdir(dirname(target), { recursive: true })
      await Disk.sweep(dirname(target), `${basename(target)}.`)
      const tell = (done: number) => reporter.report({ batch: organisation, step: 'deliver', done, total: done })
      const files = exportOrganisation(organisation, { ...home, did: documents.did, anchors: all.audit.anchors, tell })
      const whole = () => crashpoint('export:before-rename')
      const written = (count: number) => {
        if (count === 2) crashpoint('export:half-written')
      }
      if (isZip) await Disk.replace(target, ZipStream.zip(files), { mode: 0o600, whole })
      else await Disk.writeFolder(target, files, { mode: 0o700, whole, written })
      crashpoint('export:after-rename')
    } finally {
      reporter.end()
    }
    const line = `${pc.green('✔')} ${target} has all that ${organisation} has; it is personal data`
    process.stdout.write(options.json ? `${JSON.stringify({ organisation, target }, null, 2)}\n` : `${line}\n`)
  })
}
