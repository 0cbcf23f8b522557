import { account, shouldTellWhenItSpoke } from './subject.ts'
import { specify } from './world.ts'

specify('spokeFor', (world) => {
  describe('spokeFor', () => shouldTellWhenItSpoke(account, world))
})
