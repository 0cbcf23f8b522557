import { globSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as Rig from '../../scripts/test/Rig.ts'
import { labels } from '../../server/src/internal/crashpoint.ts'
import { bugs } from '../faults/planted/bugs.ts'
import * as RpcProxy from '../faults/RpcProxy.ts'

const root = new URL('../../', import.meta.url)
const page = readFileSync(new URL('docs/fault-testing.md', root), 'utf8')

/** The rows of the table below a heading, cell by cell. */
function table(heading: string): readonly (readonly string[])[] {
  const section = page.split(/^## /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((row) =>
    row
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

describe('docs/fault-testing.md', () => {
  it('lists every planted bug, with the test that notices it and what that says', () => {
    const rows = bugs.map(({ name, breaks, does, test, red }) => [
      `\`${name}\``,
      breaks,
      does,
      `\`${test.file.slice('test/'.length)}\``,
      `\`${red}\``,
    ])
    expect(table('Planted bugs')).to.deep.equal(rows)
    expect(page).to.include(`**${bugs.length} of ${bugs.length}** are noticed`)
  })

  it('lists every file of the rig', () => {
    const files = globSync('test/faults/*.test.ts', { cwd: root }).map((path) => `\`${path.slice('test/'.length)}\``)
    const listed = table('What is broken').flatMap(([file = '']) => file.split(', '))
    expect(listed.filter((file) => file.startsWith('`faults/')).toSorted()).to.deep.equal(files.toSorted())
    for (const file of listed)
      expect(globSync(`test/${file.replaceAll('`', '')}`, { cwd: root }), file).not.to.deep.equal([])
  })

  it('is about all of what is done with FAULTS=all: `npm run test:faults` runs it', () => {
    const doesMore = (path: string) =>
      /process\.env\.FAULTS|from '(\.\.\/)+support\/sample\.ts'/.test(readFileSync(new URL(path, root), 'utf8'))
    const sampled = globSync('test/{faults,server}/**/*.test.ts', { cwd: root }).filter(doesMore)
    expect(sampled.length).to.be.above(8)
    expect(globSync([...Rig.patterns], { cwd: root })).to.include.members(sampled)
  })

  it('counts what there is', () => {
    expect(labels.filter((label, i) => labels.indexOf(label) !== i)).to.deep.equal([])
    expect(page).to.include(`${labels.length} places`)
    expect(page).to.include(`${RpcProxy.faults.length} ways`)
  })
})
