import { createHash } from 'node:crypto'
import { expect } from 'chai'
import * as Bytes from '../../core/src/Bytes.ts'
import * as Ticket from '../../core/src/Ticket.ts'
import { failure, jsonOf } from './support.ts'

type Written = Omit<Ticket.Opening, 'achievement' | 'salt'> & { achievement: string; salt: string; commitment: string }

const vectors: readonly Written[] = jsonOf('laurel-v1/vectors.json').tickets

function openingOf({ commitment: _, achievement, salt, ...rest }: Written): Ticket.Opening {
  return { ...rest, achievement: Bytes.fromHex(achievement), salt: Bytes.fromHex(salt) }
}

describe('Ticket', () => {
  const opening = openingOf(vectors[0] as Written)

  vectors.forEach((vector, i) => {
    it(`reproduces vector ${i}, a ${vector.kind} on chain ${vector.chainId}`, () => {
      expect(Bytes.toHex(Ticket.commitment(openingOf(vector)))).to.equal(vector.commitment)
    })
  })

  it('hashes a tagged preimage of 156 bytes, which no node of 64 bytes can be', () => {
    const { chainId, collection, achievement, index, address, salt } = opening
    for (const kind of ['holder', 'ticket'] as const) {
      const preimage = Buffer.concat([
        Buffer.from(`laurel/${kind}/v1`),
        Buffer.from(chainId.toString(16).padStart(64, '0'), 'hex'),
        Buffer.from(collection.slice(2), 'hex'),
        achievement,
        Buffer.from(index.toString(16).padStart(8, '0'), 'hex'),
        Buffer.from(address.slice(2), 'hex'),
        salt,
      ])
      expect(preimage.length).to.equal(156)
      const expected = createHash('sha256').update(preimage).digest('hex')
      expect(Bytes.toHex(Ticket.commitment({ ...opening, kind }))).to.equal(`0x${expected}`)
    }
  })

  it('commits to each of its members', () => {
    const flipped = (bytes: Uint8Array) => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
    const changes: readonly Partial<Ticket.Opening>[] = [
      {},
      { kind: opening.kind === 'holder' ? 'ticket' : 'holder' },
      { chainId: opening.chainId + 1 },
      { collection: `0x${'11'.repeat(20)}` },
      { achievement: flipped(opening.achievement) },
      { index: opening.index + 1 },
      { address: `0x${'22'.repeat(20)}` },
      { salt: flipped(opening.salt) },
    ]
    const commitments = changes.map((change) => Bytes.toHex(Ticket.commitment({ ...opening, ...change })))
    expect(new Set(commitments).size).to.equal(changes.length)
  })

  it('is never for the zero address', () => {
    expect(() => Ticket.commitment({ ...opening, address: `0x${'00'.repeat(20)}` })).to.throw(TypeError)
  })

  it('takes members of another size for programming errors', () => {
    expect(() => Ticket.commitment({ ...opening, achievement: new Uint8Array(31) })).to.throw(TypeError)
    expect(() => Ticket.commitment({ ...opening, salt: new Uint8Array(33) })).to.throw(TypeError)
    expect(() => Ticket.commitment({ ...opening, index: 2 ** 32 })).to.throw(TypeError)
    expect(() => Ticket.commitment({ ...opening, index: -1 })).to.throw(TypeError)
    expect(failure(() => Ticket.commitment({ ...opening, address: '0x00' })).code).to.equal('HEX_INVALID')
    expect(failure(() => Ticket.commitment({ ...opening, collection: '0x00' })).code).to.equal('HEX_INVALID')
  })
})
