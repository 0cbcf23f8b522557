/** A line that counts: one that renews itself where somebody watches, and otherwise at most one a second. */
export type Progress = { readonly step: () => void; readonly end: () => void }

/** Begins to count up to a total. */
export function start(sentence: string, total: number): Progress {
  const { stderr } = process
  let done = 0
  let last = performance.now()
  return {
    step: () => {
      done++
      if (performance.now() - last < (stderr.isTTY ? 80 : 1_000)) return
      last = performance.now()
      const line = `${sentence}: ${done} of ${total}`
      stderr.write(stderr.isTTY ? `\r   ${line}\u001b[K` : `${line}\n`)
    },
    end: () => {
      if (stderr.isTTY) stderr.write('\r\u001b[K')
    },
  }
}
