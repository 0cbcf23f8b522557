import * as Recent from '../internal/Recent.ts'

/** What was handed out lately, by the UUID of its credential and the epoch of its batch. It holds personal data. */
export type Copies = {
  readonly credentials: Recent.Recent<Promise<Buffer>>
  readonly certificates: Recent.Recent<Promise<Uint8Array>>
  /** Forgets what is kept under names that begin so. */
  readonly forget: (beginning: string) => void
}

/**
 * How many credentials are kept, of some 6 KiB each, and how large one of them may be, in bytes: what is shared is looked at
 * by many at about the same time. The store is asked each time whether there is one, and the copy saves only the stamping.
 */
const lately = { count: 2_000, bytes: 32 * 1024 } as const

/** How many certificates are kept, of some 100 KiB each. */
const fewer = 64

export function create(): Copies {
  const credentials = Recent.create<Promise<Buffer>>(lately.count, ({ length }) => length <= lately.bytes)
  const certificates = Recent.create<Promise<Uint8Array>>(fewer)
  return {
    credentials,
    certificates,
    forget: (beginning) => {
      credentials.forget(beginning)
      certificates.forget(beginning)
    },
  }
}

/** The name of a copy; those of one credential begin with its UUID and a blank. */
export function nameOf(uuid: string, epoch: number, form = ''): string {
  return `${uuid} ${epoch} ${form}`
}
