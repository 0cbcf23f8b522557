/** Loaded by mocha before the tests: keeps the points that instrumented contracts tell, in the file LAUREL_POINTS names. */
import { writeFileSync } from 'node:fs'
import hre from 'hardhat'

const reached = new Set<string>()

// A handler of this kind is what makes Hardhat's networks collect, and lift the limits of gas and code size.
hre.hooks.registerHandlers('network', {
  onCoverageData: async (_context, tags) => {
    for (const tag of tags) reached.add(tag)
  },
})

export const mochaHooks = {
  afterAll() {
    const { LAUREL_POINTS: file } = process.env
    if (file === undefined) throw new Error('LAUREL_POINTS names no file')
    writeFileSync(file, JSON.stringify([...reached]))
  },
}
