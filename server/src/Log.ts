import { stripVTControlCharacters } from 'node:util'

/** How loud a line is. */
type Level = 'info' | 'warning' | 'error'

/** Everything that a line may tell of, and how loud. */
const events = {
  'server.listening': 'info',
  'server.stopping': 'info',
  'worker.working': 'info',
  request: 'info',
  /** A key, a scope or a quota was refused, or somebody has changed who may do what. */
  security: 'warning',
  /** What could not be done now and is tried again. */
  trouble: 'warning',
  told: 'info',
  crash: 'error',
} as const satisfies Readonly<Record<string, Level>>

export type Event = keyof typeof events

/** An id of ours, a hash, a host or a code. No form of a person's name or address passes: no space, no @. */
const id = (value: unknown) => typeof value === 'string' && /^[A-Za-z0-9._:/{}*-]{1,200}$/.test(value)
const count = (value: unknown) => typeof value === 'number' && Number.isFinite(value)

/** Every field there is, with what its value has to look like. Whatever is not here is not written. */
const fields = {
  request: id,
  method: id,
  route: id,
  operation: id,
  status: count,
  milliseconds: count,
  code: id,
  /** Who asked: the kind and the id of a principal. */
  kind: id,
  principal: id,
  organisation: id,
  batch: id,
  account: id,
  endpoint: id,
  place: id,
  host: id,
  hash: id,
  check: id,
  chainId: count,
  nonce: count,
  port: count,
  pid: count,
  /** Of an error: its name, and where it came from, without its message, which may repeat what was sent. */
  error: id,
  at: (value: unknown) => Array.isArray(value) && value.every((line) => typeof line === 'string'),
  /** A sentence of our own for whoever operates this. */
  sentence: (value: unknown) => typeof value === 'string',
} as const satisfies Readonly<Record<string, (value: unknown) => boolean>>

export type Fields = { readonly [name in keyof typeof fields]?: unknown }

/** Writes a line for programs. */
export type Log = (event: Event, fields?: Fields) => void

/**
 * A log of JSON lines: time, level, event, and of the fields given those that are on the list and look as they should. What
 * looks otherwise is left out, and its name is told: nothing personal gets into a log by somebody's mistake.
 *
 * @param write takes one line with its end
 * @param now milliseconds since 1970
 */
export function create(write: (line: string) => void, now: () => number): Log {
  return (event, given = {}) => {
    const allowed: Record<string, unknown> = {}
    const left: string[] = []
    for (const [name, value] of Object.entries(given)) {
      if (value === undefined || value === null) continue
      if (!Object.hasOwn(fields, name)) continue
      if (!fields[name as keyof typeof fields](value)) left.push(name)
      else allowed[name] = name === 'sentence' ? clean(value as string) : value
    }
    const line = { time: new Date(now()).toISOString(), level: events[event], event, ...allowed }
    // JSON writes CR, LF and every other control character as an escape: one event is one line.
    write(`${JSON.stringify(left.length === 0 ? line : { ...line, left })}\n`)
  }
}

/** Where nobody reads a log. */
export const silent: Log = () => {}

/** What of an error goes into a log: its code and facts where it is ours, its name and its place where it is not. */
export function ofError(error: unknown): Fields {
  if (!(error instanceof Error)) return { error: typeof error }
  const { code, facts } = error as Error & { readonly code?: unknown; readonly facts?: Fields }
  const places = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return code === undefined || facts === undefined
    ? { error: error.name, code, at: places.map((line) => line.trim()) }
    : { ...facts, code }
}

// A colour is for terminals; and a sentence of ours names no mailbox.
function clean(sentence: string): string {
  return stripVTControlCharacters(sentence)
    .replaceAll(/[^\s@]+@[^\s@]+/g, '…')
    .slice(0, 500)
}
