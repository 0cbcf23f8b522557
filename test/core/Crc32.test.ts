import { expect } from 'chai'
import fc from 'fast-check'
import * as Everywhere from '../../core/src/internal/Crc32.ts'
import * as Node from '../../core/src/node/Crc32.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

describe('Crc32', () => {
  for (const [name, { crc32 }] of Object.entries({ everywhere: Everywhere, 'under Node': Node }))
    it(`has the check value of its catalogue, ${name}`, () => {
      expect(crc32(bytes('123456789'))).to.equal(0xcbf43926)
      expect(crc32(bytes('1234'), new Uint8Array(0), bytes('56789'))).to.equal(0xcbf43926)
      expect(crc32()).to.equal(0)
      expect(crc32(Uint8Array.of(0, 0, 0, 0))).to.equal(0x2144df1c)
    })

  it('is the same everywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 4 }), (parts) => {
        expect(Everywhere.crc32(...parts)).to.equal(Node.crc32(...parts))
      }),
    )
  })
})
