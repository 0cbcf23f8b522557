/**
 * The figures of decision 0017, on your machine: `node scripts/run.js docs/decisions/0017-compare.js`.
 *
 * Microseconds of CPU time for a call, median of nine rounds in which all take turns, and the least and the most.
 */
import { createHash, createPublicKey, hash, verify, webcrypto } from 'node:crypto'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import * as ed25519Browser from '../../core/src/internal/Ed25519.ts'
import * as ed25519Node from '../../core/src/node/Ed25519.ts'
import * as sha256Node from '../../core/src/node/Sha256.ts'

const rounds = 9
const encoder = new TextEncoder()
const pair = new Uint8Array(64).fill(3)
const text = 'x'.repeat(400)
const file = new Uint8Array(9000).fill(4)

await compare('SHA-256 of 64 bytes', 20_000, {
  '@noble/hashes 2.4.0': () => sha256(pair),
  createHash: () => createHash('sha256').update(pair).digest(),
  'hash into a buffer': () => hash('sha256', pair, 'buffer'),
  'ours: hash into a text': () => sha256Node.digest(pair),
})
await compare('SHA-256 of a text of 400 letters, in hexadecimal', 5_000, {
  '@noble/hashes 2.4.0': () => Buffer.from(sha256(encoder.encode(text))).toString('hex'),
  createHash: () => createHash('sha256').update(text).digest('hex'),
  'ours: hash into a text': () => sha256Node.hex(text),
})
await compare('SHA-256 of 9,000 bytes', 1_000, {
  '@noble/hashes 2.4.0': () => sha256(file),
  'ours: hash into a text': () => sha256Node.digest(file),
})

const seed = new Uint8Array(32).fill(7)
const publicKey = ed25519.getPublicKey(seed)
const signature = ed25519.sign(pair, seed)
const prefix = Buffer.from('302a300506032b6570032100', 'hex')
const toKey = () => createPublicKey({ key: Buffer.concat([prefix, publicKey]), format: 'der', type: 'spki' })
const subtleKey = await webcrypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify'])

await compare('Ed25519, verifying', 100, {
  '@noble/curves 2.4.0': () => ed25519.verify(signature, pair, publicKey, { zip215: false }),
  'ours in a browser': () => ed25519Browser.verify(signature, pair, publicKey),
  'WebCrypto of Node': () => webcrypto.subtle.verify('Ed25519', subtleKey, signature, pair),
  'node:crypto, the key made each time': () => verify(null, pair, toKey(), signature),
  'ours under Node': () => ed25519Node.verify(signature, pair, publicKey),
})

async function compare(title, calls, candidates) {
  const readings = Object.fromEntries(Object.keys(candidates).map((name) => [name, []]))
  // The first round, in which all are compiled, does not count.
  for (let round = 0; round <= rounds; round++)
    for (const [name, work] of Object.entries(candidates)) {
      const start = process.cpuUsage()
      for (let i = 0; i < calls; i++) await work()
      const { user, system } = process.cpuUsage(start)
      if (round > 0) readings[name].push((user + system) / calls)
    }
  console.log(`\n${title}\n`)
  for (const [name, all] of Object.entries(readings)) {
    const sorted = all.toSorted((a, b) => a - b)
    const [median, least, most] = [sorted[(rounds - 1) / 2], sorted[0], sorted.at(-1)].map((us) => us.toPrecision(3))
    console.log(`${name.padEnd(36)} ${median.padStart(8)}   (${least}–${most})`)
  }
}
