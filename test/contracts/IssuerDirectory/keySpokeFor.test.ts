import { key, shouldTellWhenItSpoke } from './subject.ts'
import { specify } from './world.ts'

specify('keySpokeFor', (world) => {
  describe('keySpokeFor', () => shouldTellWhenItSpoke(key, world))
})
