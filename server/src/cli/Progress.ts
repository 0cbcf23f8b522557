import type { Progress as Step } from '../Context.ts'

export type { Step }

const sentences: Readonly<Record<string, string>> = {
  draft: 'Drawing secrets',
  sign: 'Signing',
  root: 'Making tickets',
  confirm: 'Waiting for confirmations',
  assemble: 'Verifying every credential',
  deliver: 'Writing credentials',
}

/** Shows how far the work is. `end` clears what is not finished. */
export type Reporter = { report(progress: Step): void; say(sentence: string): void; end(): void }

/**
 * Reports on a stream of text: one line that renews itself where somebody watches, and otherwise a line when a step
 * has begun and at most one a second after that.
 */
export function create(stream: NodeJS.WriteStream, now: () => number): Reporter {
  let step = ''
  let last = Number.NEGATIVE_INFINITY
  let open = false
  const clear = () => {
    if (open) stream.write('\r\u001b[K')
    open = false
  }
  return {
    report: (progress) => {
      const finished = progress.done === progress.total
      const interval = stream.isTTY ? 80 : 1_000
      if (progress.step === step && !finished && now() - last < interval) return
      step = progress.step
      last = now()
      const aside = progress.generally ? ` (${progress.generally} could not be stamped and take longer)` : ''
      const sentence = `${sentences[progress.step] ?? progress.step}: ${progress.done} of ${progress.total}${aside}`
      if (!stream.isTTY) {
        stream.write(`${sentence}\n`)
        return
      }
      clear()
      stream.write(finished ? `${sentence}\n` : sentence)
      open = !finished
    },
    say: (sentence) => {
      clear()
      stream.write(`${sentence}\n`)
    },
    end: clear,
  }
}
