import { resolve } from 'node:path'
import pc from 'picocolors'
import * as Backups from '../backups.ts'
import * as Config from '../config.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'

type Options = Answering & { readonly passphraseFile: string }

/** Writes everything into one sealed file, while a server runs. */
export async function backup(
  file: string,
  options: Options,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const config = Config.read(environment)
  const began = performance.now()
  const settings = Config.settings(environment).flatMap(({ name, value }) =>
    value === undefined ? [] : [[name, value]],
  )
  const { at, bytes } = await Backups.make(
    { ...config, settings: Object.fromEntries(settings) },
    { target: resolve(file), passphraseFile: options.passphraseFile },
  )
  const seconds = (performance.now() - began) / 1_000
  const time = new Date(at).toISOString()
  say(options, { file: resolve(file), at: time, bytes, seconds: Number(seconds.toFixed(3)) }, [
    `${pc.green('✔')} ${resolve(file)}: all that was acknowledged by ${time}, ${megabytes(bytes)} in ${seconds.toFixed(1)} s`,
    '  Whoever has it and the passphrase has the keys. Keep the two apart, and neither of them here.',
    ...(config.passphraseFile === undefined
      ? []
      : [`  The passphrase of the keys is in ${config.passphraseFile} and not in the backup; keep it, too.`]),
    '  The folders of delivered batches are not in it: laurel export writes them again.',
  ])
}

/** Puts a backup where there is nothing yet. */
export async function restore(
  file: string,
  options: Options,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const config = Config.read(environment)
  const began = performance.now()
  const { at, files, bytes } = await Backups.restore(config, { source: file, passphraseFile: options.passphraseFile })
  const seconds = (performance.now() - began) / 1_000
  const time = new Date(at).toISOString()
  const minutes = Math.max(0, (Date.now() - at) / 60_000)
  say(
    options,
    {
      home: config.home,
      at: time,
      files,
      bytes,
      seconds: Number(seconds.toFixed(3)),
      lostMinutes: Math.round(minutes),
    },
    [
      `${pc.green('✔')} ${config.home}: ${files} files, ${megabytes(bytes)}, restored in ${seconds.toFixed(1)} s`,
      `  It is as it was at ${time}, ${duration(minutes)} ago. What was acknowledged since then is not in it.`,
      '  It is only read until what the chain knows was looked at: npx laurel reconcile',
    ],
  )
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`
}

function duration(minutes: number): string {
  if (minutes < 120) return `${Math.round(minutes)} minutes`
  return minutes < 2_880 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1_440)} days`
}
