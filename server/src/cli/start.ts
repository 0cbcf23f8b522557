import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import pc from 'picocolors'
import * as ApiKey from '../access/ApiKey.ts'
import * as Principal from '../access/Principal.ts'
import * as SignIn from '../access/SignIn.ts'
import { keepAnchored } from '../audit/anchor-log.ts'
import type { Context } from '../Context.ts'
import type { Config } from '../config.ts'
import { keepPinned } from '../content/keep-pinned.ts'
import { keepCarryingOut } from '../http/Approvals.ts'
import { createApp } from '../http/app.ts'
import * as Body from '../http/Body.ts'
import * as Copies from '../http/Copies.ts'
import * as Idempotency from '../http/Idempotency.ts'
import { routes } from '../http/routes.ts'
import { ReadOnlyError } from '../internal/ReadOnly.ts'
import * as Issuer from '../issuer/Issuer.ts'
import { keepInviting } from '../learners/keep-inviting.ts'
import { keepMailing } from '../mail/keep-mailing.ts'
import {
  createAnchoring,
  createContext,
  createRecording,
  createVerification,
  createWalletProof,
  readPages,
  readVerifyPage,
} from '../main.ts'
import * as Metrics from '../metrics/Metrics.ts'
import { keepForgotten } from '../privacy/keep-forgotten.ts'
import { keepRecorded } from '../status/record-digests.ts'
import { keepDelivering } from '../webhooks/keep-delivering.ts'
import { work } from '../worker.ts'
import * as Failure from './Failure.ts'
import { gatherOf } from './gather-of.ts'
import * as Operator from './Operator.ts'
import * as Stopping from './Stopping.ts'
import * as Trouble from './Trouble.ts'
import * as Workers from './Workers.ts'

/**
 * Serves what is public and does the work of open batches, until it is told to stop: in this process, or in so many
 * processes beside it.
 */
export async function start(options: { readonly workers?: number }, config: Config): Promise<void> {
  const operator = Operator.open(config)
  const stopListening = Operator.listenForTheWorst(operator)
  const stopping = Stopping.listen()
  const opened = await createContext(config, {
    progress: operator.report,
    say: operator.say,
  })
  const { context, documents, rpc, close } = opened
  const alarm = (error: Error) => operator.trouble(undefined, error)
  const ended = new AbortController()
  // What goes on beside the batches, until the server ends for whatever reason.
  let beside: Promise<unknown> = Promise.resolve()
  // Whoever is answered without a worker behind it waits for nothing.
  let closeServer = () => {}
  try {
    const { restoration } = context
    const recorder = restoration === undefined ? await createRecording(config, opened) : undefined
    const anchoring = restoration === undefined ? await createAnchoring(config, context, rpc) : undefined
    const api = {
      ...context,
      limits: { json: largestJson, roster: config.api.largestRoster, file: largestFile },
      ...createVerification(config, context),
      walletProof: createWalletProof(context, rpc),
      did: documents.did,
      anchors: context.audit.anchors,
    }
    const quotas = { key: { count: config.api.rateLimit, seconds: 60 }, address: strangers }
    const copies = Copies.create()
    const server = createApp(api, documents, {
      patience: Body.patience,
      quotas,
      verifyPage: readVerifyPage,
      pages: await readPages(),
      copies,
      log: operator.log,
      metrics: Metrics.create(context),
      overdue: config.overdue,
      proxies: config.proxies,
    }).listen(config.port, config.host)
    closeServer = () => {
      server.close()
      server.closeAllConnections()
    }
    // How long a body may take depends on its length; who is silent is left alone.
    server.requestTimeout = 0
    server.headersTimeout = 10_000
    // A large roster is looked at in silence.
    server.timeout = 600_000
    try {
      await once(server, 'listening')
    } catch (cause) {
      throw new Failure.PortTakenError(config.port, cause)
    }
    await greet(context, config, operator)
    if (restoration !== undefined) {
      // Nothing is signed, sent or told on what an old database says.
      operator.trouble(undefined, new ReadOnlyError())
      await untilAborted(stopping.signal)
      return
    }
    const tell = Trouble.teller(operator.trouble)
    const signal = AbortSignal.any([stopping.signal, ended.signal])
    beside = Promise.all([
      keepPinned(context, { signal, alarm }),
      keepDelivering(context, { signal, alarm }),
      keepMailing(context, { signal, alarm }),
      keepInviting(context, { signal, alarm }),
      keepForgotten({ ...context, copies }, { signal, alarm }),
      recorder && keepRecorded(recorder, { signal, alarm }),
      anchoring && keepAnchored(anchoring.recording, anchoring.every, { signal, alarm }),
      keepCarryingOut(routes, api, { signal, onTrouble: (error) => tell(undefined, error) }),
      keepGathering(context, config.api.gathering, signal, (error) => tell(undefined, error)),
    ])
    if (options.workers === undefined) {
      const until = async () => stopping.signal.aborted
      await work(context, { until, onTrouble: tell })
    } else {
      await Workers.run(options.workers, stopping.signal, operator.say)
      await untilAborted(stopping.signal)
    }
  } finally {
    operator.log('server.stopping', { pid: process.pid })
    closeServer()
    ended.abort()
    await beside
    operator.end()
    await close()
    stopping.end()
    stopListening()
  }
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort')
}

/** What a body of JSON may have, in bytes: ten thousand people with all that a roster says of them. */
const largestJson = 16 * 1024 * 1024

/** What a credential may have that is verified, in bytes: a baked image with some room. */
const largestFile = 8 * 1024 * 1024

/** How often an address may ask that has no key, or a wrong one. */
const strangers = { count: 6_000, seconds: 60 } as const

/** Tells the operator that the server listens, and what it is. */
async function greet(context: Context, config: Config, { log }: Operator.Operator): Promise<void> {
  const { chain, terms, identity } = context
  const host = config.host.includes(':') ? `[${config.host}]` : config.host
  const address = `http://${host}:${config.port}`
  if (config.log === 'json') {
    // A key does not belong in a log: `laurel key create` makes the first one.
    log('server.listening', { host: config.host, port: config.port, pid: process.pid, chainId: chain.chainId })
    return
  }
  process.stdout.write(
    [
      `${pc.green('✔')} Laurel is listening on ${address}`,
      `  issuer  ${terms.issuer.name} (${identity.id})`,
      `  chain   ${chain.chainId}${chain.test ? ' (a test chain)' : ''}, registry ${chain.registry}`,
      `  home    ${config.home}`,
      `  api     ${address}/v1/docs`,
      ...(await firstKey(context)),
      ...(context.restoration === undefined ? await firstOwner(context, config) : []),
      '  Stop it with Ctrl-C.',
      '',
    ].join('\n'),
  )
}

/**
 * Makes the link by which somebody becomes the first owner, and shows it for as long as there is none. Of an older link
 * nothing is left: whoever reads it in the record of the terminal later opens nothing.
 */
async function firstOwner(context: Context, { publicUrl }: Config): Promise<readonly string[]> {
  const link = await SignIn.showFirst(Principal.home, publicUrl, context)
  if (link === undefined) return []
  return [`  owner   ${link}`, '          Nobody is the owner yet: whoever opens this within 15 minutes can be.']
}

/**
 * Makes the first key of a home and tells it, once. If we die before it is read, nobody has it: `laurel key create` makes
 * another, and `laurel key revoke` ends this one.
 */
async function firstKey({ within, clock, randomness, restoration }: Context): Promise<readonly string[]> {
  if (restoration !== undefined) return []
  const { keys } = within(Principal.home)
  const { text, key } = ApiKey.create(randomness.bytes(36), {
    name: 'first key',
    scopes: ApiKey.allScopes,
    createdAt: clock.now(),
  })
  if (!(await keys.addFirstKey(key))) return []
  return [
    `  key     ${text}`,
    '          It opens everything and is shown this once; keep it where passwords are kept.',
  ]
}

/** Makes batches of single orders as they become due, and forgets answers that nobody asks for any more. */
async function keepGathering(
  context: Context,
  gathering: Config['api']['gathering'],
  signal: AbortSignal,
  onTrouble: (error: Error) => void,
): Promise<void> {
  let swept = Number.NEGATIVE_INFINITY
  const tell = (error: unknown) => {
    if (!(error instanceof Error) || error instanceof TypeError) throw error
    onTrouble(error)
  }
  while (!signal.aborted) {
    try {
      if (context.clock.now() - swept > 60 * 60 * 1_000) {
        swept = context.clock.now()
        await context.receipts.forget(swept - Idempotency.kept)
        await context.sessions.forgetOver(swept)
        await context.approvals.forgetExpired(swept)
      }
      // What one of them lacks keeps no other waiting.
      for (const organisation of await context.orders.organisationsWaiting())
        await gatherDue(organisation, gathering, context).catch(tell)
    } catch (error) {
      tell(error)
    }
    await pause(500, undefined, { signal }).catch(() => {})
  }
}

/** Makes batches of what was ordered of one organisation, in the name of its first issuer. */
async function gatherDue(organisation: string, gathering: Config['api']['gathering'], context: Context): Promise<void> {
  const speaker = await context.issuing.of(organisation)
  if (speaker === undefined) return
  if (speaker.isReported) throw new Issuer.ReportedKeyError()
  await gatherOf(organisation, speaker, gathering, context)
}
