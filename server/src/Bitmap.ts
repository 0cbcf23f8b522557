/** A set of numbers below a size, a bit each: a million take 128 KiB. */
export type Bitmap = { readonly size: number; readonly bits: Uint8Array }

/** The empty set. */
export function create(size: number): Bitmap {
  return { size, bits: new Uint8Array(Math.ceil(size / 8)) }
}

/** Whether a number is in the set. */
export function has({ bits }: Bitmap, number: number): boolean {
  return ((bits[number >> 3] ?? 0) & (1 << (number & 7))) !== 0
}

/** Puts a number into the set. */
export function add({ size, bits }: Bitmap, number: number): void {
  if (!Number.isInteger(number) || number < 0 || number >= size) throw new TypeError(`There is no place for ${number}`)
  bits[number >> 3] = (bits[number >> 3] ?? 0) | (1 << (number & 7))
}
