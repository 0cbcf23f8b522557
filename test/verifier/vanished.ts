/**
 * A demo batch whose issuer vanishes: run by itself, in a network where there is nothing but this machine. It issues with
 * a chain of its own, has the digests of its lists recorded there, exports, deletes everything that the issuer has, and
 * verifies what learners and a stranger have. What was found goes to standard output as JSON.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'
import { freePort } from '../support/free-port.ts'

const achievement = fileURLToPath(new URL('../../samples/achievement.json', import.meta.url))
const people = ['Ada', 'Bo', 'Cy', 'Di', 'Ed']
const chain = await Chain.start()
await chain.rpc('evm_increaseTime', Math.floor(Date.now() / 1000) - 1_770_000_000)
const { home, remove } = await Cli.createHome()
try {
  const issuer = join(home, 'issuer')
  const learners = join(home, 'learners')
  await mkdir(issuer)
  await mkdir(learners)
  const environment = {
    LAUREL_HOME: issuer,
    LAUREL_CHAIN_RPC: chain.url,
    LAUREL_DOMAIN: 'badges.example.org',
    LAUREL_PUBLIC_URL: 'https://badges.example.org',
  }
  const roster = join(home, 'roster.csv')
  await writeFile(roster, `name,email\n${people.map((name) => `${name} Example,${name}@example.org\n`).join('')}`)
  const { batch, folder } = await Cli.issue(roster, achievement, environment)
  const { credentials } = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
  const laurel = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await Cli.run('laurel', args, environment)
    if (code !== 0) throw new Error(stderr)
    return stdout
  }
  const server = await Cli.start({ ...environment, PORT: String(await freePort()) })
  await laurel('revoke', credentials[0].id)
  let revokedOn: string | undefined
  while (revokedOn === undefined) {
    const { recorded } = JSON.parse(await laurel('status', credentials[0].id, '--json'))
    const lists: readonly { readonly purpose: string; readonly isSet: boolean; readonly since: string }[] =
      recorded.lists
    revokedOn = lists.find(({ purpose, isSet }) => purpose === 'revocation' && isSet)?.since
  }
  await server.stop()
  await laurel('export', batch, join(learners, 'keepsakes'), '--format', 'laurel')
  await laurel('export', batch, join(learners, 'batch'))
  const trust = JSON.parse(await readFile(join(issuer, 'trust.json'), 'utf8'))
  await rm(issuer, { recursive: true })

  // What a stranger trusts: the chain, the issuer's DID document as it was; and a gateway that is not there any more.
  const stranger = {
    ...trust,
    content: { gateways: ['https://ipfs.example.org/ipfs/'] },
    status: { maximumAgeSeconds: 10 * 365 * 24 * 60 * 60 },
    allowLoopback: false,
  }
  await writeFile(join(home, 'trust.json'), JSON.stringify(stranger))
  // The chain's clock may be ahead by as long as the chain took to start.
  await setTimeout(Math.max(0, Date.parse(revokedOn) - Date.now()))
  const verify = async (path: string, ...more: readonly string[]) => {
    const args = [path, '--trust', join(home, 'trust.json'), '--json', ...more]
    const { stdout } = await Cli.run('laurel-verify', args, {})
    const rows: readonly { verdict: string; checks: readonly { check: string; code: string; message: string }[] }[] =
      JSON.parse(stdout)
    return rows.map(({ verdict, checks }) => ({ verdict, status: checks.find(({ check }) => check === 'status') }))
  }
  const found = {
    keepsakes: await verify(join(learners, 'keepsakes')),
    files: await verify(join(learners, 'batch')),
    recorded: await verify(join(learners, 'keepsakes'), '--at', revokedOn),
    earlier: await verify(join(learners, 'keepsakes'), '--at', new Date(Date.parse(revokedOn) - 1000).toISOString()),
  }
  process.stdout.write(JSON.stringify(found))
} finally {
  await chain.stop()
  await remove()
}
