/** The page on which anybody verifies what they have. Runs from a server, and from a disk without one. */
import * as Errors from '@laurel/core/Errors'
import * as LaurelBadge from '../element/LaurelBadge.ts'
import * as TrustFile from '../element/TrustFile.ts'
import * as Web from '../element/Web.ts'
import { fill } from '../element/Words.ts'
import * as Policy from '../Policy.ts'
import { printable } from '../printable.ts'
import type { Readers } from '../Readers.ts'
import * as Report from '../Report.ts'
import { combine } from '../readers/combine.ts'
import * as Files from '../readers/Files.ts'
import * as WebReaders from '../readers/WebReaders.ts'
import { verifyRead } from '../verify.ts'
import { type Finding, verifyEach } from '../verify-each.ts'
import * as Given from './Given.ts'
import * as Words from './Words.ts'

/** More than a baked image may have, in bytes, and more than anybody drops by intent. */
const maximumFile = 64 * 1024 * 1024
const maximumFiles = 2_000

const words = Words.of(navigator.language)
const language = words === Words.of('de') ? 'de' : 'en'
const clock = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short' })
const none = { accepted: 0, rejected: 0, unknown: 0 }
const find = <found extends HTMLElement>(id: string) => document.getElementById(id) as found

let settings = TrustFile.nobody
/** Each time that all is verified anew, or cleared, has its number: what an older one brings is dropped. */
let round = 0
let bundles: readonly Given.Bundle[] = []
/** How many were judged how. */
let counts = { ...none }
let waiting = 0

function start(): void {
  LaurelBadge.define()
  document.documentElement.lang = language
  document.title = words.title
  for (const each of document.querySelectorAll<HTMLElement>('[data-words]'))
    each.textContent = words[each.dataset.words as keyof Words.Words]
  const embedded = find('embedded-trust').textContent
  if (embedded.trim() !== 'null') settings = TrustFile.read(embedded)
  showTrust()
  listen()
  const address = addressIn(location.hash.slice(1))
  if (address !== undefined) void giveAddress(address)
}

function listen(): void {
  const files = find<HTMLInputElement>('files')
  files.addEventListener('change', () => {
    void giveFiles(files.files ?? [])
    // So that the same file can be chosen again.
    files.value = ''
  })
  find('ask').addEventListener('submit', (event) => {
    event.preventDefault()
    const text = find<HTMLTextAreaElement>('text').value.trim()
    if (text === '') return
    const address = addressIn(text)
    if (address === undefined) give(Given.sort([{ name: words.pasted, content: new TextEncoder().encode(text) }]))
    else void giveAddress(address)
  })
  // Wherever on the page something is dropped: otherwise the browser would open it in place of the page.
  for (const name of ['dragenter', 'dragover', 'dragleave', 'drop'] as const)
    addEventListener(name, (event) => {
      event.preventDefault()
      document.body.classList.toggle('over', name === 'dragenter' || name === 'dragover')
      if (name === 'drop') void giveFiles(event.dataTransfer?.files ?? [])
    })
  find('trust-file').addEventListener('change', (event) => void chooseTrust(event.target as HTMLInputElement))
  find('clear').addEventListener('click', () => {
    bundles = []
    verifyAll()
    find('files').focus()
  })
  find('print').addEventListener('click', () => print())
  addEventListener('beforeprint', () => {
    for (const badge of document.querySelectorAll('laurel-badge'))
      for (const details of badge.shadowRoot?.querySelectorAll('details') ?? []) details.open = true
  })
}

/** An address over HTTPS, or of this machine, if that is all that a text is. */
function addressIn(text: string): string | undefined {
  return /^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)[:/])\S+$/i.test(text) ? text : undefined
}

async function giveFiles(files: Iterable<File>): Promise<void> {
  const read = await Promise.all([...files].slice(0, maximumFiles).map(readFile))
  if (read.length > 0) give(Given.sort(read))
}

/** What cannot be read, as a folder that was dropped cannot, stays in the list, so that its report can say so. */
async function readFile(file: File): Promise<Given.Given> {
  const { name, size } = file
  if (size > maximumFile)
    return { name, content: Report.failed('TOO_LARGE', 'The file is larger than any of its kind.') }
  try {
    return { name, content: new Uint8Array(await file.arrayBuffer()) }
  } catch {
    return { name, content: Report.unknown('FILE_UNREADABLE', 'The file cannot be read.') }
  }
}

async function giveAddress(address: string): Promise<void> {
  const content = (await Web.get(address)) ?? Report.unknown('ADDRESS_UNREACHABLE', words.unreachable)
  give({ documents: [{ name: address, content }], beside: [] })
}

function give(bundle: Given.Bundle): void {
  bundles = [...bundles, bundle]
  const from = find('list').childElementCount
  void verify(bundle, readersFor(bundle))
  find('list').children[from]?.scrollIntoView({ block: 'nearest' })
}

/** Verifies anew all that was given: by other trust, or nothing of it any more. */
function verifyAll(): void {
  round++
  counts = { ...none }
  waiting = 0
  find('list').replaceChildren()
  for (const bundle of bundles) void verify(bundle, readersFor(bundle))
  showSummary()
}

function readersFor({ beside }: Given.Bundle): Readers {
  const web = WebReaders.create(settings)
  return combine(
    web,
    Files.create(async () => beside),
    web,
  )
}

async function verify({ documents }: Given.Bundle, readers: Readers): Promise<void> {
  const [mine, { trust }] = [round, settings]
  const places = documents.map(({ name }) => place(name))
  waiting += documents.length
  showSummary()
  for (const [i, { content }] of documents.entries()) {
    const options = { trust, readers, now: Date.now() }
    const findings: readonly Finding[] =
      'outcome' in content ? [{ report: await verifyRead(content, options) }] : await verifyEach(content, options)
    if (mine !== round) return
    places[i]?.present(findings, trust)
    for (const { report } of findings) counts[Policy.decide(report).verdict]++
    waiting--
    showSummary()
    // A long list must not hold the page up.
    await new Promise((resolve) => setTimeout(resolve))
  }
}

/** Where one document is shown: under its name, and being checked. */
function place(name: string): LaurelBadge.LaurelBadge {
  const item = document.createElement('li')
  const heading = document.createElement('h3')
  heading.textContent = printable(name)
  const badge = document.createElement('laurel-badge') as LaurelBadge.LaurelBadge
  item.append(heading, badge)
  find('list').append(item)
  badge.explain('loading')
  return badge
}

function showSummary(): void {
  find('results').hidden = bundles.length === 0
  const parts = (['accepted', 'rejected', 'unknown'] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => fill(words[verdict], String(counts[verdict])))
  if (waiting > 0) parts.push(fill(words.checking, String(waiting)))
  else if (parts.length === 0) parts.push(words.noBadges)
  const moment = document.createElement('time')
  moment.textContent = fill(words.checkedAt, clock.format())
  find('summary').replaceChildren(parts.join(' · '), moment)
}

async function chooseTrust(input: HTMLInputElement): Promise<void> {
  const [file] = input.files ?? []
  if (file === undefined) return
  const problem = find('trust-problem')
  problem.textContent = ''
  try {
    settings = TrustFile.read(new Uint8Array(await file.arrayBuffer()))
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    problem.textContent = `${words.trustWrong} ${printable(error.message)}`
    return
  }
  showTrust()
  verifyAll()
}

function showTrust(): void {
  const { issuers, federations = [], chains } = settings.trust
  const list = (title: string, names: readonly string[]) => {
    const heading = document.createElement('p')
    heading.textContent = title
    const items = document.createElement('ul')
    for (const name of names) {
      const item = document.createElement('li')
      item.textContent = printable(name)
      items.append(item)
    }
    return names.length === 0 ? [] : [heading, items]
  }
  const nobody = document.createElement('p')
  nobody.textContent = words.trustNobody
  const known = [
    ...list(
      words.trustIssuers,
      issuers.map(({ name }) => name),
    ),
    ...list(
      words.trustFederations,
      federations.map(({ name }) => name),
    ),
    ...list(
      words.trustChains,
      chains.map(({ name }) => name),
    ),
  ]
  find('trusted').replaceChildren(...(issuers.length + federations.length === 0 ? [nobody, ...known] : known))
}

start()
