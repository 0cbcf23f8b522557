import { key, shouldReport } from './subject.ts'
import { specify } from './world.ts'

specify('reportKey', (world) => {
  describe('reportKey', () => shouldReport(key, world))
})
