import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { type Check, Policy } from '@laurel/verifier'
import * as trustFile from '@laurel/verifier/cli/trust-file'
import type { Evidence } from '@laurel/verifier/Report'
import * as Files from '@laurel/verifier/readers/Files'
import * as NodeReaders from '@laurel/verifier/readers/node/NodeReaders'
import { type Findings, verifyDocument } from '@laurel/verifier/verify-each'
import express from 'express'
import * as Build from '../../scripts/build/Verifier.ts'
import * as HomeVerification from '../../server/src/adapters/judge/HomeVerification.ts'
import * as Body from '../../server/src/http/Body.ts'
import * as Problem from '../../server/src/http/Problem.ts'
import type { Api } from '../../server/src/http/Route.ts'
import { verification } from '../../server/src/http/routes/verification.ts'
import * as Service from '../../server/src/http/Service.ts'
import * as Chromium from '../support/Chromium.ts'
import * as Cli from '../support/Cli.ts'
import * as Golden from '../support/Golden.ts'
import * as Offline from '../support/Offline.ts'
import * as Site from '../support/Site.ts'
import * as Verifier from '../support/Verifier.ts'
import type * as Corpus from './Corpus.ts'

/** All that a face says of one document; of one that holds several, of each of them. */
export type Answer = readonly {
  readonly place: string | null
  readonly verdict: string
  readonly credentialId: string | null
  readonly issuer: string | null
  readonly achievement: string | null
  readonly checks: readonly Check<string>[]
  readonly endorsements: readonly {
    readonly issuer: string | null
    readonly verdict: string
    readonly checks: readonly Check<string>[]
  }[]
}[]

/** What each face says, in the order of the documents; nothing where there is no Chromium. */
export type Answers = Readonly<Record<'program' | 'terminal' | 'HTTP', readonly Answer[]>> & {
  readonly browser: readonly Answer[] | undefined
}

const offline = fileURLToPath(new URL('../support/go-offline.ts', import.meta.url))

/**
 * Has every document verified by the library, by `laurel-verify`, by a browser and over HTTP: by the same trust file, now,
 * with the same chains, manifests and lists at hand, and nothing else to be reached.
 */
export async function ask({ documents, known }: Corpus.Corpus): Promise<Answers> {
  const home = await mkdtemp(join(tmpdir(), 'laurel-faces-'))
  const verifier = await Verifier.start()
  const comeBack = Offline.begin()
  try {
    await writeFile(join(home, 'trust.json'), JSON.stringify(trustOf(verifier, known)))
    return {
      program: await byLibrary(documents, home),
      terminal: await byTerminal(documents, home),
      HTTP: await byHttp(documents, home),
      browser: await byBrowser(documents, home),
    }
  } finally {
    comeBack()
    await verifier.stop()
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Lists may be as old as they like: none of the answers depends on the day on which it is asked for. */
function trustOf({ trust }: Verifier.Verifier, known: readonly string[]): object {
  return {
    chains: trust.chains,
    issuers: [...trust.issuers, ...known.map((did) => ({ did, name: 'A school', anchor: 'optional' }))],
    content: { folders: [Golden.folder] },
    status: { maximumAgeSeconds: 100 * 365 * 24 * 60 * 60, folders: [Golden.folder] },
  }
}

async function byLibrary(documents: readonly Corpus.Document[], home: string): Promise<readonly Answer[]> {
  const { trust, sources } = await trustFile.read(join(home, 'trust.json'))
  const { readers } = NodeReaders.create(sources)
  const answers: Answer[] = []
  for (const { bytes } of documents)
    answers.push(toAnswer(await verifyDocument(bytes, { trust, readers, now: Date.now() })))
  return answers
}

/** What is found of a document: who presents, where somebody does, and each credential. */
function toAnswer({ presented, findings }: Findings): Answer {
  return [...(presented ? [of({ report: presented })] : []), ...findings.map(of)]
}

function of({ place, report }: { readonly place?: string; readonly report: Evidence }): Answer[number] {
  const { credentialId, issuer, achievement, checks, endorsements = [] } = report
  return {
    place: place ?? null,
    verdict: Policy.decide(report).verdict,
    credentialId: credentialId ?? null,
    issuer: issuer ?? null,
    achievement: achievement ?? null,
    checks,
    endorsements: endorsements.map((each) => ({
      issuer: each.issuer ?? null,
      verdict: Policy.decide(each).verdict,
      checks: each.checks,
    })),
  }
}

type Row = Omit<Answer[number], 'place' | 'endorsements'> & {
  readonly file: string
  readonly endorsements?: Answer[number]['endorsements']
}

/** One run over a folder: what it prints has endorsements, and what it writes has all else. */
async function byTerminal(documents: readonly Corpus.Document[], home: string): Promise<readonly Answer[]> {
  const folder = join(home, 'documents')
  await mkdir(folder)
  // The names say nothing: a file is what is in it, and none is looked into for the sake of another.
  const nameOf = (i: number) => `${String(i).padStart(5, '0')}.jws`
  for (const [i, { bytes }] of documents.entries()) await writeFile(join(folder, nameOf(i)), bytes)
  const report = join(home, 'report.json')
  const { stdout, stderr } = await Cli.run('laurel-verify', [folder, '--json', '--report', report], {
    LAUREL_HOME: home,
    NODE_OPTIONS: `--import=${offline}`,
  })
  if (stdout === '') throw new Error(stderr)
  const printed: readonly Row[] = JSON.parse(stdout)
  const written: readonly Row[] = JSON.parse(await readFile(report, 'utf8'))
  const answers: Answer[number][][] = documents.map(() => [])
  for (const [i, row] of written.entries()) {
    const [, number = '', place] = /(\d{5})\.jws(?:#(.*))?$/.exec(row.file) ?? []
    const { verdict, checks, endorsements = [] } = printed[i] as Row
    answers[Number(number)]?.push({
      place: place ?? null,
      verdict,
      credentialId: row.credentialId ?? null,
      issuer: row.issuer ?? null,
      achievement: row.achievement ?? null,
      checks,
      endorsements,
    })
  }
  return answers
}

/** `POST /v1/verify` of a server of which there is no more than what verifies. */
async function byHttp(documents: readonly Corpus.Document[], home: string): Promise<readonly Answer[]> {
  const quota = { count: 1_000_000, seconds: 1 }
  const api = {
    ...HomeVerification.create(home, { get: async () => undefined }),
    limits: { json: 0, roster: 0, file: 16 * 1024 * 1024 },
  } as Partial<Api> as Api
  const app = express()
  Service.mount(app, verification, api, { patience: Body.patience, quotas: { key: quota, address: quota } })
  app.use(Problem.handler)
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/verify`
  try {
    const answers: Answer[] = []
    for (const { name, bytes } of documents) {
      const body = new Uint8Array(bytes)
      const response = await fetch(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/octet-stream' },
      })
      if (response.status !== 200) throw new Error(`${name}: ${await response.text()}`)
      answers.push(fromHttp(await response.json()))
    }
    return answers
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

type Judged = Omit<Answer[number], 'place'>

function fromHttp({
  parts,
  ...own
}: Judged & { readonly parts: readonly (Judged & { readonly place: string })[] }): Answer {
  const all = own.checks.length === 0 ? parts : [{ ...own, place: null }, ...parts]
  return all.map(({ place, credentialId, issuer, achievement, checks, endorsements }) => ({
    place,
    // That of the document as a whole is the worst of them.
    verdict: Policy.decide({ checks }).verdict,
    credentialId,
    issuer,
    achievement,
    checks,
    endorsements: endorsements.map((each) => ({ issuer: each.issuer, verdict: each.verdict, checks: each.checks })),
  }))
}

/** What runs in Chromium: the module for pages, by the same trust file; what lies in folders is brought to it. */
async function byBrowser(documents: readonly Corpus.Document[], home: string): Promise<readonly Answer[] | undefined> {
  const browser = await Chromium.launch(['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'])
  if (browser === undefined) return undefined
  await Build.module(home, 'laurel-badge.js')
  const served = new Map<string, string | Uint8Array>([
    ['/', await readFile(new URL('page.html', import.meta.url))],
    ['/laurel-badge.js', await readFile(join(home, 'laurel-badge.js'))],
    ['/trust.json', await readFile(join(home, 'trust.json'))],
    ['/documents', JSON.stringify(documents.map((_, i) => `/documents/${i}`))],
    ['/golden', JSON.stringify(readdirSync(Golden.folder).filter(Files.isCompanion))],
    ...documents.map(({ bytes }, i) => [`/documents/${i}`, bytes] as const),
  ])
  const types: Readonly<Record<string, string>> = { '/': 'text/html', '/laurel-badge.js': 'text/javascript' }
  const site = await Site.start((path) => {
    const [, name] = /^\/golden\/([\w.-]+)$/.exec(path) ?? []
    const body = name === undefined ? served.get(path) : readFileSync(`${Golden.folder}${name}`)
    return body === undefined ? undefined : { type: types[path] ?? 'application/octet-stream', body }
  })
  try {
    const page = await browser.newPage()
    const fault = new Promise<never>((_, reject) => page.once('pageerror', reject))
    await page.goto(site.origin)
    const done = page.waitForFunction(() => 'findings' in globalThis, undefined, { timeout: 0 })
    await Promise.race([done, fault])
    const findings = await page.evaluate(() => (globalThis as unknown as { findings: Findings[] }).findings)
    return findings.map(toAnswer)
  } finally {
    await browser.close()
    await site.close()
  }
}

/** Where a face does not say of a document what the library says, a sentence for each. */
export function disagreements({ documents }: Corpus.Corpus, { program, ...others }: Answers): readonly string[] {
  return Object.entries(others).flatMap(([face, answers]) =>
    documents.flatMap(({ name }, i) =>
      answers === undefined || isDeepStrictEqual(answers[i], program[i])
        ? []
        : [`${name}, ${face}: ${JSON.stringify(answers[i])} and not ${JSON.stringify(program[i])}`],
    ),
  )
}
