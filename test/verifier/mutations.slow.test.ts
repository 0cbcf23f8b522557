import * as Golden from '../support/Golden.ts'
import { shouldNotBeAccepted } from './mutations.ts'

describe('Any changed document', function () {
  this.timeout(300_000)
  shouldNotBeAccepted(Golden.credentials(), 1_000)
})
