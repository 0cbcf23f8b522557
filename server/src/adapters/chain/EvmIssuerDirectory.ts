import type * as Bytes from '@laurel/core/Bytes'
import * as Generated from '@laurel/core/generated/IssuerDirectory'
import type * as Standing from '@laurel/core/Standing'
import { decodeFunctionResult, encodeFunctionData, zeroAddress } from 'viem'
import type { Chain } from '../../ports/Chain.ts'
import type { Call, IssuerDirectory } from '../../ports/IssuerDirectory.ts'

const { abi, address } = Generated

/** The directory at the address that it has on every chain. */
export function create(chain: Pick<Chain, 'call'>): IssuerDirectory {
  const to = (data: Bytes.Hex): Call => ({ to: address, data })
  return {
    address,
    issuer: async (issuerId) => {
      const ask = { abi, args: [issuerId] } as const
      const controller = decodeFunctionResult({
        abi,
        functionName: 'controllerOf',
        data: await chain.call(to(encodeFunctionData({ ...ask, functionName: 'controllerOf' }))),
      })
      if (controller === zeroAddress) return undefined
      const [did, profileDigest] = decodeFunctionResult({
        abi,
        functionName: 'descriptionOf',
        data: await chain.call(to(encodeFunctionData({ ...ask, functionName: 'descriptionOf' }))),
      })
      const head = decodeFunctionResult({
        abi,
        functionName: 'headOf',
        data: await chain.call(to(encodeFunctionData({ ...ask, functionName: 'headOf' }))),
      })
      return { controller: controller.toLowerCase() as Bytes.Hex, did, profileDigest, head }
    },
    account: async (issuerId, account) => {
      const data = encodeFunctionData({ abi, functionName: 'standingOf', args: [issuerId, account] })
      return toStanding(decodeFunctionResult({ abi, functionName: 'standingOf', data: await chain.call(to(data)) }))
    },
    key: async (issuerId, keyId) => {
      const data = encodeFunctionData({ abi, functionName: 'standingOfKey', args: [issuerId, keyId] })
      return toStanding(decodeFunctionResult({ abi, functionName: 'standingOfKey', data: await chain.call(to(data)) }))
    },
    consentNonce: async (account) => {
      const data = encodeFunctionData({ abi, functionName: 'nonceOf', args: [account] })
      return Number(decodeFunctionResult({ abi, functionName: 'nonceOf', data: await chain.call(to(data)) }))
    },
    calls: {
      register: (salt, did, profileDigest) =>
        to(encodeFunctionData({ abi, functionName: 'register', args: [salt, did, profileDigest] })),
      describe: (issuerId, did, profileDigest) =>
        to(encodeFunctionData({ abi, functionName: 'describe', args: [issuerId, did, profileDigest] })),
      addAccount: (issuerId, account, deadline, signature) =>
        to(
          encodeFunctionData({
            abi,
            functionName: 'addAccountBySignature',
            args: [issuerId, account, BigInt(deadline), signature],
          }),
        ),
      retireAccount: (issuerId, account) =>
        to(encodeFunctionData({ abi, functionName: 'retireAccount', args: [issuerId, account] })),
      reportAccount: (issuerId, account, from) =>
        to(encodeFunctionData({ abi, functionName: 'reportAccount', args: [issuerId, account, BigInt(from)] })),
      addKey: (issuerId, keyId) => to(encodeFunctionData({ abi, functionName: 'addKey', args: [issuerId, keyId] })),
      retireKey: (issuerId, keyId) =>
        to(encodeFunctionData({ abi, functionName: 'retireKey', args: [issuerId, keyId] })),
      reportKey: (issuerId, keyId, from) =>
        to(encodeFunctionData({ abi, functionName: 'reportKey', args: [issuerId, keyId, BigInt(from)] })),
    },
  }
}

type Answer = {
  readonly validFrom: bigint
  readonly retiredOn: bigint
  readonly compromisedFrom: bigint
  readonly reportedOn: bigint
}

function toStanding({ validFrom, retiredOn, compromisedFrom, reportedOn }: Answer): Standing.Standing | undefined {
  if (validFrom === 0n) return undefined
  return {
    validFrom: Number(validFrom),
    ...(retiredOn === 0n ? {} : { retiredOn: Number(retiredOn) }),
    ...(compromisedFrom === 0n
      ? {}
      : { compromised: { from: Number(compromisedFrom), reportedOn: Number(reportedOn) } }),
  }
}
