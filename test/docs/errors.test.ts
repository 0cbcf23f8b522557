import { existsSync, globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'

type Catalogue = Readonly<Record<string, { readonly means: string; readonly todo: string }>>

const root = fileURLToPath(new URL('../../', import.meta.url))
const workspaces = ['core', 'verifier', 'server'].filter((name) => existsSync(`${root}${name}/src/ErrorCatalogue.ts`))

async function catalogueOf(workspace: string): Promise<Catalogue> {
  return (await import(`${root}${workspace}/src/ErrorCatalogue.ts`)).catalogue
}

/** The codes of the verifier's outcomes, with the file that has them. */
function outcomes(): readonly { readonly file: string; readonly code: string }[] {
  const call = /\b(?:passed|failed|unknown|skipped)\(\s*'([A-Z0-9_]+)'|\bcode: '([A-Z0-9_]+)'/g
  return globSync('verifier/src/**/*.ts', { cwd: root }).flatMap((file) =>
    [...readFileSync(root + file, 'utf8').matchAll(call)].map((match) => ({ file, code: match[1] ?? match[2] ?? '' })),
  )
}

/** The codes of the error classes of a workspace, with the file that has them. */
function thrown(workspace: string): readonly { readonly file: string; readonly code: string }[] {
  return globSync(`${workspace}/src/**/*.ts`, { cwd: root }).flatMap((file) =>
    [...readFileSync(root + file, 'utf8').matchAll(/\bBaseError<([^>]+)>/g)].flatMap((match) =>
      [...(match[1] ?? '').matchAll(/'([A-Z0-9_]+)'/g)].map((code) => ({ file, code: code[1] ?? '' })),
    ),
  )
}

describe('docs/errors.md', () => {
  it('has every code that a check of the verifier answers with', async () => {
    const known = new Set([...Object.keys(await catalogueOf('core')), ...Object.keys(await catalogueOf('verifier'))])
    const found = outcomes()
    expect(found.length).to.be.greaterThan(50)
    const missing = found.filter(({ code }) => !known.has(code))
    expect(missing.map(({ file, code }) => `${file}: ${code}`)).to.deep.equal([])
  })

  const page = readFileSync(`${root}docs/errors.md`, 'utf8')

  for (const workspace of workspaces) {
    it(`has every code of ${workspace}, with what it means and what to do`, async () => {
      for (const [code, { means, todo }] of Object.entries(await catalogueOf(workspace))) {
        expect(page, code).to.contain(`\n## ${code}\n`)
        expect(page, code).to.contain(means)
        expect(page, code).to.contain(todo)
      }
    })

    it(`has the code of every error that ${workspace} throws`, async () => {
      const known = new Set(Object.keys(await catalogueOf(workspace)))
      const missing = thrown(workspace).filter(({ code }) => !known.has(code))
      expect(missing.map(({ file, code }) => `${file}: ${code}`)).to.deep.equal([])
    })

    it(`keeps the catalogue of ${workspace} in order, in whole sentences`, async () => {
      const catalogue = await catalogueOf(workspace)
      expect(Object.keys(catalogue)).to.deep.equal(Object.keys(catalogue).toSorted())
      for (const [code, { means, todo }] of Object.entries(catalogue)) {
        expect(code).to.match(/^[A-Z][A-Z0-9_]*$/)
        expect(means, code).to.match(/^\p{Lu}.*[.?]$/u)
        // A command to type may end it.
        expect(todo, code).to.match(/^\p{Lu}.*(?:[.?]|: npx .+)$/u)
      }
    })
  }
})
