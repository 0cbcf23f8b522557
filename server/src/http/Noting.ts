import * as Principal from '../access/Principal.ts'
import type { Note } from '../audit/Entry.ts'
import * as Entry from '../audit/Entry.ts'
import * as Problem from './Problem.ts'
import type { Api, Asked, Reply, Route } from './Route.ts'

/** Who asks, and in which request. */
type Anybody = Pick<Note, 'request'> & {
  readonly principal: Pick<Principal.Principal, 'kind' | 'id' | 'organisation'> | undefined
  /** Whose log it is noted in, where nobody is known to ask. */
  readonly organisation?: string
}

/** Whether an operation changes something: then it is noted in the audit log. */
export function isNoted({ method, audit }: Pick<Route, 'method' | 'audit'>): boolean {
  return method !== 'get' && audit !== 'none'
}

/** Notes an operation that was asked for by a route, where it changes something; see {@link noted}. */
export async function carryOut(
  route: Route,
  asked: Asked<unknown, unknown, unknown>,
  api: Api,
  handle: () => Promise<Reply>,
): Promise<Reply> {
  if (!isNoted(route) || route.audit === 'own') return handle()
  const objects = objectsOf(asked.params)
  const made = ({ headers }: Reply) => Entry.idsOf(headers?.Location?.split('/') ?? [])
  return noted({ ...asked, operation: route.operation, objects }, api, handle, made)
}

/**
 * Does something that changes something. It is noted before it is begun, on the disk; and again when it has ended, before
 * that is answered.
 *
 * If we die in its midst, or the second cannot be noted: the log has it as asked for, and says that nobody knows how it ended.
 *
 * @param made the ids of what was made
 */
export async function noted<result>(
  { operation, objects, ...asked }: Anybody & Pick<Note, 'operation' | 'objects'>,
  api: Pick<Api, 'audit' | 'clock'>,
  work: () => Promise<result>,
  made: (result: result) => readonly string[] = () => [],
): Promise<result> {
  const note = (outcome: Entry.Outcome, code: string | null, more: readonly string[] = []) =>
    api.audit.note(noteOf(asked, api, { operation, objects: [...objects, ...more], outcome, code }))
  await note('asked', null)
  try {
    const result = await work()
    const more = made(result).filter((id) => !objects.includes(id))
    await note('done', null, more).catch(unlessOurs)
    return result
  } catch (error) {
    const code = Problem.codeOf(error)
    await note(Problem.statusOf(code) < 500 ? 'refused' : 'failed', code).catch(unlessOurs)
    throw error
  }
}

/** What is noted of an operation for somebody. */
export function noteOf(
  { principal, request, organisation = principal?.organisation ?? Principal.home }: Anybody,
  { clock }: Pick<Api, 'clock'>,
  what: Pick<Note, 'operation' | 'objects' | 'outcome' | 'code'>,
): Note {
  return { organisation, at: clock.now(), principal: Entry.principalOf(principal), request, ...what }
}

/** The parameters of an address that are ids, or names that an issuer has given to things. Any other may be a secret. */
export const named: readonly string[] = ['id', 'name', 'version', 'event']

function objectsOf(params: unknown): readonly string[] {
  return Object.entries(params ?? {})
    .filter(([name]) => named.includes(name))
    .map(([, value]) => String(value))
}

/** What was done is done, and is answered so, whether that can be noted or not. */
function unlessOurs(error: unknown): void {
  if (error instanceof TypeError) throw error
}
