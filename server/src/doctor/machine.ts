import { stat, statfs } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as Errors from '@laurel/core/Errors'
import * as Keystore from '../adapters/signer/Keystore.ts'
import * as KeystoreSigners from '../adapters/signer/KeystoreSigners.ts'
import { openElsewhere } from '../adapters/signer/open-elsewhere.ts'
import { type Check, failed, type Patient, passed, skipped } from './Examination.ts'

/** The oldest Node that runs Laurel. */
const oldestNode = 24
/** Room that has to be left on the disk of the home, in bytes: a roster of the largest kind, and its log. */
const leastRoom = 1024 ** 3

/** What this machine is, and what lies on it. */
export function machine(
  { config: { home, passphraseFile, keys } }: Patient,
  version = process.versions.node,
): readonly Check[] {
  return [
    {
      name: 'node',
      look: async () =>
        Number.parseInt(version, 10) >= oldestNode
          ? passed(`Node ${version} runs Laurel.`)
          : failed(`Node ${version} is older than ${oldestNode}.`, 'npm start, which brings the Node that is needed'),
    },
    {
      name: 'home',
      look: async () => {
        const found = await modeOf(home)
        if (found === undefined) return skipped(`The home ${home} is made by the first start.`)
        if ((found & 0o022) !== 0)
          return failed(`Others than its owner may write into the home ${home}.`, `chmod go-w ${home}`)
        const keys = await modeOf(join(home, 'keys'))
        return keys !== undefined && (keys & 0o077) !== 0
          ? failed('Others than their owner may look at the keys.', `chmod 700 ${join(home, 'keys')}`)
          : passed(`The home ${home} is its owner’s alone.`)
      },
    },
    {
      name: 'disk',
      look: async () => {
        const { bavail, bsize } = await statfs((await modeOf(home)) === undefined ? dirname(home) : home)
        const room = bavail * bsize
        const shown = `${(room / 1024 ** 3).toFixed(1)} GiB are free on the disk of the home`
        return room < leastRoom
          ? failed(`${shown}, which a large roster fills.`, 'make room, or move LAUREL_HOME to a larger disk')
          : passed(`${shown}.`)
      },
    },
    {
      name: 'passphrase',
      look: async () => {
        if (passphraseFile === undefined)
          return passed('The passphrase of the keys lies in the home, beside them: whoever has the home has both.')
        const mode = await modeOf(passphraseFile)
        if (mode === undefined)
          return failed(
            `There is no file ${passphraseFile}.`,
            'write the passphrase there, or mend LAUREL_PASSPHRASE_FILE',
          )
        return (mode & 0o077) === 0
          ? passed('The passphrase of the keys is its owner’s alone.')
          : failed('Others than its owner may read the passphrase of the keys.', `chmod 600 ${passphraseFile}`)
      },
    },
    {
      name: 'keys',
      look: async () => {
        if ((await modeOf(join(home, 'keys', 'credential.json'))) === undefined)
          return skipped('The keys are made by the first start.')
        try {
          const passphrase = await Keystore.readPassphrase(home, passphraseFile)
          let count = 0
          for (const purpose of [...KeystoreSigners.placed, 'webhook'] as const)
            count += (await Keystore.loadAll(home, purpose, passphrase)).length
          return passed(`The passphrase opens ${count} keys.`)
        } catch (error) {
          if (!(error instanceof Keystore.KeystoreError)) throw error
          return failed(error.message, 'laurel restore, from a backup that has the keys')
        }
      },
    },
    {
      name: 'signers',
      look: async () => {
        if ((await modeOf(join(home, 'keys'))) === undefined) return skipped('The keys are made by the first start.')
        const all = await KeystoreSigners.list(home, passphraseFile, openElsewhere(keys.at, keys))
        const elsewhere = all.filter(({ standing, uri }) => standing === 'in use' && uri !== 'keystore:')
        if (elsewhere.length === 0) return skipped('Every key is in the home.')
        for (const { purpose, test } of elsewhere) {
          try {
            await test()
          } catch (error) {
            if (!(error instanceof Errors.BaseError)) throw error
            return failed(
              `The key ${purpose} does not sign: ${error.message}`,
              'laurel signer test; docs/keys.md says more',
            )
          }
        }
        return passed(`Elsewhere, and signing: ${elsewhere.map(({ purpose }) => purpose).join(', ')}.`)
      },
    },
  ]
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw cause
  }
}
