import { expect } from 'chai'
import * as Recent from '../../../server/src/internal/Recent.ts'

describe('Recent', () => {
  it('makes what it does not know, and forgets what nobody has asked for longest', () => {
    const made: string[] = []
    const recent = Recent.create<string>(2)
    const get = (key: string) => recent.get(key, () => `${key}${made.push(key)}`)
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) get(key)
    expect(made).to.deep.equal(['a', 'b', 'c', 'b'])
    expect(get('a')).to.equal('a1')
  })

  it('makes again what could not be made', async () => {
    const recent = Recent.create<Promise<number>>(2)
    const outcomes = [() => Promise.reject(new Error('down')), () => Promise.resolve(1), () => Promise.resolve(2)]
    const get = () => recent.get('a', outcomes.shift() as () => Promise<number>)
    expect((await Promise.allSettled([get()]))[0]?.status).to.equal('rejected')
    expect([await get(), await get()]).to.deep.equal([1, 1])
  })

  it('keeps nothing that is not to be kept, and gives it to all who ask meanwhile', async () => {
    let made = 0
    const recent = Recent.create<Promise<number>>(2, (value) => value > 2)
    const get = () => recent.get('a', async () => ++made)
    expect(await Promise.all([get(), get()])).to.deep.equal([1, 1])
    expect([await get(), await get(), await get()]).to.deep.equal([2, 3, 3])
  })
})
