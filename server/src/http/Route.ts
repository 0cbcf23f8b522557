import type { IncomingMessage } from 'node:http'
import type * as DidDocument from '@laurel/core/DidDocument'
import type { z } from 'zod'
import type * as ApiKey from '../access/ApiKey.ts'
import type * as Approval from '../access/Approval.ts'
import type { Principal } from '../access/Principal.ts'
import type { Context } from '../Context.ts'
import type { AuditLog } from '../ports/AuditLog.ts'
import type { Verifications } from '../ports/Verification.ts'
import type { WalletProof } from '../ports/WalletProof.ts'
import type * as Approvals from './Approvals.ts'
import type * as Multipart from './Multipart.ts'

/** What the routes may use: of stores, those of the organisation whose principal asks. */
export type Api = Context &
  Verifications & {
    readonly walletProof: WalletProof
    /** The DID document of the home's own issuer. */
    readonly did: DidDocument.DidDocument
    /** What is anchored of the audit logs of all organisations. */
    readonly anchors: AuditLog['anchors']
    /** What a body of JSON, a roster and a file may have, in bytes. */
    readonly limits: { readonly json: number; readonly roster: number; readonly file: number }
  }

/** What goes back. A body that is a stream goes as it comes, no faster than it is taken. */
export type Reply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** The cookies that it sets, see {@link Cookie.set}. */
  readonly cookies?: readonly string[]
  /** Of the body; JSON unless told otherwise. */
  readonly type?: string
  readonly body?: string | Uint8Array | AsyncIterable<string | Uint8Array>
}

/** What a request was read as. */
export type Asked<params, query, body> = {
  readonly params: params
  readonly query: query
  /** `undefined` where the body is a roster, a form or a file, and where there is none. */
  readonly body: body
  /** The bytes of a roster, as they come. */
  readonly roster: AsyncIterable<Uint8Array> | undefined
  /** The parts of a form, as they come. */
  readonly form: AsyncIterable<Multipart.Part> | undefined
  /** The bytes of a file; none where the route takes none. */
  readonly file: Uint8Array
  /** By which the audit log, every other log and whoever has asked know the request. */
  readonly request: string
  /** Who asks. A route without a scope is asked by anybody. */
  readonly principal: Principal | undefined
  readonly headers: IncomingMessage['headers']
  /** Fires when the caller has gone. */
  readonly gone: AbortSignal
}

/** How a status is described. Without a type, the answer has no body. */
export type Answer = {
  readonly says: string
  readonly type?: string
  readonly schema?: z.ZodType
  readonly headers?: readonly ('ETag' | 'Location' | 'Idempotent-Replayed')[]
}

/** One operation: how it is asked for, who may, what it answers, and what it does. */
export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** With parameters in braces, as OpenAPI writes it. */
  readonly path: string
  readonly operation: string
  readonly summary: string
  readonly tag: string
  /** `null`: anybody may; `'any'`: whoever has a key or is signed in; `'member'`: whoever is signed in. */
  readonly scope: ApiKey.Scope | 'any' | 'member' | null
  /** Whether somebody who is signed in has to have done so lately. */
  readonly recent?: boolean
  /**
   * Who is limited to a part of the organisation may do it only where this is `'any'`: then what the route looks for is found
   * within that part alone ({@link Part.of}), or it is everybody's, or the asker's own.
   */
  readonly reach?: 'any'
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** Whether the body may be a roster (text/csv) instead. */
  readonly roster?: boolean
  /** Whether the body may be a form (multipart/form-data) instead, and what parts that has. */
  readonly form?: z.ZodObject
  /** The media types of the files that the body may be, where it is one, as it comes. */
  readonly files?: readonly string[]
  /** For how many requests it counts with who asks; 1 unless told otherwise. */
  readonly weight?: number
  /**
   * How an operation that is no GET is noted in the audit log, where it is not before it and after it: `own`, its handler
   * stores the note in the transaction of what it does, which is all that it does; `none`, it changes nothing.
   */
  readonly audit?: 'own' | 'none'
  /** The headers that are heeded. */
  readonly heeds?: readonly ('Idempotency-Key' | 'If-Match' | 'If-None-Match')[]
  readonly answers: Readonly<Record<number, Answer>>
  /** The codes of the problems that it knows of, beside those that every operation has. */
  readonly problems?: readonly string[]
  readonly approval?: Approving<Asked<never, never, never>>
  readonly handle: (asked: Asked<never, never, never>, api: Api) => Promise<Reply>
}

/** How an operation waits for a second person, where the organisation has a rule for it. */
export type Approving<asked> = {
  readonly rule: Approval.Rule
  /** What of a request is kept until then, once it is known that it can be done; `undefined` where it need not wait. */
  readonly prepare: (asked: asked, api: Api, rules: Approval.Rules) => Promise<Approvals.Proposal | undefined>
  /** Does what was asked, in the name of whoever has asked. Repeating it changes nothing. */
  readonly carryOut: (approval: Approval.Approval, principal: Principal, api: Api) => Promise<void>
}

type Of<schema> = schema extends z.ZodType ? z.output<schema> : undefined

/** A route whose handler knows what its request was read as. */
export function define<
  params extends z.ZodObject | undefined = undefined,
  query extends z.ZodObject | undefined = undefined,
  body extends z.ZodType | undefined = undefined,
>(
  route: Omit<Route, 'params' | 'query' | 'body' | 'approval' | 'handle'> & {
    readonly params?: params
    readonly query?: query
    readonly body?: body
    readonly approval?: Approving<Asked<Of<params>, Of<query>, Of<body>>>
    readonly handle: (asked: Asked<Of<params>, Of<query>, Of<body>>, api: Api) => Promise<Reply>
  },
): Route {
  return route as unknown as Route
}

/** Whoever asks a route that has a scope. */
export function known(principal: Principal | undefined): Principal {
  if (principal === undefined) throw new TypeError('A route with a scope is asked by somebody')
  return principal
}

/** An answer in JSON. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers, body: JSON.stringify(value) }
}

/** An answer in JSON with its ETag, or none where the caller has it already (RFC 9110 §13.1.2). */
export function tagged(value: unknown, tag: string, { headers }: Pick<Asked<never, never, never>, 'headers'>): Reply {
  const etag = `"${tag}"`
  const known = headers['if-none-match']?.split(',').map((text) => text.trim().replace(/^W\//, ''))
  const has = known?.some((text) => text === '*' || text === etag) ?? false
  return has ? { status: 304, headers: { ETag: etag } } : json(200, value, { ETag: etag })
}
