/**
 * A process that opens a home as the server does, signs with its keys, fails to sign, and leaves behind whatever a process
 * can: a heap snapshot, a report, what it prints. Then it waits to be looked at, until its input ends.
 *
 * `node signing-process.ts FOLDER [plant]`; with `plant` it keeps its keys as text too, as a careless programmer would.
 */
import { join } from 'node:path'
import { inspect } from 'node:util'
import { writeHeapSnapshot } from 'node:v8'
import * as Keystore from '../../server/src/adapters/signer/Keystore.ts'
import * as Config from '../../server/src/config.ts'
import { createHome } from '../../server/src/main.ts'

const [folder = '.', plant] = process.argv.slice(2)
const config = Config.read(process.env)
const home = await createHome(config)
const message = (length: number) => crypto.getRandomValues(new Uint8Array(length))
await home.credentialSigner.sign(Array.from({ length: 50 }, () => message(64)))
for (let i = 0; i < 20; i++) await home.chainSigner.signDigest(message(32))
console.log(inspect(home, { depth: 6, showHidden: true, getters: true }))
console.log(
  JSON.stringify([home.credentialSigner, home.chainSigner, config], (_, value) =>
    typeof value === 'bigint' ? String(value) : value,
  ),
)
await home.chainSigner
  .signDigest(message(31))
  .catch((error) => console.log(inspect(error, { depth: 9, showHidden: true })))

if (plant === 'plant') {
  const passphrase = await Keystore.readPassphrase(config.home, undefined)
  const [key] = await Keystore.loadAll(config.home, 'credential', passphrase)
  if (key !== undefined && 'secret' in key)
    Object.assign(globalThis, { planted: Buffer.from(key.secret).toString('hex') })
}
process.report.writeReport(join(folder, 'report.json'))
writeHeapSnapshot(join(folder, 'heap.json'))
console.log('ready')
process.stdin.resume()
process.stdin.once('end', async () => {
  await home.close()
  process.exit()
})
