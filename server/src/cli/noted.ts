import { randomUUID } from 'node:crypto'
import * as Errors from '@laurel/core/Errors'
import * as Principal from '../access/Principal.ts'
import * as Entry from '../audit/Entry.ts'
import type { Config } from '../config.ts'
import { ReadOnlyError } from '../internal/ReadOnly.ts'
import { openAuditLog } from '../main.ts'

/**
 * Runs a command that changes something: it is noted in the audit log before it is begun, on the disk, and what became of it
 * when it has ended. Of what was given to it only ids are noted.
 *
 * @param organisation in whose log it is noted, where there is such an organisation
 *
 * If we die in its midst, or are told to end: the log has it as asked for, and says that nobody knows how it ended.
 */
export async function noted(
  operation: string,
  given: readonly string[],
  config: Config,
  work: (config: Config) => Promise<void>,
  organisation: string = Principal.home,
): Promise<void> {
  const request = randomUUID()
  const common = {
    principal: 'operator',
    operation,
    objects: Entry.idsOf(given),
    request,
  }
  const note = async (outcome: Entry.Outcome, code: string | null) => {
    const { audit, organisations, clock, close } = await openAuditLog(config)
    try {
      const isKnown = (await organisations.organisation(organisation)) !== undefined
      const whose = isKnown ? organisation : Principal.home
      await audit.note({ ...common, organisation: whose, at: clock.now(), outcome, code })
    } finally {
      await close()
    }
  }
  try {
    await note('asked', null)
  } catch (error) {
    // A restored database takes no note before it was reconciled: then a server may be started, which only answers.
    if (!(error instanceof ReadOnlyError && operation === 'start')) throw error
    return work(config)
  }
  try {
    await work(config)
  } catch (error) {
    const isOurs = error instanceof Errors.BaseError
    await note(isOurs ? 'refused' : 'failed', isOurs ? error.code : 'INTERNAL').catch(unlessOurs)
    throw error
  }
  await note('done', null).catch(unlessOurs)
}

/** What was done is done, whether that can be noted or not. */
function unlessOurs(error: unknown): void {
  if (error instanceof TypeError) throw error
}
