import { createHash } from 'node:crypto'
import type * as InclusionProof from '../../core/src/InclusionProof.ts'
import { hash } from './support.ts'

function sha256(left: Uint8Array, right: Uint8Array): Uint8Array {
  return createHash('sha256').update(left).update(right).digest()
}

/** The leaves of every tree in these tests. */
export const leaves: readonly Uint8Array[] = Array.from({ length: 1025 }, (_, i) => hash(i))

const complete = new Map<string, Uint8Array>()

/**
 * The root over leaves `from` to `from + size`, by the recursive definition of RFC 6962 §2.1 without its prefixes: the
 * left branch holds the largest power of two below the size. Another way to the same tree as building it level by level.
 */
export function rootOf(size: number, from = 0): Uint8Array {
  if (size === 1) return leaves[from] as Uint8Array
  const key = `${from}/${size}`
  const known = complete.get(key)
  if (known !== undefined) return known
  const left = 2 ** (32 - Math.clz32(size - 1) - 1)
  const root = sha256(rootOf(left, from), rootOf(size - left, from + left))
  if (Number.isInteger(Math.log2(size))) complete.set(key, root)
  return root
}

/** The sides of the siblings of each leaf, bottom first, as text: `L` and `R`. By the same definition. */
export function patternsOf(size: number): readonly string[] {
  if (size === 1) return ['']
  const left = 2 ** (32 - Math.clz32(size - 1) - 1)
  return [...patternsOf(left).map((p) => `${p}R`), ...patternsOf(size - left).map((p) => `${p}L`)]
}

/** A path as bytes, to compare it at once. */
export function flat(path: InclusionProof.Path): Uint8Array {
  return Buffer.concat(path.flatMap(({ side, hash }) => [Buffer.from(side), hash]))
}
