import pc from 'picocolors'
import type { Config } from '../config.ts'
import { createHome } from '../main.ts'
import * as Status from '../Status.ts'
import { decide as decideOn } from '../status/decide.ts'
import * as Uuid from '../Uuid.ts'

/** Revokes, suspends or reinstates one credential. The id may be given with or without `urn:uuid:`, or as a file's name. */
export async function decide(
  act: Status.Act,
  id: string,
  options: { readonly reason?: string; readonly json?: boolean },
  config: Config,
): Promise<void> {
  const home = await createHome(config)
  try {
    const credentialId = Uuid.toUrn(id)
    const { repeated } = await decideOn(act, credentialId, options.reason ?? null, home)
    const word = Status.outcomeOf[act]
    if (options.json) process.stdout.write(`${JSON.stringify({ credentialId, [word]: true, repeated }, null, 2)}\n`)
    else
      process.stdout.write(
        `${pc.green('✔')} ${credentialId} ${repeated ? `was ${word} before` : `is ${word}`}; the public status list says so\n`,
      )
  } finally {
    await home.close()
  }
}
