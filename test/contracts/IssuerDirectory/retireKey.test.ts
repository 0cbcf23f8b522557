import { key, shouldRetire } from './subject.ts'
import { specify } from './world.ts'

specify('retireKey', (world) => {
  describe('retireKey', () => shouldRetire(key, world))
})
