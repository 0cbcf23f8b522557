import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import * as Config from '../../server/src/config.ts'

type Entry = { readonly name: string; readonly value: string; readonly commented: boolean; readonly sentence: string }

/** The variables of .env.example, each with the comment above it. */
function read(): readonly Entry[] {
  const text = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  return text.split('\n\n').flatMap((paragraph) => {
    const lines = paragraph.split('\n')
    const match = lines.map((line) => /^(# )?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line)).find((found) => found !== null)
    if (match === undefined || match === null) return []
    const sentence = lines
      .filter((line) => line.startsWith('# ') && line !== match[0])
      .map((line) => line.slice(2))
      .join(' ')
    return [{ name: match[2] ?? '', value: match[3] ?? '', commented: match[1] !== undefined, sentence }]
  })
}

describe('.env.example', () => {
  const entries = read()

  it('names every variable that is read, and no other, in the same order', () => {
    expect(entries.map(({ name }) => name)).to.deep.equal(Object.keys(Config.schema.shape))
  })

  it('has the sentence of the schema for each', () => {
    for (const { name, sentence } of entries) {
      const field = Config.schema.shape[name as keyof typeof Config.schema.shape]
      expect(sentence, name).to.equal(field.description)
    }
  })

  it('shows the default of each that has one, and leaves the others empty', () => {
    for (const { name, value } of entries) {
      const field = Config.schema.shape[name as keyof typeof Config.schema.shape]
      const given = field.safeParse(undefined)
      const fallback = given.success && given.data !== undefined ? String(given.data) : ''
      expect(value, name).to.equal(fallback)
    }
  })

  it('changes nothing where it is copied as it is', () => {
    const environment = Object.fromEntries(entries.map(({ name, value }) => [name, value]))
    expect(Config.read(environment)).to.deep.equal(Config.read({}))
  })
})
