import type { Context } from '../Context.ts'
import * as Issuer from '../issuer/Issuer.ts'
import type * as Issuing from '../issuer/Issuing.ts'
import { type Gathering, gather } from '../pipeline/1-gather.ts'

/** Makes batches of what was ordered of one organisation, in the name of one of its issuers; see {@link gather}. */
export async function gatherOf(
  organisation: string,
  speaker: Issuing.Speaker,
  gathering: Gathering,
  context: Context,
): Promise<void> {
  const terms = Issuer.termsOf(context.terms, speaker)
  await gather(gathering, { ...context, ...context.within(organisation), terms })
}
