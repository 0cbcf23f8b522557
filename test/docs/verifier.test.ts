import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as Cryptosuite from '@laurel/core/Cryptosuite'
import * as Jws from '@laurel/core/Jws'
import { expect } from 'chai'

const root = fileURLToPath(new URL('../../', import.meta.url))
const page = readFileSync(new URL('../../docs/verifier.md', import.meta.url), 'utf8')

/** What follows a mark: the program, and what it is said to answer. */
function example(mark: string): { readonly code: string; readonly answer: string } {
  const text = page.slice(page.indexOf(`<!-- run: ${mark} -->`))
  const [, code = '', answer = ''] = /```ts\n([\s\S]*?)```[\s\S]*?```\n([\s\S]*?)```/.exec(text) ?? []
  return { code, answer }
}

describe('docs/verifier.md', function () {
  this.timeout(60_000)

  for (const mark of ['library', 'presentation'])
    it(`has a program that answers what it says: ${mark}`, async () => {
      const { code, answer } = example(mark)
      const program = ['--input-type=module-typescript', '--eval', code]
      const { stdout } = await promisify(execFile)(process.execPath, program, { cwd: root })
      expect(stdout).to.equal(answer)
      expect(answer).to.include('signed: passed')
    })

  it('names the cryptosuites that are verified, with their keys', () => {
    const rows = [...page.matchAll(/^\| `([a-z][\w-]+)` +\| ([\w, -]+?) +\|/gm)].map(([, name, keys]) => ({
      name,
      keys,
    }))
    expect(new Set(rows.map(({ name }) => name))).to.have.property('size', 5)
    for (const { name = '', keys } of rows) {
      const suite = Cryptosuite.of({ type: 'DataIntegrityProof', cryptosuite: name })
      expect(suite?.keys.join(', '), name).to.equal(keys)
    }
  })

  it('names the algorithms of tokens', () => {
    const [, list = ''] = /The algorithms are ([^.]*)\./.exec(page) ?? []
    const algorithms = [...list.matchAll(/`(\w+)`/g)].map(([, name]) => name ?? '')
    expect(algorithms).to.have.length(4)
    for (const each of algorithms) expect(Jws.kindOf(each), each).to.not.equal(undefined)
  })

  it('names every answer to how it stood at a time', () => {
    const [, section = ''] = /## How it stood at a time\n([\s\S]*?)\n## /.exec(page) ?? []
    const named = new Set([...section.matchAll(/`([A-Z]+_[A-Z_]+|REVOKED)`/g)].map(([, code]) => code))
    const sources = ['status-history', 'anchored', 'status-list'].map((name) =>
      readFileSync(new URL(`../../verifier/src/checks/${name}.ts`, import.meta.url), 'utf8'),
    )
    const [history = '', anchored = '', list = ''] = sources.map((text) =>
      [...text.matchAll(/(?:passed|failed|unknown)\(\s*'([A-Z_]+)'/g)].map(([, code]) => code).join(' '),
    )
    const given = [...history.split(' '), ...[anchored, list].flatMap((codes) => codes.split(' ')).filter(isOfThen)]
    expect([...named]).to.have.members([...new Set(given)])
  })
})

function isOfThen(code: string): boolean {
  return ['ANCHORED_LATER', 'STATUS_LIST_INVALID'].includes(code)
}
