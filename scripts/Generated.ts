/** The files that are made from others and committed, by the scripts in scripts/generate. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const biome = resolve(root, 'node_modules/@biomejs/biome/bin/biome')

/** What is committed; nothing where there is no such file yet. */
export function committed(path: string): string {
  const file = resolve(root, path)
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}

/** Writes a file; with `--check` only says whether it is as it would be written, and fails where it is not. */
export function write(path: string, text: string): void {
  const fresh = path.endsWith('.md') ? formatted(path, text) : text
  if (fresh === committed(path)) {
    console.log(`${path} is fresh`)
  } else if (process.argv.includes('--check')) {
    console.error(`${path} is stale: run npm run generate`)
    process.exitCode = 1
  } else {
    writeFileSync(resolve(root, path), fresh)
    console.log(`wrote ${path}`)
  }
}

/** As the check of the whole tree wants it. */
function formatted(path: string, text: string): string {
  const format = [biome, 'format', '--stdin-file-path', path]
  return execFileSync(process.execPath, format, { cwd: root, input: text, encoding: 'utf8' })
}
