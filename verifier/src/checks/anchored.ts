import * as Bytes from '@laurel/core/Bytes'
import * as Caip10 from '@laurel/core/Caip10'
import * as DateTimeStamp from '@laurel/core/DateTimeStamp'
import type { Anchor } from '../Anchor.ts'
import type { Anchor as Found, Readers, Transaction } from '../Readers.ts'
import { failed, passed, type Result, unknown } from '../Report.ts'
import type * as Trust from '../Trust.ts'

/**
 * Whether a chain that the verifier trusts says, at a final block, that the batch's account anchored its root.
 *
 * @param at the moment by which it has to have been, in milliseconds since 1970; any where it is absent
 */
export async function anchored(
  { proof, manifest }: Anchor,
  trust: Trust.Trust,
  readers: Pick<Readers, 'anchor'>,
  at?: number,
): Promise<Result> {
  if (manifest === undefined)
    return unknown('MANIFEST_UNAVAILABLE', 'Who anchored it stands in the description of its batch, which is missing.')
  const { chainId, address } = Caip10.parse(manifest.account)
  const chain = trust.chains.find((each) => each.chainId === chainId)
  if (chain === undefined)
    return unknown('CHAIN_NOT_TRUSTED', `It is anchored on chain ${chainId}, which is not trusted.`)
  const answer = await readers.anchor(chain, address, Bytes.toHex(proof.root))
  switch (answer.kind) {
    case 'final':
      return final(chain, answer.time, at)
    case 'absent':
      // Whoever asks an endpoint that is behind learns nothing about what came later.
      if (answer.asOf * 1000 < DateTimeStamp.toMilliseconds(manifest.created))
        return unknown('CHAIN_BEHIND', `What can be had of ${chain.name} is older than the batch. Ask again later.`)
      return failed('ANCHOR_NOT_FOUND', `The batch was never anchored on ${chain.name}.`)
    case 'no-registry':
      return unknown('REGISTRY_MISSING', `There is no registry at the trusted address on ${chain.name}.`)
    case 'unproven':
      return unknown('ANCHOR_UNPROVEN', `Nobody who was asked about ${chain.name} has proven what it says.`)
    default:
      return untold(chain, answer)
  }
}

/** What is said of an anchor that is final, by the time of its block in seconds since 1970. */
export function final(chain: Trust.Chain, time: number, at: number | undefined): Result {
  const place = chain.test ? `${chain.name}, a test chain` : chain.name
  const moment = DateTimeStamp.fromSeconds(time)
  return at !== undefined && time * 1000 > at
    ? unknown('ANCHORED_LATER', `It was anchored on ${moment}, after the time that you ask for.`)
    : passed('ANCHORED', `Anchored on ${place}, on ${moment}.`)
}

type Untold = Extract<Found | Transaction, { readonly kind: 'recent' | 'other-chain' | 'disagreement' | 'unreachable' }>

/** What is said where a chain cannot tell yet, or at the moment. */
export function untold(chain: Trust.Chain, answer: Untold): Result {
  switch (answer.kind) {
    case 'recent':
      return unknown('ANCHOR_NOT_FINAL', `Its anchor on ${chain.name} is too young to be final. Ask again later.`)
    case 'other-chain':
      return unknown('CHAIN_MISMATCH', `What should be ${chain.name} says that it is chain ${answer.chainId}.`)
    case 'disagreement':
      return unknown('CHAIN_DISAGREEMENT', `Those who were asked about ${chain.name} do not say the same.`)
    case 'unreachable':
      return unknown('CHAIN_UNREACHABLE', `${chain.name} cannot be reached at the moment.`)
  }
}
