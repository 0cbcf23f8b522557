import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as Sha256 from '@laurel/core/Sha256'
import type { Context } from '../Context.ts'
import { ahead } from '../internal/ahead.ts'
import { crashpoint } from '../internal/crashpoint.ts'
import type { Import, ImportStore } from '../ports/ImportStore.ts'
import type { VerificationOfEach } from '../ports/Verification.ts'
import type { Judged, Original, Wrong } from './Original.ts'
import { type Item, type Limits, type Read, readExport } from './read-export.ts'

/** How many badges are verified at once: most of that time issuers are waited for. */
const width = 8

/** How many badges are stored at a time, and from how many bytes on fewer are. */
const chunk = { badges: 100, bytes: 16 * 1024 * 1024 } as const

export type Importing = Pick<Context, 'clock' | 'randomness'> & {
  readonly imports: ImportStore
  readonly verifyEach: VerificationOfEach
}

/** What became of one badge, or of something that is none, by its place in the file. */
export type Outcome = { readonly name: string; readonly outcome: Judged['verdict'] | 'refused'; readonly code: string }

export type Imported = {
  /** `id` is null after a dry run. */
  readonly made: Omit<Import, 'id'> & { readonly id: string | null }
  /** Of everything that was in it, in its order; of what was imported before, of what was kept. */
  readonly outcomes: readonly Outcome[]
  /** Whether this file was imported by this; a dry run never does, nor the same file again. */
  readonly added: boolean
}

/**
 * Brings an export of another place here: each badge to the byte, with what it says of itself and what the verifier finds of
 * it at this moment. It stays a badge of whoever issued it.
 *
 * @param options `dryRun` only tells what would be stored; `limits`: what it may have, where that is less than usual
 * @throws {EmptyError} IMPORT_EMPTY when there is no badge in it
 * @throws {readExport.TooManyError} IMPORT_TOO_MANY, and what else reading it throws: nothing is imported then
 */
export async function importOriginals(
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  context: Importing,
  { dryRun = false, limits }: { readonly dryRun?: boolean; readonly limits?: Partial<Limits> } = {},
): Promise<Imported> {
  const digest = Bytes.toHex(Sha256.digest(bytes))
  return bring(readExport(name, bytes, limits), { kind: 'badges', digest }, context, { dryRun })
}

/**
 * Brings badges here that are read one after the other, and never holds all of them.
 *
 * If we die in its midst: nothing of it is seen, and the same once more begins anew. If we die right after it: it is there
 * whole, and the same once more changes nothing.
 *
 * @param options `finishing` is called when all are stored and nobody sees them yet
 */
export async function bring(
  items: AsyncIterable<Item>,
  { kind, digest }: Pick<Import, 'kind' | 'digest'>,
  context: Importing,
  { dryRun = false, finishing }: { readonly dryRun?: boolean; readonly finishing?: () => Promise<void> } = {},
): Promise<Imported> {
  const { imports, verifyEach, clock, randomness } = context
  const begun = { id: Bytes.toHex(randomness.bytes(8)).slice(2), kind, digest, createdAt: clock.now() }
  const earlier = dryRun ? undefined : await imports.begin(begun)
  if (earlier !== undefined) return { made: earlier, outcomes: await outcomesOf(earlier, imports), added: false }
  crashpoint('import:after-begin')
  const wrong: Wrong[] = []
  const outcomes: Outcome[] = []
  let total = 0
  let held: (Original & { readonly bytes: Uint8Array })[] = []
  let size = 0
  const store = async () => {
    if (!dryRun) await imports.append(begun.id, total, held)
    total += held.length
    held = []
    size = 0
    crashpoint('import:after-some')
  }
  try {
    const judged = ahead(items, width, async (item) =>
      'wrong' in item ? item : { original: await judge(item.read, verifyEach) },
    )
    for await (const item of judged) {
      if ('wrong' in item) {
        wrong.push(item.wrong)
        outcomes.push({ name: item.wrong.name, outcome: 'refused', code: item.wrong.code })
      } else {
        outcomes.push(outcomeOf(item.original))
        held.push(item.original)
        size += item.original.bytes.length
        if (held.length === chunk.badges || size >= chunk.bytes) await store()
      }
    }
    await store()
    if (total === 0) throw new EmptyError(wrong)
    if (dryRun) return { made: { ...begun, id: null, total, wrong }, outcomes, added: false }
    await finishing?.()
    const made = await imports.finish(begun.id, wrong, clock.now())
    crashpoint('import:after-finish')
    return { made, outcomes, added: true }
  } catch (error) {
    if (!dryRun) await imports.abandon(begun.id)
    throw error
  }
}

async function outcomesOf({ id, wrong }: Import, imports: ImportStore): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (let after = 0; ; ) {
    const run = await imports.originals(id, after, chunk.badges)
    outcomes.push(...run.map(outcomeOf))
    const last = run.at(-1)
    if (last === undefined) break
    after = last.row
  }
  return [...outcomes, ...wrong.map(({ name, code }) => ({ name, outcome: 'refused' as const, code }))]
}

function outcomeOf({ name, judged }: Original): Outcome {
  return { name, outcome: judged.verdict, code: judged.code }
}

async function judge(read: Read, verifyEach: VerificationOfEach): Promise<Original & { readonly bytes: Uint8Array }> {
  const digest = Bytes.toHex(Sha256.digest(read.bytes))
  if (read.form !== 'open-badge') return { ...read, digest, judged: unsigned }
  const [part] = await verifyEach(read.bytes)
  if (part === undefined) throw new TypeError('There is a finding for every document')
  const { verdict, code, message } = part.decision
  const checks = part.report.checks.map(({ check, outcome, code }) => ({ check: String(check), outcome, code }))
  return { ...read, digest, judged: { verdict, code, message, checks } }
}

/** A row of a list was written by somebody; nothing in it shows by whom. */
const unsigned: Judged = {
  verdict: 'unknown',
  code: 'ORIGINAL_UNSIGNED',
  message: 'A row of a list shows nobody’s signature, so nobody can tell who issued the badge.',
  checks: [],
}

/** Thrown when there is no badge in what is to be imported. */
export class EmptyError extends Errors.BaseError<'IMPORT_EMPTY'> {
  override readonly name = 'importOriginals.EmptyError'
  readonly wrong: readonly Wrong[]
  constructor(wrong: readonly Wrong[]) {
    const [first] = wrong
    super(
      'IMPORT_EMPTY',
      first === undefined ? 'There is no badge in it.' : `There is no badge in it: ${first.message}`,
    )
    this.wrong = wrong
  }
}
