import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import * as reporting from '../../../verifier/src/cli/report.ts'
import * as Cli from '../../support/Cli.ts'

const run = promisify(execFile)
const vectors = fileURLToPath(new URL('../../vectors/', import.meta.url))

/** Whether a program of this name is on this machine. */
async function has(program: string, ...args: readonly string[]): Promise<boolean> {
  return run(program, args).then(
    () => true,
    ({ code }) => code !== 'ENOENT',
  )
}

describe('A report in PDF', function () {
  this.timeout(120_000)
  let home: string
  let remove: () => Promise<void>

  before(async function () {
    if (!(await has('openssl', 'version'))) {
      console.log('      SKIPPED: there is no openssl here to make a key with')
      this.skip()
    }
    ;({ home, remove } = await Cli.createHome())
    const at = (name: string) => join(home, name)
    const subject = ['-subj', '/O=Example/CN=Recruiting at Example']
    for (const [name, algorithm] of [
      ['rsa', ['-newkey', 'rsa:2048']],
      ['ec', ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']],
    ] as const) {
      const [key, certificate] = [at(`${name}.key`), at(`${name}.pem`)]
      await run('openssl', ['req', '-x509', ...algorithm, '-nodes', '-keyout', key, '-out', certificate, ...subject])
      const made = ['-inkey', key, '-in', certificate, '-out', at(`${name}.p12`), '-passout', 'pass:secret']
      await run('openssl', ['pkcs12', '-export', ...made])
    }
    await writeFile(at('passphrase'), 'secret\n')
    await writeFile(at('wrong'), 'other\n')
  })
  after(() => remove?.())

  const report = async (name: string, ...more: readonly string[]) => {
    const path = join(home, name)
    const files = [join(vectors, 'keepsake-v1/A-3-1.laurel'), join(vectors, 'keepsake-v1/A-7-4.laurel')]
    const args = more.map((each) => each.replace('~', home))
    const { code, stderr } = await Cli.run('laurel-verify', [...files, '--report', path, ...args], {
      LAUREL_HOME: home,
    })
    return { path, code, stderr }
  }
  const key = ['--report-key', '~/rsa.p12', '--report-passphrase-file', '~/passphrase']
  /** What pdfsig says of a file, or nothing where there is no pdfsig. */
  const judged = async (path: string) => {
    if (!(await has('pdfsig', '-v'))) return undefined
    return run('pdfsig', ['-nocert', path]).then(
      ({ stdout }) => stdout,
      ({ stdout }) => String(stdout),
    )
  }

  it('is signed by the key that is named, as another program finds, and not any more once a byte is changed', async function () {
    const { path, code } = await report('signed.pdf', ...key)
    expect(code).to.equal(1)
    const found = await judged(path)
    if (found === undefined) {
      console.log('      SKIPPED: there is no pdfsig here (poppler-utils) to judge the signature')
      this.skip()
    }
    expect(found).to.include('Signature is Valid').and.include('Total document signed')
    expect(found).to.include('Recruiting at Example').and.include('SHA-256')
    const bytes = await readFile(path)
    const place = bytes.indexOf('/Title')
    bytes[place + 9] = (bytes[place + 9] as number) ^ 1
    const changed = join(home, 'changed.pdf')
    await writeFile(changed, bytes)
    expect(await judged(changed)).to.not.include('Signature is Valid')
  })

  it('says in words what it found, and whether it is signed', async function () {
    if (!(await has('pdftotext', '-v'))) {
      console.log('      SKIPPED: there is no pdftotext here (poppler-utils)')
      this.skip()
    }
    for (const [name, more, sentence] of [
      ['signed.pdf', key, 'This report is signed by Recruiting at Example'],
      ['plain.pdf', [], 'This report is not signed'],
    ] as const) {
      const { path } = await report(name, ...more)
      const { stdout } = await run('pdftotext', ['-layout', path, '-'])
      const text = stdout.replaceAll(/\s+/g, ' ')
      expect(text).to.include(sentence).and.include('2 credentials')
      for (const each of ['0 Accepted', '1 Rejected', '1 Could not tell', 'Gewässergüte beurteilen', '[REVOKED]'])
        expect(text).to.include(each)
      expect(text).to.include('page 1 of 1')
    }
  })

  it('is not written where it cannot be signed as asked, and nothing is verified', async () => {
    for (const [name, more, problem] of [
      ['a.pdf', ['--report-key', '~/rsa.p12', '--report-passphrase-file', '~/wrong'], 'REPORT_KEY'],
      ['a.pdf', ['--report-key', '~/rsa.p12'], 'REPORT_KEY'],
      ['a.pdf', ['--report-key', '~/ec.p12', '--report-passphrase-file', '~/passphrase'], 'REPORT_KEY'],
      ['a.pdf', ['--report-key', '~/nothing.p12'], 'REPORT_KEY'],
      ['a.pdf', ['--report-font', '~/passphrase'], 'REPORT_FONT'],
      ['a.csv', key, 'REPORT_FORMAT'],
      ['a.doc', [], 'REPORT_FORMAT'],
    ] as const) {
      const { path, code, stderr } = await report(name, ...more)
      expect(code, stderr).to.equal(2)
      expect(stderr).to.include(`[${problem}]`)
      expect(await readFile(path).catch(({ code }) => code)).to.equal('ENOENT')
    }
    const early = await reporting.formatOf('a.pdf', { font: join(home, 'passphrase') }).catch(({ code }) => code)
    expect(early).to.equal('REPORT_FONT')
  })
})
