/**
 * The figures of decision 0016, on your machine: `node scripts/run.js docs/decisions/0016-compare.js`.
 *
 * Both sides give the same text before the clock runs. Microseconds of CPU time for a document, median of nine rounds in
 * which both take turns, and the least and the most.
 */
import { readdirSync, readFileSync } from 'node:fs'
import jsonld from 'jsonld'
import { canonize } from 'rdf-canonize'
import * as Contexts from '../../core/src/Contexts.ts'
import * as JsonLd from '../../core/src/JsonLd.ts'
import * as Rdfc from '../../core/src/Rdfc.ts'

const rounds = 9
const folder = new URL('../../test/vectors/laurel-v1/golden/', import.meta.url)
const documents = readdirSync(folder)
  .filter((name) => /^[ABC]-\d-\d\.json$/.test(name))
  .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))

const documentLoader = async (url) => ({ contextUrl: null, documentUrl: url, document: Contexts.load(url) })
const options = { safe: true, base: null, documentLoader }
const toQuads = (document) => jsonld.toRDF(document, options)
const toText = (quads) => canonize(quads, { algorithm: 'RDFC-1.0', format: 'application/n-quads' })

const quads = await Promise.all(documents.map(toQuads))
const statements = documents.map(JsonLd.statements)
for (const [i, document] of documents.entries())
  if (Rdfc.canonize(document) !== (await toText(quads[i]))) throw new Error('They do not say the same')

await compare('JSON-LD to statements', {
  'jsonld 9.0.0': [1, (i) => toQuads(documents[i])],
  ours: [20, (i) => JsonLd.statements(documents[i])],
})
await compare('statements to canonical N-Quads', {
  'rdf-canonize 5.0.0': [1, (i) => toText(quads[i])],
  ours: [20, (i) => Rdfc.canonizeStatements(statements[i])],
})

async function compare(title, candidates) {
  const readings = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]))
  // The first round, in which both are compiled, does not count.
  for (let round = 0; round <= rounds; round++)
    for (const [name, [times, work]] of Object.entries(candidates)) {
      const start = process.cpuUsage()
      for (let i = 0; i < times * documents.length; i++) await work(i % documents.length)
      const { user, system } = process.cpuUsage(start)
      if (round > 0) readings[name].push((user + system) / (times * documents.length))
    }
  console.log(`\n${title}\n`)
  for (const [name, all] of Object.entries(readings)) {
    const sorted = all.toSorted((a, b) => a - b)
    const [median, least, most] = [sorted[(rounds - 1) / 2], sorted[0], sorted.at(-1)].map((us) => Math.round(us))
    console.log(`${name.padEnd(20)} ${String(median).padStart(8)}   (${least}–${most})`)
  }
}
