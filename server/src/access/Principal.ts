import type * as ApiKey from './ApiKey.ts'
import type * as Role from './Role.ts'

/** Who asks: a program with a key, or a person who has signed in. */
export type Principal = {
  readonly kind: 'key' | 'member'
  /** Of the key, or of the person. */
  readonly id: string
  /** The person behind it: who has signed in, or who has made the key; `null` where a key was made at the terminal. */
  readonly member: string | null
  /** Whose data they see and change, and nobody else's. */
  readonly organisation: string
  readonly scopes: readonly ApiKey.Scope[]
  readonly limits: Role.Limits
  /** Of a person: the session in which they ask. */
  readonly session?: {
    readonly id: string
    /** When they have last shown who they are, in milliseconds since 1970. */
    readonly provenAt: number
    /** What a change has to come with that a cookie carries. */
    readonly csrf: string
  }
}

/** The organisation that every home has. */
export const home = 'home'
