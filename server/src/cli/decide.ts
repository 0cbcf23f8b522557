import pc from 'picocolors'
import type { Config } from '../config.ts'
import * as Status from '../Status.ts'
import { decide as decideOn } from '../status/decide.ts'
import * as Uuid from '../Uuid.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'
import { withHome } from './with-home.ts'

/** Revokes, suspends or reinstates one credential. The id may be given with or without `urn:uuid:`, or as a file's name. */
export async function decide(
  act: Status.Act,
  id: string,
  options: Answering & { readonly reason?: string },
  config: Config,
): Promise<void> {
  await withHome(config, async (home) => {
    const credentialId = Uuid.toUrn(id)
    const { repeated } = await decideOn(act, credentialId, options.reason ?? null, home)
    const word = Status.outcomeOf[act]
    say(options, { credentialId, [word]: true, repeated }, [
      `${pc.green('✔')} ${credentialId} ${repeated ? `was ${word} before` : `is ${word}`}; the public status list says so`,
    ])
  })
}
