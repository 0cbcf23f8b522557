import type * as Bytes from '@laurel/core/Bytes'
import * as Generated from '@laurel/core/generated/IssuerDirectory'
import type * as Standing from '@laurel/core/Standing'
import { encodeFunctionData, zeroAddress } from 'viem'
import type { Chain } from '../../ports/Chain.ts'
import type { Call, IssuerDirectory } from '../../ports/IssuerDirectory.ts'
import { asking } from './asking.ts'

const { abi, address } = Generated

/** The directory at the address that it has on every chain. */
export function create(chain: Pick<Chain, 'call'>): IssuerDirectory {
  const ask = asking(chain, address, abi)
  const to = (data: Bytes.Hex): Call => ({ to: address, data })
  return {
    address,
    issuer: async (issuerId) => {
      const controller = await ask('controllerOf', [issuerId])
      if (controller === zeroAddress) return undefined
      const [did, profileDigest] = await ask('descriptionOf', [issuerId])
      const head = await ask('headOf', [issuerId])
      return { controller: controller.toLowerCase() as Bytes.Hex, did, profileDigest, head }
    },
    account: async (issuerId, account) => toStanding(await ask('standingOf', [issuerId, account])),
    key: async (issuerId, keyId) => toStanding(await ask('standingOfKey', [issuerId, keyId])),
    consentNonce: async (account) => Number(await ask('nonceOf', [account])),
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
