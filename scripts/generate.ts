/** Runs every generator in scripts/generate; with `--check` none writes, and each says whether its file is fresh. */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
for (const generator of globSync('scripts/generate/*.ts', { cwd: root }).sort()) {
  const { status } = spawnSync(process.execPath, [generator, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
