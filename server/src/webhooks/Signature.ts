import { createHmac } from 'node:crypto'

/** A secret as its owner is told it (Standard Webhooks, "Signature scheme"). */
export function toText(secret: Uint8Array): string {
  return `whsec_${Buffer.from(secret).toString('base64')}`
}

/**
 * The headers that say what a message is, when it was sent, and by whom: a signature for each secret, so that one can take
 * the place of another without a gap.
 *
 * @param id without a full stop, which parts it from the time in what is signed
 * @param timestamp in whole seconds since 1970
 */
export function headers(
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
  secrets: readonly Uint8Array[],
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  if (id.includes('.') || !Number.isSafeInteger(timestamp)) throw new TypeError('A message has an id and a time')
  const signed = `${id}.${timestamp}.${body}`
  const signatures = secrets.map((secret) => `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`)
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': signatures.join(' ') }
}
