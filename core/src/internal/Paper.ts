/**
 * Where UTF-8 is written. The texts that stand in slots are set once, at its beginning, and copied from there to wherever
 * they stand. There is one, because whoever writes is done before the next begins.
 */
export type Paper = {
  /** Where the texts of the slots begin; each ends where the next begins. */
  readonly starts: readonly number[]
  readonly start: number
  end: number
}

let bytes = new Uint8Array(65_536)
const encoder = new TextEncoder()

/** Takes a new sheet, and sets what stands in the slots. What was written on the last one is gone. */
export function open(forms: readonly string[]): Paper {
  const starts: number[] = [0]
  let end = 0
  for (const form of forms) {
    end = set(form, end)
    starts.push(end)
  }
  return { starts, start: end, end }
}

/** What has been written, valid until more is. What comes next is written in its place. */
export function close(paper: Paper): Uint8Array {
  const { start, end } = paper
  paper.end = start
  return bytes.subarray(start, end)
}

export function put(paper: Paper, text: Uint8Array): void {
  reserve(paper.end + text.length)
  bytes.set(text, paper.end)
  paper.end += text.length
}

export function putText(paper: Paper, text: string): void {
  paper.end = set(text, paper.end)
}

/** Writes what stands in a slot. */
export function putForm(paper: Paper, slot: number): void {
  const from = paper.starts[slot] as number
  const to = paper.starts[slot + 1] as number
  reserve(paper.end + to - from)
  bytes.copyWithin(paper.end, from, to)
  paper.end += to - from
}

function set(text: string, at: number): number {
  // A unit of UTF-16 takes three bytes at most.
  reserve(at + 3 * text.length)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // The encoder is made for long texts: most are short, and of ASCII.
    if (unit > 127) return at + i + encoder.encodeInto(text.slice(i), bytes.subarray(at + i)).written
    bytes[at + i] = unit
  }
  return at + text.length
}

function reserve(length: number): void {
  if (length <= bytes.length) return
  const larger = new Uint8Array(2 * length)
  larger.set(bytes)
  bytes = larger
}
