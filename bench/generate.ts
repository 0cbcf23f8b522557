import { join } from 'node:path'
import * as Command from '../scripts/Command.ts'

/** Makes docs/performance.md and its charts anew from what is published. */
export async function generate(): Promise<void> {
  const generator = join(import.meta.dirname, '../scripts/generate/performance.ts')
  const { code, output } = await Command.run([process.execPath, generator])
  process.stderr.write(output)
  if (code !== 0) process.exitCode = 1
}
