import * as Golden from '../support/Golden.ts'
import {
  shouldNotBeAccepted,
  shouldNotBeAcceptedOfHolders,
  shouldNotBeAcceptedOfOtherStandards,
  shouldNotBeAcceptedOfOthers,
} from './mutations.ts'

describe('Any changed document', function () {
  this.timeout(300_000)
  shouldNotBeAccepted(Golden.credentials(), 1_000)
})

// With what is changed by structure, about 10,000 mutants of each format.
describe('Any changed document by others', function () {
  this.timeout(600_000)
  shouldNotBeAcceptedOfOthers(9_050)
})

describe('Any changed presentation', function () {
  this.timeout(600_000)
  shouldNotBeAcceptedOfHolders(['eddsa-rdfc-2022', 'eddsa-jcs-2022', 'Ed25519Signature2020'], 9_050)
})

describe('Any changed badge of another standard', function () {
  this.timeout(600_000)
  shouldNotBeAcceptedOfOtherStandards(9_050)
})
