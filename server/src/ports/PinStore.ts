/**
 * What became of content at one place.
 *
 * `waiting`: not there yet, or asked for and not seen yet. `pinned`: every block was fetched back and has its digest.
 * `lost`: it was pinned, and the last look did not find it.
 */
export type State = 'waiting' | 'pinned' | 'lost'

export type Pin = {
  readonly cid: string
  readonly place: string
  readonly state: State
  /** When every block was last seen there, in milliseconds since 1970; `null`: never. */
  readonly seenAt: number | null
  /** How often in a row it was not found or could not be asked for. */
  readonly failures: number
  /** When it is to be looked at next, in milliseconds since 1970. */
  readonly dueAt: number
  /** The error code of the last failure. */
  readonly reason: string | null
}

/**
 * Remembers what public content there is, by the CIDs under which it was put, and which of it is kept where. Every
 * method that changes something is one transaction and has reached the disk when it returns. Nothing is ever removed:
 * public content is for good. What was added is wanted at every place there is, also at those that come later.
 */
export type PinStore = {
  /** Adds content; what was added before stays as it is. */
  add(cid: string, now: number): Promise<void>
  /** All content, in the order in which it was added. */
  contents(): Promise<readonly string[]>
  /** What is to be looked at by now at a place: what was never asked for first, then the longest overdue. */
  due(place: string, now: number, limit: number): Promise<readonly Pin[]>
  /** Makes everything due now, at all places. */
  expedite(now: number): Promise<void>
  /** Every block was there at `now`. */
  seen(pin: Pin, now: number, dueAt: number): Promise<void>
  /** It could not be asked for, or it was not there: what was pinned is lost if `isLost`. */
  failed(pin: Pin, reason: string, isLost: boolean, dueAt: number): Promise<void>
  /** How much content there is, how much of it was seen at a place not earlier than `since`, and how much is lost. */
  count(place: string, since: number): Promise<Count>
}

export type Count = { readonly total: number; readonly pinned: number; readonly lost: number }
