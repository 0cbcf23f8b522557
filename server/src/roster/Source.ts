import { createHash } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import { InvalidRosterError } from './Refusal.ts'

/** Gives the bytes of a roster, from the beginning each time it is called: a file, for one. */
export type Source = () => AsyncIterable<Uint8Array>

/** How much is read before others have their turn: some hundred rows. */
const piece = 64 * 1024

/**
 * The SHA-256 of a roster.
 *
 * @throws {InvalidRosterError} PAYLOAD_TOO_LARGE
 */
export async function digest(source: Source, maximumBytes: number): Promise<Uint8Array> {
  const hash = createHash('sha256')
  let length = 0
  for await (const bytes of source()) {
    length += bytes.length
    if (length > maximumBytes)
      throw new InvalidRosterError('PAYLOAD_TOO_LARGE', `This file is larger than ${maximumBytes / 1024 / 1024} MiB.`)
    hash.update(bytes)
  }
  return hash.digest()
}

/**
 * The bytes of a roster in pieces of 64 KiB, the last one excepted.
 *
 * @throws {ChangedError} at the end, when they were not those of the digest
 */
export async function* pieces(source: Source, digest: Uint8Array): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let rest: Uint8Array = new Uint8Array(0)
  for await (const bytes of source()) {
    hash.update(bytes)
    rest = rest.length === 0 ? bytes : Bytes.concat(rest, bytes)
    for (; rest.length >= piece; rest = rest.subarray(piece)) {
      yield rest.subarray(0, piece)
      await turn()
    }
  }
  if (rest.length > 0) yield rest
  if (!Bytes.equals(hash.digest(), digest)) throw new ChangedError()
}

/** Thrown when the bytes of a roster changed between two readings. */
export class ChangedError extends Errors.BaseError<'ROSTER_CHANGED'> {
  override readonly name = 'Source.ChangedError'
  constructor() {
    super('ROSTER_CHANGED', 'The roster was changed while it was read; nothing was issued.')
  }
}
