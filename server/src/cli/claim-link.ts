import pc from 'picocolors'
import type { Config } from '../config.ts'
import * as ClaimLink from '../learners/ClaimLink.ts'
import { UnknownCredentialError } from '../ports/BatchStore.ts'
import * as Uuid from '../Uuid.ts'
import * as Failure from './Failure.ts'
import type { Answering } from './in-office.ts'
import { say } from './say.ts'
import { withHome } from './with-home.ts'

/**
 * Sends the recipient of a credential, or those of a batch, a link to what they were given. Whoever serves sends the mails;
 * a link is shown to nobody but its learner.
 */
export function claimLink(
  id: string,
  options: Answering & { readonly renew?: boolean },
  config: Config,
): Promise<void> {
  return withHome(config, async (home) => {
    const { store, learners, clock } = home
    const isCredential = Uuid.toBytes(Uuid.toUrn(id)) !== undefined
    if (isCredential) {
      const credential = Uuid.toUrn(id)
      const found = await store.find(credential)
      if (found === undefined) throw new UnknownCredentialError(credential)
      await ClaimLink.send(found, { ...home, publicUrl: config.publicUrl })
      say(options, { credential }, [`${pc.green('✔')} A link to ${credential} is on its way to its recipient`])
      return
    }
    const batch = await store.get(id)
    if (batch === undefined) throw new Failure.UnknownBatchError(id)
    if (batch.state !== 'delivered') throw new Failure.NotDeliveredError(batch)
    const begun = await learners.ask(batch.id, options.renew ?? false, clock.now())
    say(options, { batch: batch.id, begun }, [
      begun
        ? `${pc.green('✔')} laurel start sends the recipients of ${batch.id} their links`
        : `The recipients of ${batch.id} are being sent their links already`,
    ])
  })
}
