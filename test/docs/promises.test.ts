import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../../', import.meta.url))
const path = 'docs/promises.md'
const page = readFileSync(join(root, path), 'utf8')
const promised = [...Array.from({ length: 29 }, (_, i) => i + 1), 38, 32, 30, 31, 33, 34, 35, 36, 37, 39]

/** The rows by their promise: what would fail, and what was counted. */
const rows = new Map(
  [...page.matchAll(/^\| P(\d+) +\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)].map(([, number, sentence, tests, counted]) => [
    Number(number),
    { sentence: sentence?.trim() ?? '', tests: tests?.trim() ?? '', counted: counted?.trim() ?? '' },
  ]),
)

describe('docs/promises.md', () => {
  it('has a row for each promise, in their order', () => {
    expect([...rows.keys()]).to.deep.equal(promised)
    for (const { sentence } of rows.values()) expect(sentence).to.match(/\.$/)
  })

  it('names a test for each, or says that it is not kept', () => {
    for (const [number, { tests, counted }] of rows) {
      expect(counted, `P${number}`).to.not.equal('')
      if (tests === '') expect(counted, `P${number}`).to.include('**not kept**')
    }
  })

  it('names tests that are there, by their titles', () => {
    for (const [number, { tests }] of rows) {
      const links = [...tests.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)]
      // Whatever is not a link is what stands between two.
      expect(tests.replaceAll(/\[[^\]]+\]\([^)]+\)/g, '').replaceAll(/[ ·]/g, ''), `P${number}`).to.equal('')
      for (const [, title = '', file = ''] of links) {
        const source = readFileSync(join(root, dirname(path), file), 'utf8')
        const titles = [...source.matchAll(/\bit\(\s*(['"`])((?:(?!\1).)*)\1/gs)].map(([, , text]) => text)
        expect(
          titles.some((each) => each?.includes(title)),
          `P${number} names “${title}” in ${file}`,
        ).to.equal(true)
      }
    }
  })

  it('names commands that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    for (const [, name] of page.matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).to.include(name)
  })
})
