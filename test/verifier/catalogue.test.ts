import { readdirSync, readFileSync } from 'node:fs'
import { catalogue as coreCatalogue } from '@laurel/core/ErrorCatalogue'
import { catalogue } from '@laurel/verifier/ErrorCatalogue'
import { expect } from 'chai'

const source = new URL('../../verifier/src/', import.meta.url)

/** What stands where an outcome or an error has its code; errors may have several. */
const places =
  /\b(?:passed|failed|unknown|skipped)\(\s*'([A-Z0-9_]+)'|\bcode: '([A-Z0-9_]+)'|\bBaseError<([^>]+)>|\bTrustFileError\('([A-Z0-9_]+)'/g

function codesIn(folder: URL): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return codesIn(new URL(`${entry.name}/`, folder))
    if (!entry.name.endsWith('.ts') || entry.name === 'ErrorCatalogue.ts') return []
    const text = readFileSync(new URL(entry.name, folder), 'utf8')
    return [...text.matchAll(places)].flatMap(
      (match) => (match.slice(1).find(Boolean) ?? '').match(/[A-Z0-9_]+/g) ?? [],
    )
  })
}

describe('The catalogue of what the verifier says', () => {
  const used = new Set(codesIn(source))

  it('has every code that checks, policy and trust file give, unless it is one of core', () => {
    expect(used.size).to.be.greaterThan(60)
    const missing = [...used].filter((code) => !Object.hasOwn(catalogue, code) && !Object.hasOwn(coreCatalogue, code))
    expect(missing).to.deep.equal([])
  })

  it('has no code that nobody gives', () => {
    expect(Object.keys(catalogue).filter((code) => !used.has(code))).to.deep.equal([])
  })

  it('is in alphabetical order', () => {
    expect(Object.keys(catalogue)).to.deep.equal(Object.keys(catalogue).toSorted())
  })

  for (const [code, { means, todo }] of Object.entries(catalogue))
    it(`says in sentences what ${code} means and what to do`, () => {
      for (const text of [means, todo]) expect(text).to.match(/^[A-Z0-9].*[.…]$/s)
      expect(means).to.not.equal(todo)
    })
})
