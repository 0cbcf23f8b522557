/**
 * Ten minutes of everything at once: `npm run soak`, or `npm run soak -- --seconds 60`. Prints its figures, and fails where
 * anything was lost, doubled or early.
 */
import { parseArgs } from 'node:util'
import * as Soak from './Soak.ts'

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '600' } } })
const seconds = Number(options.seconds)
const say = (sentence: string) => process.stderr.write(`${sentence}\n`)
const result = await Soak.run({ seconds, reorganiseEvery: Math.min(60, seconds / 4), say })
console.log(Soak.describe(result))
if (!Soak.isWhole(result)) {
  console.log(JSON.stringify({ ...result.findings, early: result.early }, null, 2))
  process.exitCode = 1
}
