/**
 * Writes what is made of bench/gas.json: the tables in bench/gas/README.md, and docs/costs.md. Measures nothing.
 *
 *   node scripts/generate/gas.ts            writes them
 *   node scripts/generate/gas.ts --check    fails where a committed file is not what would be written
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as Costs from '../../bench/gas/Costs.ts'
import * as Figures from '../../bench/gas/Figures.ts'
import * as Table from '../../bench/gas/Table.ts'

const root = resolve(import.meta.dirname, '../..')
const biome = resolve(root, 'node_modules/@biomejs/biome/bin/biome')
const figures = Figures.read()
const marks = /(<!-- tables -->\n)[\s\S]*?(\n<!-- end of tables -->)/

write('bench/gas/README.md', (before) => {
  if (!marks.test(before)) throw new Error('bench/gas/README.md has lost the marks of its tables')
  return before.replace(marks, (_, start, end) => `${start}\n${Table.render(figures)}\n${end}`)
})
write('docs/costs.md', () => Costs.render(figures))

function write(path: string, render: (before: string) => string): void {
  const target = resolve(root, path)
  const committed = existsSync(target) ? readFileSync(target, 'utf8') : ''
  // Formatted as the check of the whole tree wants it.
  const format = [biome, 'format', '--stdin-file-path', path]
  const fresh = execFileSync(process.execPath, format, { cwd: root, input: render(committed), encoding: 'utf8' })
  if (fresh === committed) {
    console.log(`${path} is fresh`)
  } else if (process.argv.includes('--check')) {
    console.error(`${path} is stale: run npm run generate`)
    process.exitCode = 1
  } else {
    writeFileSync(target, fresh)
    console.log(`wrote ${path}`)
  }
}
