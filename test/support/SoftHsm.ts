import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Kind } from '../../server/src/adapters/signer/RemoteKey.ts'
import * as KeyPair from './KeyPair.ts'

/** A token of SoftHSM2, a PKCS#11 module that is all software. */
export type SoftHsm = {
  /** Where a key of a label is. */
  readonly uri: (object: string, token?: string) => string
  readonly pinFile: string
  /** What a process needs in its environment to see the token. */
  readonly environment: { readonly SOFTHSM2_CONF: string }
  /** Brings a key onto the token whose secret half the test knows. */
  readonly bring: (object: string, kind: Kind) => Promise<KeyPair.KeyPair>
  /** Takes the token away, and puts it back. */
  readonly remove: () => Promise<void>
  readonly restore: () => Promise<void>
  readonly stop: () => Promise<void>
}

const places = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
]

/** Where SoftHSM2 is; `undefined` where it is not installed. */
export const module = places.find((path) => existsSync(path))

/** The folder of every token of this process: a module reads its configuration once. */
let folder: string | undefined

/** A token of its own, with a PIN of its own. */
export async function start(): Promise<SoftHsm> {
  if (module === undefined) throw new Error('There is no SoftHSM2 here')
  if (folder === undefined) {
    folder = await mkdtemp(join(tmpdir(), 'laurel-hsm-'))
    await mkdir(join(folder, 'tokens'))
    await writeFile(join(folder, 'softhsm2.conf'), `directories.tokendir = ${folder}/tokens\nlog.level = ERROR\n`)
    process.env.SOFTHSM2_CONF = join(folder, 'softhsm2.conf')
  }
  const within = folder
  const environment = { SOFTHSM2_CONF: join(within, 'softhsm2.conf') }
  const util = (...args: readonly string[]) =>
    execFileSync('softhsm2-util', args, { env: { ...process.env, ...environment }, stdio: 'pipe' }).toString()
  const label = `laurel ${crypto.randomUUID().slice(0, 8)}`
  const pin = '2468'
  util('--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', '13579')
  const pinFile = join(within, `${label.replace(' ', '-')}.pin`)
  await writeFile(pinFile, `${pin}\n`, { mode: 0o600 })
  const [tokens, away] = [join(within, 'tokens'), join(within, 'away')]
  return {
    pinFile,
    environment,
    uri: (object, token = label) =>
      `pkcs11:token=${encodeURIComponent(token)};object=${object}?module-path=${module}&pin-source=file:${pinFile}`,
    bring: async (object, kind) => {
      const pair = KeyPair.generate(kind)
      const file = join(within, `${object}.pem`)
      await writeFile(file, pair.privateKey.export({ format: 'pem', type: 'pkcs8' }))
      util('--import', file, '--token', label, '--label', object, '--id', 'a1', '--pin', pin, '--force')
      await rm(file)
      return pair
    },
    remove: async () => {
      await rename(tokens, away)
      await mkdir(tokens)
    },
    restore: async () => {
      if (!existsSync(away)) return
      await rm(tokens, { recursive: true })
      await rename(away, tokens)
    },
    stop: () => rm(pinFile, { force: true }),
  }
}
