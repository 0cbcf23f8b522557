import * as Bytes from '../Bytes.ts'
import type * as JsonLd from '../JsonLd.ts'
import * as Multibase from '../Multibase.ts'
import * as PublicKey from '../PublicKey.ts'
import * as Rdfc from '../Rdfc.ts'
import * as Sha256 from '../Sha256.ts'
import * as Cbor from './Cbor.ts'

/** What a derived proof says (VC ECDSA Cryptosuites 1.0 §3.5.7). */
type Content = {
  /** By the issuer: over the options, the key of this one document, and what must be shown. */
  readonly baseSignature: Uint8Array
  readonly ownKey: PublicKey.PublicKey
  /** That key as it is signed, a Multikey without its multibase. */
  readonly ownKeyBytes: Uint8Array
  /** By that key, one over each statement that need not be shown, in order. */
  readonly signatures: readonly Uint8Array[]
  /** What the blank nodes were called when the issuer signed, by the number that they have here. */
  readonly labels: readonly string[]
  /** Which statements, in order, are those that must be shown. */
  readonly mandatory: ReadonlySet<number>
}

/** How the bytes of a derived proof begin (§3.5.6): a tag of CBOR. A base proof is its holder's alone. */
const prefix = Uint8Array.of(0xd9, 0x5d, 0x01)

/** More statements than any honest document shows, and so few that their signatures are verified at once. */
const maximumSignatures = 1024
const maximumProofValue = 256 * 1024

/**
 * Verifies a derived proof of `ecdsa-sd-2023` (§3.6.7) with the issuer's P-256 key. There is one writing of the same proof:
 * shortest CBOR, every blank node with a label of its own and no other, indexes in order.
 *
 * @param statements what is shown
 * @param options what the proof says beside its value
 * @throws {Rdfc.LimitError} CANON_LIMIT also when it shows more than anybody needs
 */
export function verify(
  statements: readonly JsonLd.Statement[],
  options: readonly JsonLd.Statement[],
  proofValue: string,
  publicKey: PublicKey.PublicKey,
): boolean {
  const content = read(proofValue)
  if (content === undefined) return false
  const { baseSignature, ownKey, ownKeyBytes, signatures, labels, mandatory } = content
  const lines = linesOf(statements, labels)
  if (lines === undefined || [...mandatory].some((index) => index >= lines.length)) return false
  const shown = lines.filter((_, i) => mandatory.has(i)).join('')
  const others = lines.filter((_, i) => !mandatory.has(i))
  if (others.length !== signatures.length) return false
  const hashes = [Sha256.digestOf(Rdfc.canonizeStatements(options)), ownKeyBytes, Sha256.digestOf(shown)]
  if (!PublicKey.verify(publicKey, baseSignature, Bytes.concat(...hashes))) return false
  return others.every((line, i) => PublicKey.verify(ownKey, signatures[i] as Uint8Array, Bytes.fromUtf8(line)))
}

/** The canonical lines with the blank nodes called as they were signed; undefined when they do not fit. */
function linesOf(statements: readonly JsonLd.Statement[], labels: readonly string[]): readonly string[] | undefined {
  const used = new Set<number>()
  const rename = (canonical: string) => {
    const number = Number(canonical.slice('_:c14n'.length))
    used.add(number)
    return `_:${labels[number]}`
  }
  const text = Rdfc.canonizeStatements(statements, new Map(), { rename })
  if (used.size !== labels.length || [...used].some((number) => number >= labels.length)) return undefined
  // Nothing in a line is a line break: in literals it is escaped.
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => `${line}\n`)
}

function read(proofValue: string): Content | undefined {
  if (proofValue.length > maximumProofValue) return undefined
  try {
    const bytes = Multibase.fromBase64Url(proofValue)
    if (!Bytes.equals(bytes.subarray(0, prefix.length), prefix)) return undefined
    return contentOf(Cbor.decode(bytes.subarray(prefix.length)))
  } catch (error) {
    if (error instanceof Rdfc.LimitError) throw error
    return undefined
  }
}

function contentOf(item: Cbor.Item): Content | undefined {
  if (!Array.isArray(item) || item.length !== 5) return undefined
  const [baseSignature, ownKeyBytes, signatures, labelMap, indexes] = item as readonly Cbor.Item[]
  if (!(baseSignature instanceof Uint8Array && ownKeyBytes instanceof Uint8Array && labelMap instanceof Map))
    return undefined
  if (!Array.isArray(signatures) || !Array.isArray(indexes)) return undefined
  if (signatures.length > maximumSignatures) throw new Rdfc.LimitError()
  const ownKey = PublicKey.fromMultikey(Multibase.toBase58(ownKeyBytes))
  const labels = [...labelMap].map(([number, label], i) =>
    number === i && label instanceof Uint8Array && label.length === 32 ? Multibase.toBase64Url(label) : undefined,
  )
  const isWell =
    ownKey.kind === 'P-256' &&
    signatures.every((signature) => signature instanceof Uint8Array) &&
    indexes.every((index, i) => typeof index === 'number' && (i === 0 || index > indexes[i - 1])) &&
    !labels.includes(undefined) &&
    // Two nodes of one name would be one node in what was signed.
    new Set(labels).size === labels.length
  if (!isWell) return undefined
  return {
    baseSignature,
    ownKey,
    ownKeyBytes,
    signatures,
    labels: labels as readonly string[],
    mandatory: new Set(indexes as readonly number[]),
  }
}
