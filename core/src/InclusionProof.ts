import { hash as hashPairs } from '#Pairs'
import * as Errors from './Errors.ts'

/** A sibling (32 bytes) and the side on which it stands. */
export type Step = { readonly side: 'left' | 'right'; readonly hash: Uint8Array }

/** Siblings from the bottom to the root. */
export type Path = readonly Step[]

/** A credential's path taken apart: the fixed first and last steps, and what lies between. Hashes are 32 bytes. */
export type Opened = {
  readonly blind: Uint8Array
  readonly treePath: Path
  readonly ticketRoot: Uint8Array
  readonly manifestDigest: Uint8Array
}

// A tree of 2^32 leaves has 32 levels; a batch's index has four bytes.
const maximumDepth = 32

/** The hash to which a path leads from a start (32 bytes). Says nothing about who anchored it. */
export function fold(start: Uint8Array, path: Path): Uint8Array {
  const pair = new Uint8Array(64)
  // Not by slice, which shares its memory where the start is a Buffer.
  const node = new Uint8Array(start)
  for (const { side, hash } of path) {
    if (node.length !== 32 || hash.length !== 32) throw new TypeError('A node has 32 bytes')
    pair.set(hash, side === 'left' ? 0 : 32)
    pair.set(node, side === 'left' ? 32 : 0)
    hashPairs(pair, node)
  }
  return node
}

/** The path from a `documentDigest` to the anchored root. */
export function credentialPath({ blind, treePath, ticketRoot, manifestDigest }: Opened): Path {
  return [
    { side: 'right', hash: blind },
    ...treePath,
    { side: 'right', hash: ticketRoot },
    { side: 'right', hash: manifestDigest },
  ]
}

/** The path from a ticket to the anchored root. */
export function ticketPath(options: {
  readonly ticketTreePath: Path
  readonly treeRoot: Uint8Array
  readonly manifestDigest: Uint8Array
}): Path {
  return [
    ...options.ticketTreePath,
    { side: 'left', hash: options.treeRoot },
    { side: 'right', hash: options.manifestDigest },
  ]
}

/**
 * Takes a credential's path apart.
 *
 * @throws {LengthError} MERKLE_PROOF_LENGTH when it has fewer than three steps, or more than a batch can need
 * @throws {PatternError} MERKLE_INVALID when its first or its last two steps are not on the right
 */
export function open(path: Path): Opened {
  if (path.length < 3 || path.length > maximumDepth + 3) throw new LengthError(path.length)
  const [first] = path
  const [secondLast, last] = path.slice(-2)
  if (first?.side !== 'right' || secondLast?.side !== 'right' || last?.side !== 'right') throw new PatternError()
  return {
    blind: first.hash,
    treePath: path.slice(1, -2),
    ticketRoot: secondLast.hash,
    manifestDigest: last.hash,
  }
}

/**
 * The position (0-based) below `size` whose leaf has this pattern of lefts and rights, or undefined when none has:
 * then the path leads to something that the batch does not declare.
 *
 * Read from the root down: with n leaves, the left branch holds the largest power of two below n. A sibling on the
 * right means that the leaf is in the left branch, one on the left that it is in the right branch; n becomes the size
 * of that branch. The pattern fits when it is used up just when n is one.
 */
export function position(treePath: Path, size: number): number | undefined {
  if (!Number.isSafeInteger(size) || size < 1) return undefined
  let first = 0
  let count = size
  for (const { side } of treePath.toReversed()) {
    if (count === 1) return undefined
    const left = 2 ** (Math.ceil(Math.log2(count)) - 1)
    if (side === 'left') first += left
    count = side === 'left' ? count - left : left
  }
  return count === 1 ? first : undefined
}

/** Thrown when a path cannot be a credential's because of its length. */
export class LengthError extends Errors.BaseError<'MERKLE_PROOF_LENGTH'> {
  override readonly name = 'InclusionProof.LengthError'
  constructor(length: number) {
    super('MERKLE_PROOF_LENGTH', `A path of ${length} steps cannot lead from a credential to a batch's root.`, {
      facts: { length },
    })
  }
}

/** Thrown when the fixed steps of a path do not stand where they must. */
export class PatternError extends Errors.BaseError<'MERKLE_INVALID'> {
  override readonly name = 'InclusionProof.PatternError'
  constructor() {
    super('MERKLE_INVALID', 'This path does not run from a credential to a batch root.')
  }
}
