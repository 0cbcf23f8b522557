/**
 * Writes what is made of bench/gas.json: the tables in bench/gas/README.md, and docs/costs.md. Measures nothing.
 *
 *   node scripts/generate/gas.ts            writes them
 *   node scripts/generate/gas.ts --check    fails where a committed file is not what would be written
 */
import * as Costs from '../../bench/gas/Costs.ts'
import * as Figures from '../../bench/gas/Figures.ts'
import * as Table from '../../bench/gas/Table.ts'
import * as Generated from '../Generated.ts'

const figures = Figures.read()
const marks = /(<!-- tables -->\n)[\s\S]*?(\n<!-- end of tables -->)/

const readme = 'bench/gas/README.md'
const before = Generated.committed(readme)
if (!marks.test(before)) throw new Error(`${readme} has lost the marks of its tables`)
Generated.write(
  readme,
  before.replace(marks, (_, start, end) => `${start}\n${Table.render(figures)}\n${end}`),
)
Generated.write('docs/costs.md', Costs.render(figures))
