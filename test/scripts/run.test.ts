import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'

/** A repository of two files, whose lock file asks for nothing. */
describe('run.js', () => {
  let root: string
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'laurel-run-')))
    cpSync(new URL('../../scripts/run.js', import.meta.url), join(root, 'scripts/run.js'))
    write('package.json', '{ "name": "x", "version": "1.0.0", "type": "module" }')
    write('package-lock.json', '{ "name": "x", "version": "1.0.0", "lockfileVersion": 3, "packages": { "": {} } }')
    write('node_modules/.package-lock.json', '{ "packages": {} }')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const start = (...args: string[]) =>
    spawn(process.execPath, [join(root, 'scripts/run.js'), ...args], {
      cwd: tmpdir(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
  const finish = async (child: ChildProcess) => {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text) => (output += text))
    const [code, signal] = await once(child, 'close')
    return { code, signal, output }
  }

  it('runs a TypeScript file with its arguments, in the folder of the caller', async () => {
    write('hello.ts', "const args: string[] = process.argv.slice(2)\nconsole.log(args.join('|'), process.cwd())\n")
    const { code, output } = await finish(start('hello.ts', 'a b', '--c'))
    expect(output).to.equal(`a b|--c ${realpathSync(tmpdir())}\n`)
    expect(code).to.equal(0)
  })

  it('ends with the exit code of the file', async () => {
    write('hello.ts', 'process.exitCode = 2\n')
    expect((await finish(start('hello.ts'))).code).to.equal(2)
  })

  it('puts its Node first on the PATH of children', async () => {
    write(
      'hello.ts',
      "import { delimiter } from 'node:path'\nconsole.log((process.env.PATH ?? '').split(delimiter)[0])\n",
    )
    expect((await finish(start('hello.ts'))).output.trim()).to.equal(dirname(process.execPath))
  })

  it('has the pages for people built before a server starts, and not for what else it does', async () => {
    write('scripts/build-web.ts', "console.error('built', process.argv[2])\n")
    write('server/src/cli.ts', "console.log('served')\n")
    expect((await finish(start('server/src/cli.ts', 'start'))).output).to.equal('built --quiet\nserved\n')
    // Whoever only runs it may be allowed to write nothing there.
    expect(existsSync(join(root, '.tools'))).to.equal(false)
    expect((await finish(start('server/src/cli.ts', 'list'))).output).to.equal('served\n')
    write('scripts/build-web.ts', 'process.exitCode = 3\n')
    const failed = await finish(start('server/src/cli.ts', 'start'))
    expect([failed.code, failed.output]).to.deep.equal([
      1,
      '✖ The pages for people cannot be built: it ended with 3.\n',
    ])
  })

  it('dies of a signal as the file does', async () => {
    write('hello.ts', "setInterval(() => {}, 1000)\nconsole.log('ready')\n")
    const child = start('hello.ts')
    await once(child.stdout as NodeJS.ReadableStream, 'data')
    child.kill('SIGTERM')
    expect((await finish(child)).signal).to.equal('SIGTERM')
  })

  it('takes over the lock of a process that is gone', async () => {
    rmSync(join(root, 'node_modules'), { recursive: true })
    write('hello.ts', "console.log('ran')\n")
    write('.tools/lock', '{ "pid": 2147483646, "host": "elsewhere" }')
    const longAgo = new Date(Date.now() - 60_000)
    utimesSync(join(root, '.tools/lock'), longAgo, longAgo)
    const { code, output } = await finish(start('hello.ts'))
    expect(output).to.match(/Installing the dependencies[\s\S]*ran/)
    expect(code).to.equal(0)
    expect(existsSync(join(root, '.tools/lock'))).to.equal(false)
    expect(existsSync(join(root, 'node_modules/.laurel-installed'))).to.equal(true)
  })

  it('installs once where two start at once, and not again afterwards', async () => {
    rmSync(join(root, 'node_modules'), { recursive: true })
    write('hello.ts', "console.log('ran')\n")
    const both = await Promise.all([finish(start('hello.ts')), finish(start('hello.ts'))])
    const said = both.map(({ output }) => output).join('')
    expect(said.match(/ran\n/g)).to.have.length(2)
    expect(said.match(/Installing the dependencies … \d+ s, done/g)).to.have.length(1)
    expect((await finish(start('hello.ts'))).output).to.equal('ran\n')
  })

  it('reads .env for the commands of the server, and for nothing else', async () => {
    write('.env', 'LAUREL_TEST_SETTING=from-file')
    for (const path of ['server/hello.ts', 'scripts/hello.ts'])
      write(path, 'console.log(process.env.LAUREL_TEST_SETTING)')
    expect((await finish(start('server/hello.ts'))).output).to.equal('from-file\n')
    expect((await finish(start('scripts/hello.ts'))).output).to.equal('undefined\n')
  })

  it('says how it is used', async () => {
    const { code, output } = await finish(start())
    expect(output).to.contain('Usage: node scripts/run.js')
    expect(code).to.equal(1)
  })
})
