import { shouldSurvive } from './exhaustive.ts'
import * as RpcProxy from './RpcProxy.ts'

describe('A lane, whose RPC fails once in every way', function () {
  this.timeout(600_000)
  shouldSurvive(RpcProxy.faults)
})
