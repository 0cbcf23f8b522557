import { account, shouldRetire } from './subject.ts'
import { specify } from './world.ts'

specify('retireAccount', (world) => {
  describe('retireAccount', () => shouldRetire(account, world))
})
