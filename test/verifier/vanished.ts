/**
 * A demo batch whose issuer vanishes: run by itself, in a network where there is nothing but this machine. It issues with
 * a chain of its own, exports, deletes everything that the issuer has, and verifies what learners and a stranger have.
 * What was found goes to standard output as JSON.
 */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as Chain from '../support/Chain.ts'
import * as Cli from '../support/Cli.ts'

const achievement = fileURLToPath(new URL('../../samples/achievement.json', import.meta.url))
const people = ['Ada', 'Bo', 'Cy', 'Di', 'Ed']
const chain = await Chain.start()
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
  const laurel = async (...args: readonly string[]) => {
    const { code, stderr } = await Cli.run('laurel', args, environment)
    if (code !== 0) throw new Error(stderr)
  }
  await laurel('revoke', credentials[0].id)
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
  const verify = async (path: string) => {
    const { stdout } = await Cli.run('laurel-verify', [path, '--trust', join(home, 'trust.json'), '--json'], {})
    const rows: readonly { verdict: string; checks: readonly { check: string; code: string; message: string }[] }[] =
      JSON.parse(stdout)
    return rows.map(({ verdict, checks }) => ({ verdict, status: checks.find(({ check }) => check === 'status') }))
  }
  const found = {
    keepsakes: await verify(join(learners, 'keepsakes')),
    files: await verify(join(learners, 'batch')),
  }
  process.stdout.write(JSON.stringify(found))
} finally {
  await chain.stop()
  await remove()
}
