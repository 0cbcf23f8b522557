/** A line on the terminal that counts; where nobody watches, nothing. */
export type Progress = { readonly step: () => void; readonly end: () => void }

/** Begins to count up to a total. */
export function start(sentence: string, total: number): Progress {
  const { stdout } = process
  let done = 0
  let last = 0
  return {
    step: () => {
      done++
      if (!stdout.isTTY || performance.now() - last < 80) return
      last = performance.now()
      stdout.write(`\r   ${sentence}: ${done} of ${total}\u001b[K`)
    },
    end: () => {
      if (stdout.isTTY) stdout.write('\r\u001b[K')
    },
  }
}
