import { parentPort } from 'node:worker_threads'
import * as Errors from '@laurel/core/Errors'
import * as Batch from '../../Batch.ts'
import type { BatchStore } from '../../ports/BatchStore.ts'
import type { CredentialSigner } from '../../ports/CredentialSigner.ts'
import type { Press } from '../../ports/Press.ts'

export type Method = 'sign' | 'commit' | 'judge' | 'files' | 'lines' | 'archive' | 'tickets' | 'ticketLines'

/** Those that work on a batch whose anchor is not final yet. */
const early: ReadonlySet<Method> = new Set(['sign', 'commit'])

/** As those of the press, but that a batch goes by its id: the thread reads it itself. */
export type Arguments<method extends Method> =
  Parameters<Press[method]> extends [unknown, ...infer rest] ? [batch: string, ...rest] : never

/** In whose name a batch is signed, and with which of their keys. */
export type Signatory = { readonly issuer: string; readonly verificationMethod: string }

/** A thread asks for signatures. */
export type Asking = { readonly sign: number; readonly by: Signatory; readonly messages: readonly Uint8Array[] }

export type FromThread =
  | Asking
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: Plain }

export type ToThread =
  | { readonly id: number; readonly method: Method; readonly args: readonly unknown[] }
  | { readonly sign: number; readonly signatures: readonly Uint8Array[] }
  | { readonly sign: number; readonly error: Plain }

/** An error as data: what is thrown loses its code on the way from thread to thread. */
export type Plain = {
  readonly code?: string
  readonly message: string
  readonly facts?: Errors.Facts
  readonly stack?: string
}

/**
 * Does the work that a thread is sent, for as long as the thread lives.
 *
 * @param open makes the press of the thread, with what gives it signers
 */
export async function serve(
  open: (
    signerOf: (batch: Pick<Batch.Batch, 'terms'>) => Promise<Pick<CredentialSigner, 'sign'>>,
  ) => Promise<{ press: Press; store: Pick<BatchStore, 'get'> }>,
): Promise<void> {
  const port = parentPort
  if (port === null) throw new TypeError('This is no thread')
  const asked = new Map<
    number,
    { resolve: (signatures: readonly Uint8Array[]) => void; reject: (reason: Error) => void }
  >()
  let count = 0
  const post = (message: FromThread) => port.postMessage(message)
  const opened = open(async ({ terms: { issuer, verificationMethod } }) => ({
    sign: (messages) =>
      new Promise((resolve, reject) => {
        asked.set(count, { resolve, reject })
        post({ sign: count++, by: { issuer: issuer.id, verificationMethod }, messages })
      }),
  }))
  port.on('message', async (message: ToThread) => {
    if ('sign' in message) {
      const call = asked.get(message.sign)
      asked.delete(message.sign)
      if ('error' in message) call?.reject(toError(message.error))
      else call?.resolve(message.signatures)
      return
    }
    try {
      const { press, store } = await opened
      const [id, ...rest] = message.args as [string, ...never[]]
      const batch = await store.get(id)
      if (batch === undefined) throw new TypeError(`There is no batch ${id}`)
      const work = press[message.method] as (batch: Batch.Batch, ...rest: never[]) => Promise<unknown>
      post({ id: message.id, result: await work(early.has(message.method) ? batch : Batch.final(batch), ...rest) })
    } catch (error) {
      post({ id: message.id, error: fromError(error) })
    }
  })
}

export function fromError(error: unknown): Plain {
  if (error instanceof Errors.BaseError) return { code: error.code, message: error.message, facts: error.facts }
  if (error instanceof Error)
    return { message: error.message, ...(error.stack === undefined ? {} : { stack: error.stack }) }
  return { message: String(error) }
}

export function toError({ code, message, facts, stack }: Plain): Error {
  if (code !== undefined) return new ForwardedError(code, message, facts ?? {})
  return Object.assign(new Error(message), stack === undefined ? {} : { stack })
}

/** An error that was thrown in another thread, with the code that it has there. */
export class ForwardedError extends Errors.BaseError {
  override readonly name = 'Messages.ForwardedError'
  constructor(code: string, message: string, facts: Errors.Facts) {
    super(code, message, { facts })
  }
}
