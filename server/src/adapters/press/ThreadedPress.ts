import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import * as Errors from '@laurel/core/Errors'
import type * as Batch from '../../Batch.ts'
import type { CredentialSigner } from '../../ports/CredentialSigner.ts'
import type { Press } from '../../ports/Press.ts'
import * as Messages from './Messages.ts'

export type Options = {
  /** What a thread runs, and what it is given. It is to call {@link Messages.serve}. */
  readonly entry: URL
  readonly data: unknown
  readonly threads: number
  /** What signs for the threads. No key ever enters one: it asks here. */
  readonly signer: (by: Messages.Signatory) => Promise<Pick<CredentialSigner, 'sign'>>
  /** The press of this thread. */
  readonly local: Press
}

/** A batch with fewer recipients is done before a thread has started. */
const few = 1_000

/** Pieces of work that wait at each thread, so that it has one at hand when it is done with another. */
const deep = 2

/**
 * What a thread makes is short-lived: a small young generation costs it no time and half the memory. The old one holds
 * what a batch has in common; a thread that needs more has lost its way.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 } as const

type Thread = { readonly worker: Worker; readonly calls: Map<number, Call> }
type Call = { readonly resolve: (value: never) => void; readonly reject: (reason: Error) => void }

/**
 * A press of several threads, which start with the first large batch. A thread that dies takes down only what it was
 * working on, and another is started in its place.
 */
export function create({ entry, data, threads, signer, local }: Options): Press {
  const pool: Thread[] = []
  let count = 0

  const start = (): Thread => {
    const thread: Thread = { worker: new Worker(entry, { workerData: data, resourceLimits }), calls: new Map() }
    thread.worker.on('message', (message: Messages.FromThread) => {
      if ('sign' in message) {
        void answer(thread.worker, message)
        return
      }
      const call = thread.calls.get(message.id)
      thread.calls.delete(message.id)
      if ('error' in message) call?.reject(Messages.toError(message.error))
      else call?.resolve(message.result as never)
    })
    const die = (cause?: unknown) => {
      const at = pool.indexOf(thread)
      if (at >= 0) pool.splice(at, 1)
      for (const { reject } of thread.calls.values()) reject(new ThreadLostError(cause))
      thread.calls.clear()
    }
    thread.worker.on('error', die)
    thread.worker.on('exit', () => die())
    pool.push(thread)
    return thread
  }

  const answer = async (worker: Worker, { sign, by, messages }: Messages.Asking) => {
    try {
      const signatures = await (await signer(by)).sign(messages)
      worker.postMessage({ sign, signatures } satisfies Messages.ToThread)
    } catch (error) {
      worker.postMessage({ sign, error: Messages.fromError(error) } satisfies Messages.ToThread)
    }
  }

  /** Hands a piece of work to the thread that has least of it. */
  const call = <method extends Messages.Method>(method: method, ...args: Messages.Arguments<method>) =>
    new Promise<Awaited<ReturnType<Press[method]>>>((resolve, reject) => {
      const thread = pool.length < threads ? start() : pool.reduce((a, b) => (b.calls.size < a.calls.size ? b : a))
      const id = count++
      thread.calls.set(id, { resolve, reject })
      thread.worker.postMessage({ id, method, args } satisfies Messages.ToThread)
    })

  const isSmall = ({ size }: Batch.Batch) => size < few
  return {
    width: threads * deep,
    sign: (batch, ...rest) => (isSmall(batch) ? local.sign(batch, ...rest) : call('sign', batch.id, ...rest)),
    judge: (batch, ...rest) => (isSmall(batch) ? local.judge(batch, ...rest) : call('judge', batch.id, ...rest)),
    files: (batch, ...rest) => (isSmall(batch) ? local.files(batch, ...rest) : call('files', batch.id, ...rest)),
    lines: (batch, ...rest) => (isSmall(batch) ? local.lines(batch, ...rest) : call('lines', batch.id, ...rest)),
    archive: (batch, ...rest) => (isSmall(batch) ? local.archive(batch, ...rest) : call('archive', batch.id, ...rest)),
    commit: (batch, ...rest) => (isSmall(batch) ? local.commit(batch, ...rest) : call('commit', batch.id, ...rest)),
    tickets: (batch, ...rest) => (isSmall(batch) ? local.tickets(batch, ...rest) : call('tickets', batch.id, ...rest)),
    ticketLines: (batch, ...rest) =>
      isSmall(batch) ? local.ticketLines(batch, ...rest) : call('ticketLines', batch.id, ...rest),
    text: local.text,
    ticket: local.ticket,
    close: async () => {
      await local.close()
      await Promise.all(pool.map(({ worker }) => Promise.all([worker.terminate(), once(worker, 'exit')])))
    },
  }
}

/** Thrown when a thread ended while it had work to do. */
export class ThreadLostError extends Errors.BaseError<'THREAD_LOST'> {
  override readonly name = 'ThreadedPress.ThreadLostError'
  constructor(cause?: unknown) {
    super('THREAD_LOST', 'A thread of this process ended before its work was done.', { cause })
  }
}
