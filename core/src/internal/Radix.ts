/**
 * What it takes to write numbers of one base in another: the powers of the first, as digits of the second. Filled as
 * far as numbers are long, and shared by all converters between the two bases.
 */
export type Table = {
  readonly from: number
  readonly to: number
  /** Eight powers each. The lowest digits of all eight stand first, then the next digits of all eight, and so on. */
  readonly groups: Float64Array[]
  /** The digits of the next power, lowest first. */
  power: readonly number[]
}

/** The digits of a number (least significant first) in the other base, valid until the next call. */
export type Converter = (digits: Float64Array) => Float64Array

const width = 8

/** How many digits a number may have: with two bases whose product is below 2^42 no sum reaches 2^53 then. */
export const maximumDigits = 2048

/** @param to so small that `from` times `to` is below 2^42 */
export function table(from: number, to: number): Table {
  return { from, to, groups: [], power: [1] }
}

/**
 * Converts numbers one after the other. A number is the sum of its digits times the powers of its base; as the powers
 * are at hand in the other base, the digits there are sums of products, and carries are made once, at the end. Between
 * two numbers only those groups of digits are summed anew that differ: numbers that have most of their digits in common
 * cost a fraction.
 *
 * The sums are doubles, and exact: whole numbers below 2^53 (see {@link maximumDigits}).
 */
export function converter(table: Table): Converter {
  let last = new Float64Array(0)
  let sums = new Float64Array(0)
  return (digits) => {
    if (digits.length > maximumDigits) throw new TypeError(`More than ${maximumDigits} digits are not converted`)
    if (digits.length > last.length) {
      const groups = Math.ceil(digits.length / width)
      while (table.groups.length < groups) extend(table)
      last = copy(last, groups * width)
      sums = copy(sums, (table.groups[groups - 1] as Float64Array).length / width)
    }
    const change = new Float64Array(width)
    for (let at = 0; at < last.length; at += width) {
      let changed = false
      for (let i = 0; i < width; i++) {
        const digit = at + i < digits.length ? (digits[at + i] as number) : 0
        change[i] = digit - (last[at + i] as number)
        changed ||= change[i] !== 0
        last[at + i] = digit
      }
      if (changed) add(sums, change, table.groups[at / width] as Float64Array)
    }
    return carry(sums, table.to)
  }
}

function add(sums: Float64Array, change: Float64Array, powers: Float64Array): void {
  const [a, b, c, d] = [change[0] as number, change[1] as number, change[2] as number, change[3] as number]
  const [e, f, g, h] = [change[4] as number, change[5] as number, change[6] as number, change[7] as number]
  for (let place = 0, at = 0; at < powers.length; place++, at += width)
    sums[place] =
      (sums[place] as number) +
      a * (powers[at] as number) +
      b * (powers[at + 1] as number) +
      c * (powers[at + 2] as number) +
      d * (powers[at + 3] as number) +
      e * (powers[at + 4] as number) +
      f * (powers[at + 5] as number) +
      g * (powers[at + 6] as number) +
      h * (powers[at + 7] as number)
}

function carry(sums: Float64Array, base: number): Float64Array {
  const digits = new Float64Array(sums.length + 3)
  let carried = 0
  for (let place = 0; place < digits.length; place++) {
    const sum = (place < sums.length ? (sums[place] as number) : 0) + carried
    // Exact below 2^53: the nearest double to a quotient is never the next whole number.
    carried = Math.floor(sum / base)
    digits[place] = sum - carried * base
  }
  return digits
}

function extend(table: Table): void {
  const powers: (readonly number[])[] = []
  for (let i = 0; i < width; i++) {
    powers.push(table.power)
    table.power = times(table.power, table.from, table.to)
  }
  const places = powers.at(-1)?.length ?? 0
  const group = new Float64Array(places * width)
  for (const [i, power] of powers.entries())
    for (const [place, digit] of power.entries()) group[place * width + i] = digit
  table.groups.push(group)
}

function times(digits: readonly number[], factor: number, base: number): readonly number[] {
  const product: number[] = []
  let carried = 0
  for (let place = 0; place < digits.length || carried > 0; place++) {
    const value = (digits[place] ?? 0) * factor + carried
    carried = Math.floor(value / base)
    product.push(value - carried * base)
  }
  return product
}

function copy(from: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(length)
  larger.set(from)
  return larger
}
