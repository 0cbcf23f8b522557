import { chownSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { makeHome, OwnerError } from '../../../server/src/adapters/files/make-home.ts'

describe('makeHome', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'laurel-home-'))
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  it('makes a folder for its owner alone, and leaves one that is there', async () => {
    const home = join(folder, 'a', 'home')
    await makeHome(home)
    await makeHome(home)
    expect(statSync(home).mode & 0o077).to.equal(0)
  })

  it('refuses root the home of somebody else, and nobody their own', async () => {
    if (process.getuid?.() === 0) chownSync(folder, 65_534, 65_534)
    const { uid } = statSync(folder)
    const error = await makeHome(folder, 0).catch((reason: unknown) => reason)
    expect(error).to.be.instanceOf(OwnerError)
    expect((error as OwnerError).facts).to.deep.equal({ owner: uid })
    await makeHome(folder, uid)
    expect(readdirSync(folder)).to.deep.equal([])
  })
})
