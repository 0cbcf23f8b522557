import { readFile } from 'node:fs/promises'
import * as Errors from '@laurel/core/Errors'
import type { Config } from '../../config.ts'
import type { Pinning } from '../../ports/Pinning.ts'
import * as KuboPinning from './KuboPinning.ts'
import * as ServicePinning from './ServicePinning.ts'

/**
 * The places at which the operator has public content kept. None of them is asked anything yet.
 *
 * @throws {TokenError} PINNING_TOKEN_UNREADABLE
 */
export async function openPlaces({ kubo, service }: Config['pinning']): Promise<readonly Pinning[]> {
  const places = kubo === undefined ? [] : [KuboPinning.open(kubo)]
  if (service === undefined) return places
  const { tokenFile, ...options } = service
  return [...places, ServicePinning.open({ ...options, token: await readToken(tokenFile) })]
}

async function readToken(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw new TokenError(cause)
  })
  // What a header can hold (RFC 6750).
  if (!/^[\w.~+/-]+=*\s*$/.test(text)) throw new TokenError()
  return text.trim()
}

/** Thrown when the file of the pinning service's access token cannot be read, or holds none. */
export class TokenError extends Errors.BaseError<'PINNING_TOKEN_UNREADABLE'> {
  override readonly name = 'openPlaces.TokenError'
  constructor(cause?: unknown) {
    super('PINNING_TOKEN_UNREADABLE', 'The file of the access token for the pinning service holds none.', { cause })
  }
}
