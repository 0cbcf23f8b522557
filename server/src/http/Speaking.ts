import type * as ClaimTicket from '@laurel/core/ClaimTicket'
import * as Principal from '../access/Principal.ts'
import * as Collection from '../badges/Collection.ts'
import * as Issuer from '../issuer/Issuer.ts'
import type * as Issuing from '../issuer/Issuing.ts'
import * as Problem from './Problem.ts'
import type { Api } from './Route.ts'

/**
 * The same for an issuer of an organisation, of which something is said.
 *
 * @param issuer its id; the organisation's first when absent
 * @throws {Problem.RefusedError} ISSUER_MISSING where the organisation has none
 * @throws {Issuer.UnknownIssuerError} ISSUER_UNKNOWN where it has not this one, whoever else may have it
 */
export async function speakFor(organisation: string, api: Api, issuer?: string): Promise<Api> {
  return as(await find(organisation, api, issuer), api)
}

/**
 * The same for an issuer in whose name something is agreed, which its key is to sign.
 *
 * @throws what {@link speakFor} throws
 * @throws {Issuer.ReportedKeyError} KEY_REPORTED where the key was stolen
 */
export async function issueFor(organisation: string, api: Api, issuer?: string): Promise<Api> {
  const speaker = await find(organisation, api, issuer)
  if (speaker.isReported) throw new Issuer.ReportedKeyError()
  return as(speaker, api)
}

async function find(organisation: string, { issuing }: Api, issuer: string | undefined): Promise<Issuing.Speaker> {
  const speaker = await issuing.of(organisation, issuer)
  if (speaker === undefined && issuer !== undefined) throw new Issuer.UnknownIssuerError(issuer)
  if (speaker === undefined)
    throw new Problem.RefusedError('ISSUER_MISSING', 'This organisation has no issuer here yet.')
  return speaker
}

function as(speaker: Issuing.Speaker, api: Api): Api {
  return { ...api, identity: speaker.identity, terms: Issuer.termsOf(api.terms, speaker) }
}

/**
 * What tokens are offered in: the collection of the home's own issuer, for which its account speaks on the chain.
 *
 * @throws {Collection.MissingCollectionError} COLLECTION_MISSING for any other issuer, too
 */
export async function offer(api: Api): Promise<ClaimTicket.Collection> {
  const own = await api.issuing.of(Principal.home)
  if (own?.identity.id !== api.identity.id) throw new Collection.MissingCollectionError(api.chain.chainId)
  return Collection.offer(api)
}
