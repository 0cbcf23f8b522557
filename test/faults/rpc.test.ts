import { shouldSurvive } from './exhaustive.ts'

describe('A lane, whose RPC fails once', function () {
  this.timeout(120_000)
  shouldSurvive(['drop-after', 'error'])
})
