import { existsSync, readFileSync } from 'node:fs'
import * as AchievementCredential from '@laurel/core/AchievementCredential'
import type * as Json from '@laurel/core/Json'
import * as Stamp from '@laurel/core/Stamp'
import { expect } from 'chai'

const page = readFileSync(new URL('../../docs/batch-compiler.md', import.meta.url), 'utf8')

/** The block of the page behind a mark. */
function block(mark: string): string {
  const [, text] = new RegExp(`<!-- ${mark} -->\\n\\n\`\`\`\\w*\\n([\\s\\S]*?)\`\`\``).exec(page) ?? []
  if (text === undefined) throw new Error(`The page has lost its ${mark}`)
  return text
}

const common = {
  issuer: { id: 'did:web:issuer.example.org', type: ['Profile'], name: 'Example University' },
  achievement: {
    id: 'https://issuer.example.org/a/rivers',
    type: ['Achievement'],
    name: 'Reading rivers',
    description: 'Judges the quality of flowing water.',
    criteria: { id: 'https://issuer.example.org/a/rivers/criteria' },
  },
}
const options = (award: Json.Object) => ({ ...common, ...(award as unknown as AchievementCredential.Award) })
const fields: Json.Object = JSON.parse(block('fields'))

function createStamp(): Stamp.Stamp {
  return Stamp.create({
    layout: (award) => AchievementCredential.layout(options(award)),
    className: 'AchievementCredential',
    check: (award) => AchievementCredential.check(options(award)),
    verificationMethod: 'did:web:issuer.example.org#key',
  })
}

/** The page's statements with values in their slots and labels in their places, in the order of lines. */
function filled(name: string, address: string, labels: Readonly<Record<'A' | 'B', string>>): string {
  const values = [fields.id, (fields.recipient as Json.Object).id, name, address, fields.validFrom]
  return block('statements')
    .split('\n')
    .map((line) => line.replace(/^[AB](?= )|[AB](?= \.$)/g, (node) => labels[node as 'A' | 'B']))
    .map((line) => line.replace(/‹(\d)›/g, (_, slot) => values[slot] as string))
    .sort()
    .join('\n')
    .slice(1)
    .concat('\n')
}

describe('docs/batch-compiler.md', () => {
  it('shows the statements of its example as they are, whichever node comes first', () => {
    const stamp = createStamp()
    for (const [name, address, labels] of [
      ['Ada', 'ada@example.org', { A: '_:c14n1', B: '_:c14n0' }],
      ['Cy', 'cy@example.org', { A: '_:c14n0', B: '_:c14n1' }],
    ] as const) {
      const identifiers = [
        { type: 'name', value: name },
        { type: 'emailAddress', value: address },
      ]
      const recipient = { ...(fields.recipient as Json.Object), identifiers }
      expect(Stamp.canonize(stamp, { ...fields, recipient })).to.equal(filled(name, address, labels))
    }
    expect(stamp.tally).to.include({ compared: 1, stamped: 1 })
  })

  it('tells every reason that is counted', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name)
    const { stamped: _, ...reasons } = createStamp().tally
    expect(rows).to.deep.equal(Object.keys(reasons))
  })

  it('names files that exist', () => {
    const files = [...page.matchAll(/^\| `((?:internal\/)?\w+\.ts)`/gm)].map(([, name]) => name)
    expect(files).to.have.length.above(5)
    for (const file of files)
      expect(existsSync(new URL(`../../core/src/${file}`, import.meta.url)), file).to.equal(true)
  })
})
