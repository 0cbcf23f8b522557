import { setImmediate as turn } from 'node:timers/promises'
import type { Randomness } from '../ports/Randomness.ts'

/** How many are placed before others have their turn. */
const stint = 10_000

/** The numbers from 1 to `count` in an order of which each is as likely as any other (Fisher and Yates). */
export async function shuffled(count: number, randomness: Randomness): Promise<Uint32Array> {
  const numbers = Uint32Array.from({ length: count }, (_, i) => i + 1)
  const draw = drawing(randomness)
  for (let i = count - 1; i > 0; i--) {
    if (i % stint === 0) await turn()
    const j = draw(i + 1)
    const moved = numbers[i] as number
    numbers[i] = numbers[j] as number
    numbers[j] = moved
  }
  return numbers
}

/** Draws numbers below a limit. What would make the low ones likelier is drawn again. */
function drawing(randomness: Randomness): (limit: number) => number {
  let view = new DataView(new ArrayBuffer(0))
  let at = 0
  return (limit) => {
    const fair = 2 ** 32 - (2 ** 32 % limit)
    for (;;) {
      if (at === view.byteLength) {
        view = new DataView(Uint8Array.from(randomness.bytes(4_096)).buffer)
        at = 0
      }
      const number = view.getUint32(at)
      at += 4
      if (number < fair) return number % limit
    }
  }
}
