import { expect } from 'chai'
import * as Narrative from '../../../server/src/achievement/Narrative.ts'

describe('A narrative', () => {
  it('is one line without the marks of Markdown', () => {
    const text =
      '## Passing\n\n- *What is AI?*, **`twice`**\n1. see [the course](https://example.org/)\n> ![a badge](x.png)'
    expect(Narrative.plain(text)).to.equal('Passing What is AI?, twice see the course a badge')
  })

  it('keeps what only looks like a mark', () => {
    for (const text of ['2 * 3 = 6', 'snake_case_name', '50 % - at least', 'x*y'])
      expect(Narrative.plain(text)).to.equal(text)
  })

  it('is none where nothing is left of it', () => {
    for (const text of [undefined, '', ' \n', '\u0000']) expect(Narrative.plain(text)).to.equal(undefined)
  })
})
