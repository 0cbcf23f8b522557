/**
 * The way to addresses that others have named. Nothing goes to one that is not public, whatever its name stood for before;
 * nothing is sent on to another; and no answer takes longer, or is larger, than it may be.
 */
export type Web = {
  /**
   * Sends a text, and answers with what came back, a redirection too.
   *
   * @param signal ends it before its time
   * @throws {Outbound.OutboundError} URL_BLOCKED, TIMEOUT, FETCH_TLS, FETCH_FAILED
   */
  post(url: string, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal): Promise<Answer>
  /**
   * Refuses an address to which nothing would be sent as things stand now. One whose name stands for nothing may do so later.
   *
   * @throws {Outbound.OutboundError} URL_BLOCKED
   */
  check(url: string): Promise<void>
}

export type Answer = {
  readonly status: number
  /** What the header Retry-After says, as it stands there. */
  readonly retryAfter: string | undefined
  /** The beginning of the body. */
  readonly bytes: Uint8Array
}
