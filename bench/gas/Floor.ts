/** The least that work can cost on an EVM chain, whoever writes the contract, and of what it consists. */
export type Floor = { readonly gas: number; readonly of: string }

type Part = readonly [name: string, gas: number]

/** A transaction: 21,000, and 16 for each byte of calldata that is not zero. */
export const transaction = (bytes: number): Part => ['transaction', 21_000 + 16 * bytes]

/** A log: 375, 375 for each topic, 8 for each byte of data. */
export const log = (topics: number, bytes = 0): Part => [`LOG${topics}`, 375 * (1 + topics) + 8 * bytes]

/** A slot that was empty (EIP-2929: cold access 2,100, then 20,000), and one that was not. */
export const newSlot: Part = ['new slot', 22_100]
export const oldSlot: Part = ['slot in place', 5_000]

/** 20 bytes of a contract's code, at 200 gas a byte: the cheapest place to keep an address. */
export const addressInCode: Part = ['address as code', 4_000]

export const calldata = (bytes: number): Part => ['calldata', 16 * bytes]

/** The sum of the parts, those of `each` counted `n` times. */
export function floor(once: readonly Part[], each: readonly Part[] = [], n = 1): Floor {
  const sum = (parts: readonly Part[]) => parts.reduce((total, [, gas]) => total + gas, 0)
  const name = (parts: readonly Part[]) => parts.map(([what, gas]) => `${what} ${gas.toLocaleString('en')}`).join(' + ')
  const of = each.length === 0 ? name(once) : `${name(once)} + n × (${name(each)})`
  return { gas: sum(once) + n * sum(each), of }
}
