import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import type { Path, Step } from './InclusionProof.ts'
import * as Cbor from './internal/Cbor.ts'
import * as Json from './Json.ts'
import * as Multibase from './Multibase.ts'

/** A chain by what Blockcerts calls it: an EVM chain by its id, or the name of any other. */
export type Chain = number | string

/** Where a root was anchored. Nothing signs it: it is only where to look. */
export type Anchor = { readonly chain: Chain; readonly transactionHash: Bytes.Hex }

/** What the proof of a certificate says, however it is written; hashes are 32 bytes. */
export type Content = {
  readonly root: Uint8Array
  readonly documentDigest: Uint8Array
  readonly path: Path
  readonly anchors: readonly Anchor[]
}

/** More than any batch has levels, and more than anybody anchors. */
const maximumPath = 64
const maximumAnchors = 8

/** The chains of MerkleProof2017. */
const chains: Readonly<Record<string, Chain>> = {
  ethereumMainnet: 1,
  ethereumRopsten: 3,
  ethereumRinkeby: 4,
  ethereumGoerli: 5,
  ethereumSepolia: 11155111,
  bitcoinMainnet: 'Bitcoin',
  bitcoinTestnet: 'a test net of Bitcoin',
  bitcoinRegtest: 'a test net of Bitcoin',
  mockchain: 'a chain that is none',
}

// MerkleProof2019 (lds-merkle-proof-2019): the numbers of members, chains and sides.
const member = { root: 0, documentDigest: 1, anchors: 2, path: 3 }
const anchorMember = { chain: 0, network: 1, transaction: 2 }
const bitcoin = 0
/** Ethereum and Polygon, whose networks have the numbers of their chains. */
const evm = [1, 2]
const sides = ['left', 'right'] as const

/** How CBOR begins 32 bytes, and 64 letters without and with `0x` before them. */
const heads = { bytes: [0x58, 32], text: [0x78, 64], prefixed: [0x78, 66] } as const

/**
 * Reads the `signature` of a certificate of version 2 (MerkleProof2017).
 *
 * @throws {EncodingError} BLOCKCERTS_ENCODING
 */
export function parse2017({ merkleRoot, targetHash, proof, anchors }: Json.Object): Content {
  return {
    root: hex(merkleRoot),
    documentDigest: hex(targetHash),
    path: list(proof ?? [], maximumPath).map((step) => {
      const { left, right, ...rest } = object(step)
      if ((left === undefined) === (right === undefined) || Object.keys(rest).length > 0) throw new EncodingError()
      return left === undefined ? { side: 'right', hash: hex(right) } : { side: 'left', hash: hex(left) }
    }),
    anchors: list(anchors, maximumAnchors).map((each) => {
      const { sourceId, chain, type } = object(each)
      const name = typeof chain === 'string' ? chain : ''
      const known = Object.hasOwn(chains, name) ? chains[name] : undefined
      // Those who know no other chain than Bitcoin do not name it.
      const own =
        known ?? (chain === undefined && type === 'BTCOpReturn' ? 'Bitcoin' : 'a chain that is not known here')
      return { chain: own, transactionHash: Bytes.toHex(hex(sourceId)) }
    }),
  }
}

/**
 * Reads the `proofValue` of a certificate of version 3 (MerkleProof2019).
 *
 * @throws {EncodingError} BLOCKCERTS_ENCODING
 */
export function parse2019(proofValue: Json.Value | undefined): Content {
  if (typeof proofValue !== 'string') throw new EncodingError()
  let item: Cbor.Item
  try {
    item = Cbor.decode(Multibase.fromBase58(proofValue))
  } catch (cause) {
    throw new EncodingError(cause)
  }
  const members = pairs(item)
  return {
    root: nested(members.get(member.root)),
    documentDigest: nested(members.get(member.documentDigest)),
    path: items(members.get(member.path), maximumPath).map(step),
    anchors: items(members.get(member.anchors), maximumAnchors).map((each) => {
      const parts = pairs(each)
      const [chain, network] = [parts.get(anchorMember.chain), parts.get(anchorMember.network)]
      if (typeof chain !== 'number' || typeof network !== 'number') throw new EncodingError()
      const other = chain === bitcoin ? 'Bitcoin' : 'a chain that is not known here'
      const own = evm.includes(chain) ? network : other
      return { chain: own, transactionHash: Bytes.toHex(nested(parts.get(anchorMember.transaction))) }
    }),
  }
}

function object(value: Json.Value | undefined): Json.Object {
  if (!Json.isObject(value)) throw new EncodingError()
  return value
}

function list(value: Json.Value | undefined, most: number): readonly Json.Value[] {
  if (!Json.isArray(value) || value.length > most) throw new EncodingError()
  return value
}

function hex(value: Json.Value | undefined): Uint8Array {
  if (typeof value !== 'string' || !/^(?:0x)?[0-9a-fA-F]{64}$/.test(value)) throw new EncodingError()
  return Bytes.fromHex(value.startsWith('0x') ? value : `0x${value}`)
}

function items(item: Cbor.Item | undefined, most: number): readonly Cbor.Item[] {
  if (!Array.isArray(item) || item.length > most) throw new EncodingError()
  return item
}

/** Members by their number, none twice. */
function pairs(item: Cbor.Item | undefined): ReadonlyMap<number, Cbor.Item> {
  const found = new Map<number, Cbor.Item>()
  for (const pair of items(item, 8)) {
    const [key, value] = items(pair, 2)
    if (typeof key !== 'number' || value === undefined || found.has(key)) throw new EncodingError()
    found.set(key, value)
  }
  return found
}

function step(item: Cbor.Item): Step {
  const [number, sibling] = items(item, 2)
  const side = typeof number === 'number' ? sides[number] : undefined
  if (side === undefined) throw new EncodingError()
  return { side, hash: nested(sibling) }
}

/** A hash is CBOR within CBOR: bytes, or, from some issuers, hexadecimal text. */
function nested(item: Cbor.Item | undefined): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new EncodingError()
  const [kind] = Object.entries(heads).find(([, [head, size]]) => item[0] === head && item[1] === size) ?? []
  const body = item.subarray(2)
  if (kind === undefined || body.length !== item[1]) throw new EncodingError()
  return kind === 'bytes' ? body : hex(new TextDecoder('latin1').decode(body))
}

/** Thrown when the proof of a certificate is not written as Blockcerts writes it. */
export class EncodingError extends Errors.BaseError<'BLOCKCERTS_ENCODING'> {
  override readonly name = 'BlockcertsProof.EncodingError'
  constructor(cause?: unknown) {
    super('BLOCKCERTS_ENCODING', 'The proof in this certificate is not encoded as it should be.', { cause })
  }
}
