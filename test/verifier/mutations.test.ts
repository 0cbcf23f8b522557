import {
  shouldNotBeAccepted,
  shouldNotBeAcceptedOfHolders,
  shouldNotBeAcceptedOfOtherStandards,
  shouldNotBeAcceptedOfOthers,
} from './mutations.ts'

// One of each issuer; all 33 in the slow run.
describe('A changed document', function () {
  this.timeout(120_000)
  shouldNotBeAccepted(['A-7-0.json', 'B-3-1.json', 'C-3-2.json'], 1_000)
})

describe('A changed document by others', function () {
  this.timeout(120_000)
  shouldNotBeAcceptedOfOthers(300)
})

describe('A changed presentation', function () {
  this.timeout(120_000)
  shouldNotBeAcceptedOfHolders(['eddsa-jcs-2022'], 300)
})

describe('A changed badge of another standard', function () {
  this.timeout(120_000)
  shouldNotBeAcceptedOfOtherStandards(300)
})
