import { constants, createReadStream } from 'node:fs'
import { access } from 'node:fs/promises'
import { relative } from 'node:path'
import pc from 'picocolors'
import * as Batch from '../Batch.ts'
import * as Collection from '../badges/Collection.ts'
import type { Context } from '../Context.ts'
import type { Config } from '../config.ts'
import * as Delivery from '../Delivery.ts'
import { createContext } from '../main.ts'
import { intake } from '../pipeline/1-intake.ts'
import type { Source } from '../roster/Source.ts'
import { work } from '../worker.ts'
import * as Failure from './Failure.ts'
import * as Measures from './Measures.ts'
import * as Progress from './Progress.ts'
import { read } from './read.ts'

/** How often something that is beyond reach is tried before this command gives up and leaves the batch for later. */
const patience = 20

/** Issues a roster: takes it, or finds what an earlier run has taken, and works until it is delivered. */
export async function issue(
  rosterFile: string,
  options: {
    readonly achievement: string
    readonly redeemable?: boolean
    readonly again?: boolean
    readonly json?: boolean
  },
  config: Config,
): Promise<void> {
  const reporter = Progress.create(process.stderr, () => performance.now())
  const measuring = Measures.begin()
  const roster = await open(rosterFile)
  const achievement = await read(options.achievement)
  const { context, close } = await createContext(config, { progress: reporter.report, say: reporter.say })
  try {
    const request = {
      roster,
      achievement,
      again: options.again ?? false,
      ...(options.redeemable ? { collection: await Collection.offer(context) } : {}),
    }
    const { batch, repeated } = await measuring.stage('intake', () => intake(request, context))
    if (!repeated) measuring.progress({ batch: batch.id, step: 'intake', done: 0, total: batch.size })
    if (!repeated) measuring.progress({ batch: batch.id, step: 'intake', done: batch.size, total: batch.size })
    if (repeated) reporter.say(sentence(batch))
    else reporter.say(`Accepted ${batch.size} recipients as batch ${batch.id}`)
    const outcome = await finish(batch, context, reporter, measuring)
    reporter.end()
    report(outcome, {
      repeated,
      measures: measuring.end(),
      folder: context.files.folder(batch.id),
      json: options.json ?? false,
      embedded: config.chain.rpc === undefined,
    })
  } finally {
    reporter.end()
    await close()
  }
}

function sentence(batch: Batch.Batch): string {
  if (batch.state === 'delivered')
    return `This roster was issued before, as batch ${batch.id}; --again issues it once more`
  return `Resuming batch ${batch.id}, which is ${batch.state}`
}

async function finish(
  batch: Batch.Batch,
  context: Awaited<ReturnType<typeof createContext>>['context'],
  reporter: Progress.Reporter,
  measuring: Measures.Measuring,
): Promise<Batch.Batch> {
  const { store } = context
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt)
  let current = batch
  let isOurs = false
  let setbacks = 0
  let trouble: Error | undefined
  const progress = (each: Progress.Step) => {
    isOurs = true
    reporter.report(each)
    if (each.batch === batch.id) measuring.progress(each)
  }
  await work(
    { ...context, progress },
    {
      retry: new Set([batch.id]),
      until: async () => {
        if (setbacks >= patience || stop.signal.aborted) return true
        const { state } = current
        const found = (await store.get(batch.id)) ?? current
        // Another process has the batch, laurel start for one: then its work is all that there is to show. Drafting takes
        // no time, so it tells nothing about who does it.
        if (!isOurs && current.state === state && found.state !== state && found.state !== 'drafted')
          reporter.say(`Another process works on it: ${found.state}`)
        current = found
        if (!Batch.isOpen(current)) return current.state !== 'delivered' || (await isAnchored(current, context))
        return current.epoch > batch.epoch && ['blocked', 'waiting-fee', 'waiting-funds'].includes(current.state)
      },
      onStep: ({ id }, step, milliseconds) => {
        if (id === batch.id) measuring.took(step, milliseconds)
      },
      onTrouble: (id, error) => {
        if (id !== undefined && id !== batch.id) return
        trouble = error
        setbacks++
        if (setbacks === 1) reporter.say(`${error.message} Trying again …`)
      },
    },
  )
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt)
  if (current.state !== 'delivered') throw new Failure.UnfinishedError(current, trouble)
  return current
}

/** Whether the chain still has the anchor of a delivered batch: if not, the worker brings it back. */
async function isAnchored(batch: Batch.Batch, { chain }: Pick<Context, 'chain'>): Promise<boolean> {
  const { terms, anchoring } = Batch.rooted(batch)
  return (
    terms.chainId !== chain.chainId ||
    terms.registry !== chain.registry ||
    (await chain.anchoredAt(terms.account, anchoring.root)) !== null
  )
}

type Outcome = {
  readonly repeated: boolean
  readonly measures: Measures.Measures
  readonly folder: string
  readonly json: boolean
  readonly embedded: boolean
}

function report(batch: Batch.Batch, { repeated, measures, folder, json, embedded }: Outcome): void {
  const { anchoring, anchor, terms } = Batch.final(batch)
  if (json) {
    process.stdout.write(
      `${JSON.stringify(
        {
          batch: batch.id,
          state: batch.state,
          repeated,
          issued: batch.size,
          folder,
          issuer: terms.issuer.id,
          root: anchoring.root,
          chainId: terms.chainId,
          registry: terms.registry,
          ...(terms.collection === undefined ? {} : { collection: terms.collection.address }),
          account: terms.account,
          transactionHash: anchor.transactionHash,
          block: anchor.block,
          time: anchor.time,
          measures,
        },
        null,
        2,
      )}\n`,
    )
    return
  }
  const isLarge = batch.size > Delivery.fewest
  process.stdout.write(
    [
      '',
      `${pc.green('✔')} ${pc.bold(`${batch.size} credentials`)} issued, anchored and verified`,
      `  batch        ${batch.id}`,
      `  achievement  ${batch.achievement.definition.name}`,
      `  issuer       ${terms.issuer.name} (${terms.issuer.id})`,
      `  root         ${anchoring.root}`,
      `  anchored     ${new Date(anchor.time * 1000).toISOString()} in block ${anchor.block} of chain ${terms.chainId}`,
      ...(terms.collection === undefined
        ? []
        : [`  tickets      one for each, for a token in ${terms.collection.address}: private to the learner`]),
      `  folder       ${folder}`,
      ...(isLarge
        ? [
            '               one line of credentials.ndjson for each credential, because they are many',
            ...Measures.describe(measures),
          ]
        : []),
      '',
      ...(embedded
        ? [
            '  Next: npm start (it serves the status lists and the embedded chain; leave it running), and in another terminal',
          ]
        : ['  Next:']),
      ...(isLarge ? [`    npx laurel export ${batch.id} FOLDER (a file for each credential)`] : []),
      `    npx laurel-verify ${isLarge ? 'FOLDER' : relative(process.cwd(), folder)}`,
      '',
    ].join('\n'),
  )
}

/** A file that can be read, as often as it takes. */
async function open(path: string): Promise<Source> {
  await access(path, constants.R_OK).catch((cause) => {
    throw new Failure.UnreadableFileError(path, cause)
  })
  return async function* () {
    try {
      yield* createReadStream(path)
    } catch (cause) {
      throw new Failure.UnreadableFileError(path, cause)
    }
  }
}
