type Message = {
  readonly bytes: Uint8Array
  readonly resolve: (signature: Uint8Array) => void
  readonly reject: (reason: unknown) => void
}

/** Lets a signer sign at one go what it is asked for in one turn of the event loop: a remote one is asked once. */
export function together(
  sign: (messages: readonly Uint8Array[]) => Promise<readonly Uint8Array[]>,
): (message: Uint8Array) => Promise<Uint8Array> {
  let waiting: Message[] = []
  const flush = async () => {
    const messages = waiting
    waiting = []
    try {
      const signatures = await sign(messages.map(({ bytes }) => bytes))
      if (signatures.length !== messages.length) throw new TypeError('A signer answers every message')
      for (const [i, { resolve }] of messages.entries()) resolve(signatures[i] as Uint8Array)
    } catch (error) {
      for (const { reject } of messages) reject(error)
    }
  }
  return (bytes) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ bytes, resolve, reject }) === 1) setImmediate(flush)
    })
}
