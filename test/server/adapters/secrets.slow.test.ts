import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { open, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Keystore from '../../../server/src/adapters/signer/Keystore.ts'
import * as AwsKmsStub from '../../support/AwsKmsStub.ts'
import * as Cli from '../../support/Cli.ts'
import * as GcpKmsStub from '../../support/GcpKmsStub.ts'
import * as SoftHsm from '../../support/SoftHsm.ts'

const program = fileURLToPath(new URL('../../support/signing-process.ts', import.meta.url))

/** Where a secret was found, and how often: as text in what a process leaves behind, as bytes in its memory. */
type Found = { readonly left: Readonly<Record<string, number>>; readonly memory: number }

function texts(secret: Uint8Array): readonly string[] {
  const buffer = Buffer.from(secret)
  return [
    buffer.toString('hex'),
    buffer.toString('hex').toUpperCase(),
    buffer.toString('base64').replace(/=+$/, ''),
    buffer.toString('base64url'),
    buffer.join(','),
    buffer.join(', '),
    BigInt(`0x${buffer.toString('hex')}`).toString(),
  ]
}

/** How often bytes stand in the memory that a process may write to: what a core dump would hold. */
async function inMemory(pid: number, needles: readonly Uint8Array[]): Promise<number> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8')
  const memory = await open(`/proc/${pid}/mem`, 'r')
  let found = 0
  const step = 16 * 2 ** 20
  const piece = Buffer.alloc(step + 64)
  try {
    for (const line of maps.split('\n')) {
      const [, from = '', to = '', writable] = /^([0-9a-f]+)-([0-9a-f]+) .(.)/.exec(line) ?? []
      if (writable !== 'w' || /\[v/.test(line)) continue
      const end = Number.parseInt(to, 16)
      for (let at = Number.parseInt(from, 16); at < end; at += step) {
        const length = Math.min(step + 64, end - at)
        const read = await memory.read(piece, 0, length, at).catch(() => undefined)
        if (read === undefined) continue
        const bytes = piece.subarray(0, read.bytesRead)
        for (const needle of needles)
          for (let i = bytes.indexOf(needle); i >= 0 && i < step; i = bytes.indexOf(needle, i + 1)) found++
      }
    }
  } finally {
    await memory.close()
  }
  return found
}

/** Lets a process sign, and looks for secrets in all that it leaves behind and in its memory. */
async function search(
  environment: Cli.Environment,
  secrets: (home: string) => Promise<readonly Uint8Array[]>,
  ...plant: readonly string[]
): Promise<Found> {
  const home = environment.LAUREL_HOME ?? ''
  const child = spawn(process.execPath, [program, home, ...plant], {
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  const ready = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString('latin1')
      if (/^ready$/m.test(said)) resolve()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', () => reject(new Error(`it ended early:\n${said}`)))
  })
  const ended = once(child, 'exit')
  try {
    await ready
    const all = await secrets(home)
    expect(all.length).to.be.greaterThan(1)
    const places = {
      'heap snapshot': await readFile(join(home, 'heap.json'), 'latin1'),
      'process report': await readFile(join(home, 'report.json'), 'latin1'),
      environment: await readFile(`/proc/${child.pid}/environ`, 'latin1'),
      'command line': await readFile(`/proc/${child.pid}/cmdline`, 'latin1'),
      'what it said': said,
      database: await readFile(join(home, 'laurel.db'), 'latin1'),
    }
    const left: Record<string, number> = {}
    for (const [name, text] of Object.entries(places)) {
      const spelled = all.flatMap((secret) => [...texts(secret), Buffer.from(secret).toString('latin1')])
      left[name] = spelled.filter((spelling) => text.includes(spelling)).length
    }
    const needles = all.flatMap((secret) => [secret, ...texts(secret).map((text) => Buffer.from(text))])
    return { left, memory: await inMemory(child.pid ?? 0, needles) }
  } finally {
    child.stdin.end()
    await ended
  }
}

const nowhere = {
  'heap snapshot': 0,
  'process report': 0,
  environment: 0,
  'command line': 0,
  'what it said': 0,
  database: 0,
}

describe('The secrets of keys', function () {
  this.timeout(300_000)
  let home: string
  let remove: () => Promise<void>
  before(function () {
    if (process.platform === 'linux') return
    console.log('SKIPPED: only Linux shows the memory of a process as a file')
    this.skip()
  })
  beforeEach(async () => {
    ;({ home, remove } = await Cli.createHome())
  })
  afterEach(() => remove())

  const ofKeystore = async (at: string) => {
    const passphrase = await Keystore.readPassphrase(at, undefined)
    const keys = [
      ...(await Keystore.loadAll(at, 'credential', passphrase)),
      ...(await Keystore.loadAll(at, 'chain', passphrase)),
    ]
    return keys.flatMap((key) => ('secret' in key ? [key.secret] : []))
  }

  it('in the keystore are nowhere in what its process leaves behind; in its memory they are', async () => {
    const { left, memory } = await search({ LAUREL_HOME: home }, ofKeystore)
    console.log(`      found in memory: ${memory}`)
    expect(left).to.deep.equal(nowhere)
    // What signs has the key: a core dump of such a process is as secret as its key.
    expect(memory).to.be.greaterThan(0)
  })

  it('are found where somebody has planted them', async () => {
    const { left } = await search({ LAUREL_HOME: home }, ofKeystore, 'plant')
    expect(left['heap snapshot']).to.be.greaterThan(0)
  })

  it('at AWS KMS are nowhere at all, in the memory neither', async () => {
    const stub = await AwsKmsStub.start()
    try {
      const { id, secret, token } = AwsKmsStub.credentials
      const lines = [`aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`, `aws_session_token = ${token}`]
      await writeFile(join(home, 'aws'), `[default]\n${lines.join('\n')}\n`)
      const found = await search(
        {
          LAUREL_HOME: home,
          LAUREL_CREDENTIAL_KEY: stub.create('ed25519'),
          LAUREL_CHAIN_KEY: stub.create('secp256k1'),
          AWS_SHARED_CREDENTIALS_FILE: join(home, 'aws'),
        },
        async () => [...stub.keys.values()].map(({ pair }) => pair.secret),
      )
      expect(found).to.deep.equal({ left: nowhere, memory: 0 })
    } finally {
      await stub.stop()
    }
  })

  it('at Google Cloud KMS are nowhere at all, in the memory neither', async () => {
    const stub = await GcpKmsStub.start()
    try {
      await writeFile(join(home, 'gcp.json'), JSON.stringify(stub.account))
      const found = await search(
        {
          LAUREL_HOME: home,
          LAUREL_CREDENTIAL_KEY: stub.create('ed25519'),
          LAUREL_CHAIN_KEY: stub.create('secp256k1'),
          GOOGLE_APPLICATION_CREDENTIALS: join(home, 'gcp.json'),
        },
        async () => [...stub.keys.values()].map(({ pair }) => pair.secret),
      )
      expect(found).to.deep.equal({ left: nowhere, memory: 0 })
    } finally {
      await stub.stop()
    }
  })

  it('on a PKCS#11 token are nowhere in what the process leaves behind', async function () {
    if (SoftHsm.module === undefined) {
      console.log('SKIPPED: no SoftHSM2 here; the Debian package softhsm2 has it')
      return this.skip()
    }
    const hsm = await SoftHsm.start()
    const pairs = [await hsm.bring('credential', 'ed25519'), await hsm.bring('chain', 'secp256k1')]
    const { left, memory } = await search(
      {
        LAUREL_HOME: home,
        LAUREL_CREDENTIAL_KEY: hsm.uri('credential'),
        LAUREL_CHAIN_KEY: hsm.uri('chain'),
        ...hsm.environment,
      },
      async () => pairs.map(({ secret }) => secret),
    )
    // SoftHSM2 is the device and runs inside the process; a device of its own has its own memory.
    console.log(`      found in memory, of which SoftHSM2 has its own: ${memory}`)
    expect(left).to.deep.equal(nowhere)
    await hsm.stop()
  })
})
