import { realpathSync } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import * as Errors from '@laurel/core/Errors'
import type * as Json from '@laurel/core/Json'
import { Command, InvalidArgumentError } from 'commander'
import pc from 'picocolors'
import * as Duplicates from '../inputs/Duplicates.ts'
import * as Policy from '../Policy.ts'
import type { Evidence } from '../Report.ts'
import * as door from '../readers/node/door.ts'
import * as NodeReaders from '../readers/node/NodeReaders.ts'
import { todo } from '../todo.ts'
import { verifyRead } from '../verify.ts'
import { verifyDocument } from '../verify-each.ts'
import type { PresentationOptions } from '../verify-presentation.ts'
import * as items from './items.ts'
import * as output from './output.ts'
import * as reporting from './report.ts'
import * as schemas from './schemas.ts'
import * as trust from './trust.ts'
import * as trustFile from './trust-file.ts'

/** What the exit code says about all files together: the worst of their verdicts. */
const exitCodes = { accepted: 0, rejected: 1, unknown: 2 } as const

/** How many files are verified at a time: enough to keep the chain's answers coming. */
const together = 8

type Options = {
  readonly trust?: string
  readonly json?: boolean
  readonly report?: string
  readonly reportKey?: string
  readonly reportPassphraseFile?: string
  readonly reportFont?: string
  readonly recipient?: string
  readonly at?: number
  readonly challenge?: string
  readonly domain?: string
  readonly schemas?: string
  readonly refresh?: boolean
}

/**
 * Runs the `laurel-verify` command.
 *
 * @param args what follows the command's name
 * @param environment `LAUREL_HOME` says where the default trust file lies
 * @returns the exit code: 0 all accepted, 1 some rejected, 2 some could not be told, or nothing was verified
 */
export async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  let code: number = exitCodes.unknown
  const program = new Command('laurel-verify')
    .description(
      'Verifies Open Badges on this machine, against a chain of your choice. Asks neither issuer nor Laurel.',
    )
    .argument(
      '<file...>',
      'JSON files, JWTs, baked PNG or SVG images, keepsakes; folders or ZIP files of them; https addresses, or CSV files of these',
    )
    .option('--trust <file>', 'whom and what to trust (default: trust.json in LAUREL_HOME, .laurel)')
    .option('--recipient <id>', 'whether it is theirs: an e-mail address, a DID or another identifier')
    .option(
      '--at <time>',
      'how it stood then, by what its issuer has recorded on a chain: 2026-03-01T00:00:00Z',
      moment,
    )
    .option('--challenge <text>', 'the challenge that you have set, which a presentation has to answer')
    .option('--domain <text>', 'who you are, for whom a presentation has to be made')
    .option('--schemas <folder>', 'JSON schemas that credentials may be said to obey')
    .option('--refresh', 'also ask whether its issuer has a newer version, which tells the issuer that you ask')
    .option('--report <file>', 'also write a row for each credential into a .csv or .json file, or a .pdf for people')
    .option('--report-key <file>', 'sign the .pdf by the key in a PKCS#12 file')
    .option('--report-passphrase-file <file>', 'where the passphrase of that file stands')
    .option('--report-font <file>', 'a font for the .pdf, where names are in other than Latin script')
    .option('--json', 'answer in JSON')
    .addHelpText('after', '\nExit codes: 0 all accepted, 1 some rejected, 2 some could not be told.')
    .showHelpAfterError()
    .exitOverride()
    .action(async (paths: readonly string[], options: Options) => {
      code = await verifyAll(paths, options, environment)
    })
  trust.register(program, environment.LAUREL_HOME || '.laurel', (ended) => {
    code = ended
  })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('commander.'))
      return 'exitCode' in error && error.exitCode === 0 ? 0 : exitCodes.unknown
    // Not thrown on: Node would end with 1, which says that something was rejected.
    if (!(error instanceof Errors.BaseError)) {
      process.stderr.write(`${pc.red('✖')} Nothing was done, because of a fault in this program.\n`)
      process.stderr.write(`${error instanceof Error ? error.stack : error}\n`)
      return exitCodes.unknown
    }
    process.stderr.write(`${pc.red('✖')} ${error.message} ${pc.dim(`[${error.code}]`)}\n`)
    const advice = todo(error.code)
    if (advice !== undefined) process.stderr.write(`  ${advice}\n`)
    return exitCodes.unknown
  }
}

/** A moment that is over, in milliseconds since 1970. */
function moment(text: string): number {
  if (!DateTimeStamp.isValid(text)) throw new InvalidArgumentError('Write it as 2026-03-01T00:00:00Z.')
  const time = DateTimeStamp.toMilliseconds(text)
  if (time > Date.now()) throw new InvalidArgumentError('Nobody knows the future.')
  return time
}

async function verifyAll(
  paths: readonly string[],
  options: Options,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const settings = await readTrust(options.trust, environment.LAUREL_HOME || '.laurel')
  const format = options.report === undefined ? undefined : await reporting.formatOf(options.report, extrasOf(options))
  // What lies in a folder that is named is there for all credentials below it. A file that is named is none to look into.
  const folders = [...(await items.folders(paths)), ...settings.sources.folders]
  const shared = NodeReaders.create({ ...settings.sources, folders, refresh: options.refresh === true })
  const { items: found, isSingle } = await items.find(paths, shared, door.create(settings.sources))
  const { recipient, at, challenge, domain } = options
  const asked = {
    trust: settings.trust,
    ...(recipient === undefined ? {} : { recipient: { identifier: recipient } }),
    ...(at === undefined ? {} : { at }),
    ...(challenge === undefined ? {} : { challenge }),
    ...(domain === undefined ? {} : { domain }),
    ...(options.schemas === undefined ? {} : { schemas: await schemas.read(options.schemas) }),
  }
  const progress = showProgress(found.length)
  const all: (readonly Judged[])[] = new Array(found.length)
  const queue = found.entries()
  const worker = async () => {
    for (const [i, item] of queue) {
      all[i] = await verifyItem(item, asked)
      progress.step()
    }
  }
  await Promise.all(Array.from({ length: together }, worker))
  progress.end()
  const judged = all.flat()
  const likenesses = Duplicates.find(judged.map(({ file, traits }) => ({ name: file, traits })))
  const results = judged.map(({ traits: _, ...rest }, i) => ({ ...rest, likeness: likenesses[i] ?? {} }))
  const several = !isSingle || results.length > 1
  if (options.report !== undefined && format !== undefined) await reporting.write(options.report, await format(results))
  if (options.json) process.stdout.write(output.json(results))
  else {
    if (results.length === 0)
      process.stdout.write('There is no credential: no JSON file, no JWT, no keepsake, no PNG and no SVG image.\n')
    for (const result of results) process.stdout.write(output.describe(result, !several))
    if (several && results.length > 0) process.stdout.write(`\n${output.summarise(results)}`)
    if (settings === trustFile.nobody)
      process.stdout.write(
        '\nThere is no trust file, so no issuer and no chain is trusted: name one with --trust FILE.\n',
      )
  }
  const verdicts = results.map(({ decision }) => decision.verdict)
  if (verdicts.includes('rejected')) return exitCodes.rejected
  return verdicts.includes('unknown') || verdicts.length === 0 ? exitCodes.unknown : exitCodes.accepted
}

function extrasOf({ reportKey, reportPassphraseFile, reportFont }: Options): reporting.Extras {
  return {
    ...(reportKey !== undefined && { key: reportKey }),
    ...(reportPassphraseFile !== undefined && { passphraseFile: reportPassphraseFile }),
    ...(reportFont !== undefined && { font: reportFont }),
  }
}

type Judged = Omit<output.Verified, 'likeness'> & { readonly traits: Duplicates.Traits | undefined }

/** What is asked of every credential, and of whatever presents some. */
type Asked = Pick<PresentationOptions, 'trust' | 'recipient' | 'at' | 'challenge' | 'domain' | 'schemas'>

/** Verifies what an item holds: itself, or what is in it; of a record both. */
async function verifyItem({ name, read, readers }: items.Item, asked: Asked): Promise<readonly Judged[]> {
  const bytes = await read()
  const options = { ...asked, readers, now: Date.now() }
  if ('outcome' in bytes) return [judged(name, await verifyRead(bytes, options))]
  const { presented, findings } = await verifyDocument(bytes, options)
  const own = presented === undefined ? [] : [judged(name, presented)]
  const others = findings.map(({ place, report, credential }) =>
    judged(place === undefined ? name : `${name}#${place}`, report, credential),
  )
  return [...own, ...others]
}

function judged(file: string, report: Evidence, credential?: Json.Object): Judged {
  const traits = credential === undefined ? undefined : Duplicates.traits(credential)
  return { file, report, decision: Policy.decide(report), traits }
}

/** The trust file that was named; or the one of the home, where there is one; or nobody. */
async function readTrust(named: string | undefined, home: string): Promise<trustFile.Settings> {
  if (named !== undefined) return trustFile.read(named)
  const path = join(home, 'trust.json')
  const exists = await access(path).then(
    () => true,
    () => false,
  )
  return exists ? trustFile.read(path) : trustFile.nobody
}

function showProgress(total: number): { step(): void; end(): void } {
  const { stderr } = process
  let done = 0
  let last = performance.now()
  let shown = false
  return {
    step: () => {
      done++
      const interval = stderr.isTTY ? 100 : 1_000
      if (performance.now() - last < interval || done === total) return
      last = performance.now()
      shown = true
      stderr.write(stderr.isTTY ? `\rVerifying: ${done} of ${total}\u001b[K` : `Verifying: ${done} of ${total}\n`)
    },
    end: () => {
      if (shown && stderr.isTTY) stderr.write('\r\u001b[K')
    },
  }
}

/** Runs as the command: with the arguments and the environment of this process. */
export async function start(): Promise<void> {
  // Whoever reads the output may have seen enough of it: | head, for one.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(process.exitCode ?? exitCodes.unknown)
  })
  process.exitCode = await run(process.argv.slice(2), process.env)
}

const executed = process.argv[1]
if (executed !== undefined && realpathSync(executed) === fileURLToPath(import.meta.url)) await start()
