import * as Principal from '../access/Principal.ts'
import type { Config } from '../config.ts'
import type { Home } from '../main.ts'
import * as Organisation from '../organisations/Organisation.ts'
import { withHome } from './with-home.ts'

/**
 * Does something for one organisation: for the one that every home has unless another is named.
 *
 * @param work is given the home within the organisation, and all of it
 */
export async function withOrganisation(
  { organisation: id = Principal.home }: { readonly organisation?: string },
  config: Config,
  work: (home: Home, whole: Home) => Promise<void>,
): Promise<void> {
  await withHome(config, async (home) => {
    if ((await home.organisations.organisation(id)) === undefined) throw new Organisation.UnknownOrganisationError(id)
    await work({ ...home, ...home.within(id) }, home)
  })
}
