import { shouldAgree } from './agreement.ts'

describe('JsonLd and Rdfc agree with jsonld and rdf-canonize', function () {
  this.timeout(0)
  shouldAgree(20_000)
})
