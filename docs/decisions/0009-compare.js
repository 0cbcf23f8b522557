/**
 * The figures of decision 0009, on your machine, within two minutes:
 *
 *     npm install --prefix candidates @chainsafe/as-sha256@1.2.5 hash-wasm@4.12.0 keccak256@1.0.6 \
 *         multiformats@14.0.5
 *     node scripts/run.js docs/decisions/0009-compare.js candidates
 *
 * Every candidate has to give the same answer before the clock runs. Nanoseconds of CPU time, median of nine rounds in
 * which all take turns, and the least and the most.
 */
import { createHash, hash, randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { sha256 } from '@noble/hashes/sha2.js'
import { base58 as scure } from '@scure/base'
import { MerkleTree } from 'merkletreejs'
import * as Base58 from '../../core/src/internal/Base58.ts'
import { hash as hashPairs } from '../../core/src/node/Pairs.ts'
import * as Tree from '../../core/src/Tree.ts'

const require = createRequire(resolve(process.argv[2] ?? '.', 'package.json'))
const load = (name) => import(pathToFileURL(require.resolve(name)).href)
const asSha256 = await load('@chainsafe/as-sha256')
const hasher = await (await load('hash-wasm')).createSHA256()
const keccak256 = (await load('keccak256')).default
const { base58btc } = await load('multiformats/bases/base58')

const rounds = 9

/** Measures all, in turns. `work` gives what it comes to, as bytes or text. */
function compare(title, per, candidates) {
  const entries = Object.entries(candidates)
  const answers = entries.map(([, work]) => createHash('sha256').update(work()).digest('hex'))
  for (const [i, [name]] of entries.entries())
    if (answers[i] !== answers[0]) throw new Error(`${name} gives another answer`)
  const readings = entries.map(() => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, [, work]] of entries.entries()) {
      const start = process.cpuUsage()
      work()
      const { user, system } = process.cpuUsage(start)
      readings[i].push(((user + system) * 1000) / per)
    }
  console.log(`\n${title}\n`)
  for (const [i, [name]] of entries.entries()) {
    const sorted = readings[i].toSorted((a, b) => a - b)
    const [median, least, most] = [sorted[(rounds - 1) / 2], sorted[0], sorted.at(-1)].map((ns) => Math.round(ns))
    console.log(`${name.padEnd(36)} ${String(median).padStart(8)}   (${least}–${most})`)
  }
}

const count = 32_768
const pairs = new Uint8Array(randomBytes(64 * count))
const pairAt = (i) => pairs.subarray(64 * i, 64 * (i + 1))
const oneByOne = (digest) => () => {
  const digests = new Uint8Array(32 * count)
  for (let i = 0; i < count; i++) digests.set(digest(pairAt(i)), 32 * i)
  return digests
}
const atOnce = (digestAll) => () => {
  const digests = new Uint8Array(32 * count)
  digestAll(pairs, digests)
  return digests
}
compare('SHA-256 of a pair (64 bytes), in bulk', count, {
  'node:crypto hash': oneByOne((pair) => hash('sha256', pair, 'buffer')),
  'node:crypto createHash': oneByOne((pair) => createHash('sha256').update(pair).digest()),
  '@noble/hashes': oneByOne((pair) => sha256(pair)),
  'hash-wasm': oneByOne((pair) => hasher.init().update(pair).digest('binary')),
  '@chainsafe/as-sha256 digest64': oneByOne(asSha256.digest64),
  '@chainsafe/as-sha256 hashInto (SIMD)': atOnce(asSha256.hashInto),
  '@chainsafe/hashtree, one by one': oneByOne((pair) => {
    const digest = new Uint8Array(32)
    hashPairs(pair, digest)
    return digest
  }),
  '@chainsafe/hashtree': atOnce(hashPairs),
})

// As long as the proof value of a credential among a million: 23 steps. Neighbours differ in about 160 bytes.
const first = new Uint8Array(randomBytes(1_030))
const texts = Array.from({ length: 64 }, () => {
  const bytes = first.slice()
  bytes.set(randomBytes(32), 45)
  bytes.set(randomBytes(108), 156)
  return bytes
})
const each = (encode) => () => texts.map(encode).join()
compare('base58btc of 1,030 bytes', texts.length, {
  multiformats: each((bytes) => base58btc.baseEncode(bytes)),
  '@scure/base': each((bytes) => scure.encode(bytes)),
  'ours, one by one': each(Base58.encode),
  'ours, neighbours': each(Base58.encoder()),
})
const encoded = texts.map(Base58.encode)
const eachText = (decode) => () => Buffer.concat(encoded.map(decode))
compare('and back', texts.length, {
  '@scure/base': eachText((text) => scure.decode(text)),
  ours: eachText(Base58.decode),
})

// Each has a hash of its own; the steps of all paths together are as many.
const leaves = Array.from({ length: 100_000 }, () => randomBytes(32))
const run = new Uint8Array(Buffer.concat(leaves))
compare('a tree of 100,000 leaves and all its paths, per leaf', leaves.length, {
  'merkletreejs with keccak256': () => {
    const tree = new MerkleTree(leaves, keccak256, { sort: false, duplicateOdd: false })
    return String(leaves.reduce((steps, leaf, i) => steps + tree.getProof(leaf, i).length, 0))
  },
  ours: () => {
    let steps = 0
    for (const { sides } of Tree.paths(Tree.build(run))) steps += sides.length
    return String(steps)
  },
})
