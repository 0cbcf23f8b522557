/** What a message came with; see `fetch` for `Headers`. */
export type Message = {
  /** The body as it came, to the byte: not what was made of it. */
  readonly body: string | Uint8Array
  readonly headers: { get(name: string): string | null }
}

export type Options = {
  /** In milliseconds since 1970; the clock of this machine unless told otherwise. */
  readonly now?: number
  /** How far the time of a message may be from that, in milliseconds; five minutes unless told otherwise. */
  readonly tolerance?: number
}

const usualTolerance = 5 * 60 * 1_000

/**
 * Makes sure that a message comes from who has the secret, is as it was sent, and was sent just now (Standard Webhooks 1.0).
 * It may still come twice: whoever has acted on its id before answers 2xx and does nothing.
 *
 * @param secret as the server has told it: `whsec_…`
 * @returns the id of the event, and its body
 * @throws {SignatureError} whatever is wrong with it
 * @throws {TypeError} when the secret is none
 */
export async function verify(
  { body, headers }: Message,
  secret: string,
  { now = Date.now(), tolerance = usualTolerance }: Options = {},
): Promise<{ readonly id: string; readonly event: Event }> {
  const id = headers.get('webhook-id') ?? ''
  const timestamp = headers.get('webhook-timestamp') ?? ''
  const signatures = (headers.get('webhook-signature') ?? '').split(' ').slice(0, mostSignatures)
  // A full stop would let a part of the id be read as the time.
  if (!/^[^.\s]{1,256}$/.test(id) || !/^\d{1,15}$/.test(timestamp)) throw new SignatureError()
  if (!(Math.abs(Number(timestamp) * 1_000 - now) <= tolerance)) throw new SignatureError()
  const text = typeof body === 'string' ? body : decode(body)
  const signed = new TextEncoder().encode(`${id}.${timestamp}.${text}`)
  const key = await crypto.subtle.importKey('raw', keyOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['verify'])
  for (const signature of signatures) {
    const bytes = signature.startsWith('v1,') ? fromBase64(signature.slice(3)) : undefined
    // It takes as long for a wrong signature as for the right one.
    if (bytes !== undefined && (await crypto.subtle.verify('HMAC', key, bytes, signed)))
      return { id, event: JSON.parse(text) }
  }
  throw new SignatureError()
}

/** What is told. The data are ids and codes; what stands behind them is asked for. */
export type Event = {
  readonly type: string
  /** When it has happened. */
  readonly timestamp: string
  /** `sequence` rises with every event about the same thing: of two that come out of order, the greater one is the later. */
  readonly data: { readonly sequence: number; readonly [name: string]: string | number | null }
}

const mostSignatures = 16

function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = fromBase64(secret.replace(/^whsec_/, ''))
  if (bytes === undefined || bytes.length < 24) throw new TypeError('This is no secret of a webhook')
  return bytes
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
  } catch {
    return undefined
  }
}

/** Bytes that are no UTF-8 were never signed here. */
function decode(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw new SignatureError()
  }
}

/** Thrown when a message is not to be believed. It says no more: whoever forges learns nothing. */
export class SignatureError extends Error {
  override readonly name = 'Webhook.SignatureError'
  readonly code = 'WEBHOOK_SIGNATURE'
  constructor() {
    super('The message is not signed with this secret, or not just now.')
  }
}
