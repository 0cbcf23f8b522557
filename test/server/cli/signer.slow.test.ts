import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { Kind } from '../../../server/src/adapters/signer/RemoteKey.ts'
import * as AwsKmsStub from '../../support/AwsKmsStub.ts'
import * as Chain from '../../support/Chain.ts'
import * as Cli from '../../support/Cli.ts'
import * as SoftHsm from '../../support/SoftHsm.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

/** Where keys are kept for a drill. */
type Place = {
  readonly name: string
  /** Makes ready what is needed; what a process needs in its environment to get at keys. */
  readonly start: (home: string) => Promise<Cli.Environment>
  /** Where a new key is. */
  readonly create: (kind: Kind) => Promise<string>
  readonly stop: () => Promise<void>
}

const variables = {
  credential: 'LAUREL_CREDENTIAL_KEY',
  chain: 'LAUREL_CHAIN_KEY',
  controller: 'LAUREL_CONTROLLER_KEY',
  badges: 'LAUREL_BADGES_KEY',
} as const

let aws: AwsKmsStub.AwsKmsStub
const awsKms: Place = {
  name: 'AWS KMS, on a stub of its API',
  start: async (home) => {
    aws = await AwsKmsStub.start()
    const { id, secret, token } = AwsKmsStub.credentials
    const lines = [`aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`, `aws_session_token = ${token}`]
    await writeFile(join(home, 'aws'), `[default]\n${lines.join('\n')}\n`)
    return { AWS_SHARED_CREDENTIALS_FILE: join(home, 'aws') }
  },
  create: async (kind) => aws.create(kind),
  stop: () => aws.stop(),
}

let hsm: SoftHsm.SoftHsm
let labels = 0
const token: Place = {
  name: 'a PKCS#11 token, of SoftHSM2',
  start: async () => {
    hsm = await SoftHsm.start()
    return hsm.environment
  },
  create: async () => hsm.uri(`drill-${labels++}`),
  stop: () => hsm.stop(),
}

for (const place of [awsKms, token])
  describe(`Drills with keys in ${place.name}`, function () {
    this.timeout(1_800_000)
    let chain: Chain.Chain
    let home: string
    let remove: () => Promise<void>
    let environment: Cli.Environment
    before(async function () {
      if (place === token && SoftHsm.module === undefined) {
        console.log('SKIPPED: no SoftHSM2 here; the Debian package softhsm2 has it')
        return this.skip()
      }
      chain = await Chain.start()
    })
    after(() => chain?.stop())
    beforeEach(async () => {
      ;({ home, remove } = await Cli.createHome())
      environment = {
        LAUREL_HOME: home,
        LAUREL_CHAIN_RPC: chain.url,
        LAUREL_DOMAIN: 'issuer.example.org',
        ...(await place.start(home)),
      }
      for (const [purpose, variable] of Object.entries(variables))
        environment = {
          ...environment,
          [variable]: await place.create(purpose === 'credential' ? 'ed25519' : 'secp256k1'),
        }
    })
    afterEach(async () => {
      await place.stop()
      await remove()
    })

    const json = async (args: readonly string[], more: Cli.Environment = {}) => {
      const { code, stdout, stderr } = await Cli.run('laurel', [...args, '--json'], { ...environment, ...more })
      return { code, stderr, answer: JSON.parse(stdout || '{}') }
    }
    const init = async () => {
      for (const purpose of Object.keys(variables)) {
        const { code, answer, stderr } = await json(['signer', 'init', purpose])
        expect(code, stderr).to.equal(0)
        expect(answer).to.deep.include({ purpose, generation: 1, standing: 'in use', waits: null })
      }
    }
    const roster = async (name: string) => {
      const file = join(home, `${name}.csv`)
      await writeFile(file, `name,email\nAda Lovelace,ada@example.org\n${name},${name}@example.org\n`)
      return file
    }
    const issue = async (name: string, more: Cli.Environment = {}) =>
      Cli.issue(await roster(name), achievement, { ...environment, ...more })
    const verdicts = async (folder: string) => {
      const { stdout } = await Cli.run('laurel-verify', [folder, '--json'], environment)
      const reports = JSON.parse(stdout) as readonly { readonly verdict: string }[]
      expect(reports.length).to.be.greaterThan(0)
      return [...new Set(reports.map(({ verdict }) => verdict))]
    }
    it('lists keys for each purpose, and each signs', async () => {
      await init()
      const { answer } = await json(['signer', 'list'])
      expect(answer.keys.map(({ purpose }: { purpose: string }) => purpose)).to.deep.equal(Object.keys(variables))
      const tested = await json(['signer', 'test'])
      expect(tested.code, tested.stderr).to.equal(0)
      expect(tested.answer.keys.length).to.equal(4)
    })

    // One place is enough for this: which one it is, a rotation does not know.
    if (place === awsKms)
      it('replaces keys only between batches, and what the old ones signed stays valid', async () => {
        await init()
        expect((await json(['issuer', 'register'])).code).to.equal(0)
        const before = await issue('before')
        const open = await roster('open')
        const poor = { LAUREL_MAX_FEE_GWEI: '0.000000001' }
        expect((await json(['issue', open, '--achievement', achievement], poor)).code).to.equal(2)
        for (const purpose of ['credential', 'chain'] as const) {
          const next = { [variables[purpose]]: await place.create(purpose === 'credential' ? 'ed25519' : 'secp256k1') }
          // A process that is told of the next key before it is in use does not sign with the old one.
          await json(['signer', 'init', purpose], next)
          const early = await json(['issue', open, '--achievement', achievement], next)
          expect(early.answer.error?.code).to.equal('KEY_NOT_IN_USE')
          const refused = await json(['issuer', 'rotate', purpose], next)
          expect(refused.answer.error.code).to.equal('KEY_IN_USE')
          expect((await json(['issue', open, '--achievement', achievement])).code).to.equal(0)
          const { code, answer, stderr } = await json(['issuer', 'rotate', purpose], next)
          expect(code, stderr).to.equal(0)
          expect(answer.retired.length).to.equal(1)
          environment = { ...environment, ...next }
          const after = await issue(`after-${purpose}`)
          for (const { folder } of [before, after]) expect(await verdicts(folder)).to.deep.equal(['accepted'])
          // For the next round there is an open batch again.
          const another = await roster('open')
          await writeFile(another, `${await readFile(another, 'utf8')}more,${purpose}@example.org\n`)
          await json(['issue', another, '--achievement', achievement], poor)
        }
        const listed = (await json(['signer', 'list'])).answer.keys as readonly { purpose: string; standing: string }[]
        expect(listed.filter(({ purpose }) => purpose === 'credential').map(({ standing }) => standing)).to.deep.equal([
          'earlier',
          'in use',
        ])
      })

    if (place === token)
      it('keeps a batch waiting while its token is away, and the same command finishes it', async () => {
        await init()
        const file = await roster('waits')
        await issue('first')
        await hsm.remove()
        const waiting = await json(['issue', file, '--achievement', achievement])
        expect(waiting.code, 'it is to be run again').to.equal(2)
        const { code, facts } = waiting.answer.error
        expect(code).to.equal('SIGNER_UNREACHABLE')
        expect(facts.state, 'the batch is not blocked').to.equal('drafted')
        await hsm.restore()
        const { folder, batch } = await issue('waits')
        expect(batch).to.equal(facts.batch)
        expect(await verdicts(folder)).to.deep.equal(['accepted'])
      })
  })
