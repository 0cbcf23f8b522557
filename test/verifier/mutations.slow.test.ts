import * as Golden from '../support/Golden.ts'
import { shouldNotBeAccepted, shouldNotBeAcceptedOfOthers } from './mutations.ts'

describe('Any changed document', function () {
  this.timeout(300_000)
  shouldNotBeAccepted(Golden.credentials(), 1_000)
})

// With what is changed by structure, about 10,000 mutants of each format.
describe('Any changed document by others', function () {
  this.timeout(600_000)
  shouldNotBeAcceptedOfOthers(9_050)
})
