/**
 * One file of a folder. Its name may have slashes: then it lies in folders within. The bytes come at once, or piece by
 * piece where they are many.
 */
export type File = { readonly name: string; readonly bytes: Uint8Array | AsyncIterable<Uint8Array> }

/**
 * Puts files where people find them.
 *
 * Nothing half-written is ever seen under its final name: not after a crash, not by a reader who comes at the wrong
 * moment. What a method has put there is on the disk when it returns. Everything may be repeated.
 */
export type Files = {
  /** Replaces one file under the public folder; `path` is relative and uses slashes. */
  publish(path: string, bytes: Uint8Array): Promise<void>
  /** Writes a batch's folder whole, in place of an earlier one. Answers with where it lies. */
  deliver(batch: string, files: AsyncIterable<File>): Promise<string>
  /** Replaces one file of a folder that was delivered; does nothing where the folder is not there any more. */
  refresh(batch: string, file: File): Promise<void>
  /** Removes files of a folder that was delivered, with what anybody who died has left half-written of it. */
  remove(batch: string, names: readonly string[]): Promise<void>
  /** Removes the mails that were written into the outbox folder and are not to be kept any more, whosever they are. */
  sweepMails(): Promise<void>
  /** Replaces the trust file of this home. */
  trust(bytes: Uint8Array): Promise<void>
  /** Where a batch's folder lies, or will lie. */
  folder(batch: string): string
}
