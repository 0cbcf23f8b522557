/** What an error knows about the case: plain data, never a secret and never a personal datum. */
export type Facts = Readonly<Record<string, string | number | boolean | null | readonly string[]>>

/**
 * The root of every error Laurel throws on purpose. `code` is stable for ever and has a page in `docs/errors.md`;
 * `message` is one sentence for a person; `facts` are the values a program may read.
 *
 * A caller's own mistake (a wrong argument type) is a `TypeError` instead.
 */
export abstract class BaseError<code extends string = string> extends Error {
  readonly code: code
  readonly facts: Facts

  constructor(code: code, message: string, options: { readonly facts?: Facts; readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.facts = options.facts ?? {}
  }
}
