import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { catalogue } from '../../core/src/ErrorCatalogue.ts'

const source = new URL('../../core/src/', import.meta.url)

function codesIn(folder: URL): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : codesIn(new URL(`${entry.name}/`, folder))
    if (!entry.name.endsWith('.ts') || entry.name === 'ErrorCatalogue.ts') return []
    const text = readFileSync(new URL(entry.name, folder), 'utf8')
    return [...text.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)].map((match) => match[1] as string)
  })
}

describe('The catalogue of errors', () => {
  const used = new Set(codesIn(source))

  it('has every code that the source has, and no other', () => {
    expect(Object.keys(catalogue)).to.have.members([...used])
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
