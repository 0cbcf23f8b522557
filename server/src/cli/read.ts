import { readFile } from 'node:fs/promises'
import * as Failure from './Failure.ts'

/**
 * Reads a file that was named on the command line.
 *
 * @throws {Failure.UnreadableFileError} FILE_UNREADABLE
 */
export function read(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause) => {
    throw new Failure.UnreadableFileError(path, cause)
  })
}
