import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { parseArgs, styleText } from 'node:util'
import * as Json from '@laurel/core/Json'
import * as Laurel from './demo/Laurel.ts'
import * as Progress from './demo/Progress.ts'
import * as Roster from './demo/Roster.ts'
import * as digitalbazaar from './judges/digitalbazaar.ts'
import type { Documents } from './judges/Judge.ts'
import * as verifierCore from './judges/verifier-core.ts'

// The whole journey, with the commands that a user would type: issue, verify, change, revoke, and ask in vain.

const options = read()
if (options.help) {
  process.stdout.write(
    [
      'npm run demo -- [--chain URL] [--recipients N]',
      '  --chain URL      anchor on a running chain, such as http://127.0.0.1:8545 of npx hardhat node',
      '  --recipients N   make the roster larger; at least as many as the sample has',
      '',
    ].join('\n'),
  )
  process.exit(0)
}

const began = performance.now()
const home = resolve(process.env.LAUREL_HOME || '.laurel')
const folder = join(home, 'demo')
await mkdir(folder, { recursive: true })
const laurel = await Laurel.create({ home, chain: options.chain })
const say = (text: string) => process.stdout.write(`${text}\n`)
const chapter = (number: number, title: string) => say(`\n${styleText('bold', `${number}  ${title}`)}`)

say(styleText('bold', '\nLaurel: from a roster to credentials that outlive their issuer'))

chapter(1, 'An institution hands in a roster; every person on it gets an Open Badge, anchored on a chain')
const roster = await Roster.write(join(folder, 'roster.csv'), options.recipients).catch(refuse)
say(`   ${roster.size} people, names in ${roster.scripts} scripts`)
const batch = await laurel.issue(roster.file, 'samples/achievement.json')

chapter(2, 'Anybody checks every file, on their own machine')
const server = await laurel.start()
try {
  const files = (await readdir(batch.folder)).filter((name) => /^[0-9a-f]{8}-/.test(name))
  const credentials = files.filter((name) => name.endsWith('.json'))
  const reports = await laurel.verify(batch.folder)
  const accepted = reports.filter(({ verdict }) => verdict === 'accepted')
  const verified = accepted.filter(({ file }) => file.endsWith('.json')).length
  tell(
    accepted.length === files.length,
    `laurel-verify accepts ${verified} of ${credentials.length} credentials and ${accepted.length - verified} of ${files.length - credentials.length} images`,
  )

  const independent: Record<string, number> = {}
  const documents = await statusLists(batch.folder)
  for (const { package: name, judge } of [digitalbazaar.create(documents), verifierCore.create(documents)]) {
    const progress = Progress.start(`${name} is reading`, credentials.length)
    let count = 0
    for (const file of credentials) {
      const verdict = await judge(Json.parseObject(await readFile(join(batch.folder, file))))
      if (verdict.accepted) count++
      else process.exitCode = 1
      progress.step()
    }
    progress.end()
    independent[name] = count
    tell(count === credentials.length, `${name}, which we did not write, accepts ${count} of ${credentials.length}`)
  }

  chapter(3, 'Somebody changes a file; somebody loses a badge; the chain cannot be reached')
  const [first = '', second = '', third = ''] = credentials
  const forgery = join(folder, 'changed.json')
  await writeFile(forgery, forge(await readFile(join(batch.folder, first), 'utf8')))
  const changed = Laurel.decision(await laurel.verify(forgery))
  tell(
    changed.verdict === 'rejected',
    `a changed name: ${changed.verdict} by the check ${changed.check} (${changed.code})`,
  )

  await laurel.revoke(`urn:uuid:${second.replace('.json', '')}`)
  const revoked = Laurel.decision(await laurel.verify(join(batch.folder, second)))
  tell(
    revoked.verdict === 'rejected',
    `a revoked badge: ${revoked.verdict} by the check ${revoked.check} (${revoked.code})`,
  )

  const trust = await laurel.withoutChain(join(folder, 'trust-without-chain.json'))
  const unreachable = Laurel.decision(await laurel.verify(join(batch.folder, third), trust))
  tell(
    unreachable.verdict === 'unknown',
    `the chain is away: could not tell, by the check ${unreachable.check} (${unreachable.code})`,
  )

  const seconds = Math.round((performance.now() - began) / 100) / 10
  const summary = {
    issued: batch.issued,
    verified,
    independent,
    changed: { verdict: changed.verdict, code: changed.code },
    revoked: { verdict: revoked.verdict, code: revoked.code },
    unreachable: { verdict: unreachable.verdict, code: unreachable.code },
    chainId: batch.chainId,
    registry: batch.registry,
    root: batch.root,
    seconds,
  }
  await writeFile(join(folder, 'summary.json'), `${JSON.stringify(summary, null, 2)}\n`)
  report(seconds)
} finally {
  await server.stop()
}

function read() {
  try {
    return parseArgs({
      options: {
        chain: { type: 'string' },
        recipients: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    return refuse(error)
  }
}

/** Ends with what is wrong with the command line. */
function refuse(error: unknown): never {
  process.stderr.write(`${styleText('red', '✖')} ${error instanceof Error ? error.message : error}\n`)
  process.exit(1)
}

function tell(well: boolean, sentence: string): void {
  say(`   ${well ? styleText('green', '✔') : styleText('red', '✖')} ${sentence}`)
  if (!well) process.exitCode = 1
}

/** One letter of the achievement's name is another, and everything else is as it was. */
function forge(text: string): string {
  const { name } = Json.parseObject(text)
  if (typeof name !== 'string') throw new TypeError('A credential has no name')
  return text.replaceAll(name, `${name.slice(0, -1)}x`)
}

async function statusLists(batchFolder: string): Promise<Documents> {
  const documents = new Map<string, Json.Object>()
  for (const name of await readdir(batchFolder)) {
    if (!name.startsWith('status-')) continue
    const list = Json.parseObject(await readFile(join(batchFolder, name)))
    documents.set(String(list.id), list)
  }
  return documents
}

function report(seconds: number): void {
  const here = (path: string) => relative(process.cwd(), path) || '.'
  const line = (label: string, value: string) => say(`   ${styleText('dim', label.padEnd(13))} ${value}`)
  say('')
  say(styleText('bold', `Done in ${seconds} seconds`))
  line('made', `${batch.issued} Open Badges 3.0 under one root, ${batch.root}`)
  line('anchored', `on chain ${batch.chainId}, registry ${batch.registry}`)
  line('they lie in', here(batch.folder))
  line('summary', here(join(folder, 'summary.json')))
  say('')
  say(styleText('bold', 'What to type next'))
  if (options.chain === undefined)
    line('one terminal', 'npm start          serves the status lists and runs the embedded chain; leave it running')
  line('another', `npx laurel-verify ${here(batch.folder)}`)
  line('your own', 'npx laurel issue samples/roster.csv --achievement samples/achievement.json --again')
  say('')
}
