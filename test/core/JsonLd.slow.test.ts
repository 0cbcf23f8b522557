import { shouldAgree } from './agreement.ts'
import { runs } from './support.ts'

describe('JsonLd, of many documents, agrees with jsonld and rdf-canonize', function () {
  this.timeout(0)
  shouldAgree(100 * runs)
})
