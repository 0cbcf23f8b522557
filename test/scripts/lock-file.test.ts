import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { lockFile } from '../../scripts/check/lock-file.ts'

describe('lock file', () => {
  let root: string
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'laurel-lock-'))
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))
  const check = (packages: object) => {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages }))
    return lockFile(root)
  }

  it('is content where every dependency has an entry, its own or one above it', () => {
    expect(
      check({
        '': { dependencies: { a: '1' } },
        'node_modules/a': { version: '1.0.0', dependencies: { b: '1', c: '1' } },
        'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { c: '1' } },
        'node_modules/c': { version: '1.0.0' },
      }),
    ).to.deep.equal([])
  })

  it('names an optional dependency of another platform that has none', () => {
    expect(
      check({ '': {}, 'node_modules/a': { version: '1.0.0', optionalDependencies: { 'a-win32-x64': '1.0.0' } } }),
    ).to.deep.equal(['node_modules/a wants a-win32-x64, which has no entry'])
  })

  it('names an entry without a version', () => {
    expect(check({ '': {}, 'node_modules/a': { optional: true } })).to.deep.equal(['node_modules/a has no version'])
  })
})
