import * as Badges from '../support/Badges.ts'
import { shouldNotBeAccepted, shouldNotBeAcceptedAsToken, shouldNotBeAcceptedOfOthers } from './mutations.ts'

// One of each issuer; all 33 in the slow run.
describe('A changed document', function () {
  this.timeout(120_000)
  shouldNotBeAccepted(['A-7-0.json', 'B-3-1.json', 'C-3-2.json'], 1_000)
})

describe('A changed document by others', function () {
  this.timeout(120_000)
  for (const format of Object.keys(Badges.formats) as readonly Badges.Format[])
    shouldNotBeAcceptedOfOthers(format, () => Badges.trusted(format), 300)
  shouldNotBeAcceptedOfOthers('ecdsa-sd-2023, derived', Badges.derived, 300)
  for (const [form, alg] of Badges.tokens)
    shouldNotBeAcceptedAsToken(`${form} with ${alg}`, () => Badges.token(form, alg), 300)
})
