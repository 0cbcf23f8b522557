import type * as Bytes from '@laurel/core/Bytes'
import { createPublicClient, custom, numberToHex, type PublicClient } from 'viem'
import { parseSiweMessage, verifySiweMessage } from 'viem/siwe'
import { type Asked, RefusedError, type WalletProof } from '../../ports/WalletProof.ts'
import { createClient, UnreachableError } from './EvmChain.ts'

/**
 * What the contract of a wallet may use to judge a signature, and to be made where it is not there yet (ERC-6492). A key on
 * secp256r1 without a precompile takes a tenth of it.
 */
const mostGas = 3_000_000

/** How far two clocks may be apart, in milliseconds. */
const clockSkew = 60_000

/** How long a message and a signature may be, in characters; a wallet with a dozen owners has some thousands. */
const longest = { message: 4_096, signature: 32_768 } as const

/**
 * The form of EIP-4361, "ABNF Message Format", from its first character to its last. viem reads a message by two patterns that
 * may match anywhere in it, so that a line of the statement could stand for a field: what this form has not is not read.
 */
const form = new RegExp(
  [
    /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/)?[A-Za-z0-9.-]+(?::\d{1,5})? wants you to sign in with your Ethereum account:\n/,
    /0x[0-9A-Fa-f]{40}\n\n(?:[A-Za-z0-9 ._~:/?#[\]@!$&'()*+,;=-]+\n)?\n/,
    /URI: [A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+\nVersion: 1\nChain ID: \d{1,15}\nNonce: [A-Za-z0-9]{8,128}\n/,
    /Issued At: \S+(?:\nExpiration Time: \S+)?(?:\nNot Before: \S+)?(?:\nRequest ID: [A-Za-z0-9._~:@!$&'()*+,;=%-]*)?/,
    /(?:\nResources:(?:\n- [A-Za-z0-9._~:/?#[\]@!$&'()*+,;=%-]+)*)?$/,
  ]
    .map(({ source }) => source)
    .join(''),
)

/** Judges signatures of wallets by EIP-4361; those of contracts by ERC-1271 and ERC-6492. */
export function create(chainId: number, url: string): WalletProof {
  const chain = createClient(url)
  return {
    chainId,
    judge: async (message, signature, asked) => {
      const account = check(message, signature, asked, chainId)
      const { client, cut } = readOnly(chain)
      const { domain, nonce, now } = asked
      // A key of its own is judged here: nobody is asked unless the wallet may be a contract.
      const options = { message, signature, domain, nonce, time: new Date(now), mode: 'eoa' }
      const isSigned = await verifySiweMessage(client, options).catch((cause) => {
        throw new UnreachableError(url, cause)
      })
      if (isSigned) return account
      // To viem an answer that did not come is a signature that is wrong.
      if (cut() !== undefined) throw new UnreachableError(url, cut())
      throw new RefusedError('SIWE_SIGNATURE')
    },
  }
}

/**
 * A client for one signature, by which a chain can be asked and nothing be sent, with a bound on what each question may use.
 * `cut`: why the chain has not answered, if it has not.
 */
function readOnly(chain: PublicClient): { readonly client: PublicClient; readonly cut: () => unknown } {
  let cause: unknown
  const request = async ({ method, params }: { method: string; params?: readonly unknown[] }): Promise<unknown> => {
    if (!['eth_call', 'eth_chainId', 'eth_getCode'].includes(method)) throw new TypeError(`${method} is not for asking`)
    const [call, ...rest] = params ?? []
    const bounded = method === 'eth_call' ? [{ ...(call as object), gas: numberToHex(mostGas) }, ...rest] : params
    try {
      return await chain.request({ method, params: bounded } as never)
    } catch (error) {
      if (!isExecution(error)) cause = error
      throw error
    }
  }
  const transport = custom({ request: request as never }, { retryCount: 0 })
  return { client: createPublicClient({ transport, ccipRead: false, cacheTime: 0 }), cut: () => cause }
}

/** Whether a node has run what it was asked, and that has failed. What nodes say otherwise is no answer. */
function isExecution(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    // What a node has said stands there; in the message stands what it was asked as well.
    const { details } = each as { readonly details?: unknown }
    if (/revert|out of gas|outofgas|invalid opcode|invalid jump|stack (over|under)flow/i.test(String(details)))
      return true
  }
  return false
}

/** Everything that a message says, before anybody is asked anything because of it. */
function check(
  message: string,
  signature: string,
  { domain, uri, nonce, now, age }: Asked,
  chainId: number,
): Bytes.Hex {
  if (message.length > longest.message || !form.test(message)) throw new RefusedError('SIWE_INVALID')
  const said = parseSiweMessage(message)
  const { address, issuedAt, expirationTime, notBefore } = said
  const isTime = (time: Date | undefined) => time === undefined || !Number.isNaN(time.getTime())
  if (address === undefined || issuedAt === undefined || ![issuedAt, expirationTime, notBefore].every(isTime))
    throw new RefusedError('SIWE_INVALID')
  if (said.domain !== domain) throw new RefusedError('SIWE_DOMAIN_MISMATCH')
  if (said.uri !== uri) throw new RefusedError('SIWE_URI_MISMATCH')
  if (said.chainId !== chainId) throw new RefusedError('SIWE_CHAIN_MISMATCH')
  if (said.nonce !== nonce) throw new RefusedError('SIWE_NONCE_MISMATCH')
  const isLate = expirationTime !== undefined && expirationTime.getTime() <= now
  const isEarly = notBefore !== undefined && notBefore.getTime() > now
  const since = now - issuedAt.getTime()
  if (isLate || isEarly || since > age + clockSkew || since < -clockSkew) throw new RefusedError('SIWE_EXPIRED')
  if (signature.length > longest.signature || !/^0x(?:[0-9a-f]{2})+$/i.test(signature))
    throw new RefusedError('SIWE_SIGNATURE')
  return address.toLowerCase() as Bytes.Hex
}
