import * as Bytes from '@laurel/core/Bytes'
import type * as PublicKey from '@laurel/core/PublicKey'

/**
 * A function that works once on the same object, and keeps the answer, or what was thrown, for as long as somebody keeps
 * the object. A whole batch has one manifest and one status list, and readers give out the same bytes for them again.
 */
export function once<subject extends object, answer>(work: (subject: subject) => answer): (subject: subject) => answer {
  const answers = new WeakMap<subject, () => answer>()
  return (subject) => {
    const known = answers.get(subject)
    if (known !== undefined) return known()
    const answer = attempt(() => work(subject))
    answers.set(subject, answer)
    return answer()
  }
}

/** The same of a function that asks with a key, too, and with what always goes with the subject. */
export function onceForKey<subject extends object, rest extends readonly unknown[]>(
  work: (subject: subject, publicKey: PublicKey.PublicKey, ...rest: rest) => boolean,
): (subject: subject, publicKey: PublicKey.PublicKey, ...rest: rest) => boolean {
  const answersOf = once((_: subject) => new Map<string, () => boolean>())
  return (subject, publicKey, ...rest) => {
    const answers = answersOf(subject)
    const key = `${publicKey.kind} ${Bytes.toHex(publicKey.bytes)}`
    const answer = answers.get(key) ?? attempt(() => work(subject, publicKey, ...rest))
    answers.set(key, answer)
    return answer()
  }
}

/** A function that keeps the answer for the last text that it was asked: a whole batch has one issuer. */
export function last<answer>(work: (text: string) => answer): (text: string) => answer {
  let known: { readonly text: string; readonly answer: () => answer } | undefined
  return (text) => {
    if (known?.text !== text) known = { text, answer: attempt(() => work(text)) }
    return known.answer()
  }
}

function attempt<answer>(work: () => answer): () => answer {
  try {
    const answer = work()
    return () => answer
  } catch (error) {
    return () => {
      throw error
    }
  }
}
