import * as Badges from '../support/Badges.ts'
import * as Golden from '../support/Golden.ts'
import { shouldNotBeAccepted, shouldNotBeAcceptedAsToken, shouldNotBeAcceptedOfOthers } from './mutations.ts'

describe('Any changed document', function () {
  this.timeout(300_000)
  shouldNotBeAccepted(Golden.credentials(), 1_000)
})

// With what is changed by structure, about 10,000 mutants of each format.
describe('Any changed document by others', function () {
  this.timeout(600_000)
  for (const format of Object.keys(Badges.formats) as readonly Badges.Format[])
    shouldNotBeAcceptedOfOthers(format, () => Badges.trusted(format), 9_050)
  shouldNotBeAcceptedOfOthers('ecdsa-sd-2023, derived', Badges.derived, 9_050)
  for (const [form, alg] of Badges.tokens)
    shouldNotBeAcceptedAsToken(`${form} with ${alg}`, () => Badges.token(form, alg), 9_050)
})
