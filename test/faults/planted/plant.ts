/**
 * Plants the bug that `PLANTED_BUG` names in whatever process loads this: `node --import test/faults/planted/plant.ts`.
 * The sources are changed as they are loaded, in memory; on the disk they are as they were.
 */
import { registerHooks } from 'node:module'
import { find, plant } from './bugs.ts'

const { changes } = find(process.env.PLANTED_BUG ?? '')
const root = new URL('../../../', import.meta.url).href

registerHooks({
  load: (url, context, nextLoad) => {
    const loaded = nextLoad(url, context)
    const own = changes.filter(({ path }) => url === root + path)
    if (own.length === 0 || loaded.source == null) return loaded
    const text = typeof loaded.source === 'string' ? loaded.source : new TextDecoder().decode(loaded.source)
    return { ...loaded, source: own.reduce(plant, text) }
  },
})
