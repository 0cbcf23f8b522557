import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import type { Path, Step } from './InclusionProof.ts'
import * as Cbor from './internal/Cbor.ts'
import * as Json from './Json.ts'
import * as Multibase from './Multibase.ts'

/** Where the root was anchored. The transaction hash (32 bytes) is a hint that nothing signs. */
export type Anchor = { readonly chainId: number; readonly transactionHash: Bytes.Hex }

/** What a `proofValue` says; hashes are 32 bytes. */
export type Content = {
  readonly root: Uint8Array
  readonly documentDigest: Uint8Array
  readonly path: Path
  readonly anchor: Anchor
}

/** What a merkle proof says beside its value. `previousProof` is the id of the first proof. */
export type Options = {
  readonly created: string
  readonly verificationMethod: string
  readonly previousProof: string
}

// Blockcerts' numbers for members, chains and sides (lds-merkle-proof-2019).
const member = { root: 0, documentDigest: 1, anchors: 2, path: 3 }
const anchorMember = { chain: 0, network: 1, transaction: 2 }
const ethereum = 1
const sides = ['left', 'right'] as const

/** How CBOR begins a byte string of 32 bytes. */
const hashHead = Uint8Array.of(0x58, 32)

/** Writes a `proofValue`: `z`, base58btc and Blockcerts' CBOR, with the EVM chain id as network id. */
export function encode(content: Content): string {
  return Multibase.toBase58(write(content))
}

/**
 * Writes many proof values like {@link encode}, at a fraction of its cost for credentials that come in the order of their
 * tree: neighbours have most of their paths in common, and only what is different is brought into base58.
 */
export function encoder(): (content: Content) => string {
  const toBase58 = Multibase.base58Writer()
  return (content) => toBase58(write(content))
}

/**
 * Reads a `proofValue` from anybody. Only text that {@link encode} writes is accepted.
 *
 * @throws {EncodingError} MERKLE_ENCODING
 */
export function decode(proofValue: string): Content {
  let content: Content
  let bytes: Uint8Array
  try {
    bytes = Multibase.fromBase58(proofValue)
    content = read(Cbor.decode(bytes))
  } catch (cause) {
    if (cause instanceof EncodingError) throw cause
    throw new EncodingError(cause)
  }
  // There is one text for any bytes, so it is enough that the bytes are those that would be written.
  if (!Bytes.equals(write(content), bytes)) throw new EncodingError()
  return content
}

/**
 * A `merkle-proof-2019` proof: the second proof of an anchored credential.
 *
 * @param write {@link encode}, or what {@link encoder} has made for many
 */
export function create(
  { created, verificationMethod, previousProof, ...content }: Options & Content,
  write = encode,
): Json.Object {
  return {
    type: 'DataIntegrityProof',
    cryptosuite: 'merkle-proof-2019',
    created,
    verificationMethod,
    proofPurpose: 'assertionMethod',
    previousProof,
    proofValue: write(content),
  }
}

/** Whether a member of `proof` claims to be a merkle proof. */
export function isAnchorProof(proof: Json.Value | undefined): proof is Json.Object {
  return Json.isObject(proof) && proof.cryptosuite === 'merkle-proof-2019'
}

/**
 * Reads a merkle proof. It is closed, because nothing signs its options: the members of {@link create} and no other.
 *
 * @throws {OptionsError} PROOF_OPTIONS with the member that is missing, wrong or too many
 * @throws {EncodingError} MERKLE_ENCODING
 */
export function parse(proof: Json.Value): Options & Content {
  if (!Json.isObject(proof)) throw new OptionsError('proof')
  const { type, cryptosuite, created, verificationMethod, proofPurpose, previousProof, proofValue, ...rest } = proof
  const [extra] = Object.keys(rest)
  if (extra !== undefined) throw new OptionsError(extra)
  if (type !== 'DataIntegrityProof') throw new OptionsError('type')
  if (cryptosuite !== 'merkle-proof-2019') throw new OptionsError('cryptosuite')
  if (proofPurpose !== 'assertionMethod') throw new OptionsError('proofPurpose')
  const text = { created, verificationMethod, previousProof, proofValue }
  for (const [name, value] of Object.entries(text)) if (typeof value !== 'string') throw new OptionsError(name)
  return {
    created: created as string,
    verificationMethod: verificationMethod as string,
    previousProof: previousProof as string,
    ...decode(proofValue as string),
  }
}

function write({ root, documentDigest, path, anchor }: Content): Uint8Array<ArrayBuffer> {
  const transaction = Bytes.fromHex(anchor.transactionHash, 32)
  return Cbor.encode([
    [member.root, nested(root)],
    [member.documentDigest, nested(documentDigest)],
    [
      member.anchors,
      [
        [
          [anchorMember.chain, ethereum],
          [anchorMember.network, anchor.chainId],
          [anchorMember.transaction, nested(transaction)],
        ],
      ],
    ],
    [member.path, path.map((step) => [sides.indexOf(step.side), nested(step.hash)])],
  ])
}

function nested(hash: Uint8Array): Uint8Array {
  if (hash.length !== 32) throw new TypeError('A hash has 32 bytes')
  const bytes = new Uint8Array(hashHead.length + 32)
  bytes.set(hashHead)
  bytes.set(hash, hashHead.length)
  return bytes
}

function read(item: Cbor.Item): Content {
  const [root, documentDigest, anchors, path] = pairs(item, [
    member.root,
    member.documentDigest,
    member.anchors,
    member.path,
  ])
  const [anchor] = list(anchors, 1)
  const [chain, network, transaction] = pairs(anchor, [
    anchorMember.chain,
    anchorMember.network,
    anchorMember.transaction,
  ])
  if (chain !== ethereum || typeof network !== 'number') throw new EncodingError()
  return {
    root: hash(root),
    documentDigest: hash(documentDigest),
    path: list(path).map(step),
    anchor: { chainId: network, transactionHash: Bytes.toHex(hash(transaction)) },
  }
}

function step(item: Cbor.Item): Step {
  const [number, sibling] = list(item, 2)
  const side = typeof number === 'number' ? sides[number] : undefined
  if (side === undefined) throw new EncodingError()
  return { side, hash: hash(sibling) }
}

function pairs(item: Cbor.Item | undefined, keys: readonly number[]): readonly (Cbor.Item | undefined)[] {
  return list(item, keys.length).map((pair, i) => {
    const [key, value] = list(pair, 2)
    if (key !== keys[i]) throw new EncodingError()
    return value
  })
}

function list(item: Cbor.Item | undefined, length?: number): readonly Cbor.Item[] {
  if (!Array.isArray(item) || (length !== undefined && item.length !== length)) throw new EncodingError()
  return item
}

function hash(item: Cbor.Item | undefined): Uint8Array {
  if (!(item instanceof Uint8Array) || item.length !== hashHead.length + 32) throw new EncodingError()
  if (hashHead.some((byte, i) => byte !== item[i])) throw new EncodingError()
  return item.subarray(hashHead.length)
}

/** Thrown when a `proofValue` is not the one spelling of a merkle proof anchored on an EVM chain. */
export class EncodingError extends Errors.BaseError<'MERKLE_ENCODING'> {
  override readonly name = 'AnchorProof.EncodingError'
  constructor(cause?: unknown) {
    super('MERKLE_ENCODING', 'The anchor in this credential is not encoded as it should be.', { cause })
  }
}

/** Thrown when a merkle proof has a member that is missing, wrong or too many. */
export class OptionsError extends Errors.BaseError<'PROOF_OPTIONS'> {
  override readonly name = 'AnchorProof.OptionsError'
  constructor(member: string) {
    super('PROOF_OPTIONS', 'The anchor in this credential has something missing, wrong or added.', {
      facts: { member },
    })
  }
}
