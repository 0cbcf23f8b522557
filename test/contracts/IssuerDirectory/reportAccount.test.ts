import { account, shouldReport } from './subject.ts'
import { specify } from './world.ts'

specify('reportAccount', (world) => {
  describe('reportAccount', () => shouldReport(account, world))
})
