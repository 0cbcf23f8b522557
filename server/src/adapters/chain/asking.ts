import type * as Bytes from '@laurel/core/Bytes'
import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type ContractFunctionReturnType,
  decodeFunctionResult,
  encodeFunctionData,
} from 'viem'
import type { Chain } from '../../ports/Chain.ts'

type View = 'pure' | 'view'

/** Asks a contract what its views answer. */
export function asking<const abi extends Abi>(chain: Pick<Chain, 'call'>, to: Bytes.Hex, abi: abi) {
  return async <name extends ContractFunctionName<abi, View>>(
    functionName: name,
    args: ContractFunctionArgs<abi, View, name>,
  ): Promise<ContractFunctionReturnType<abi, View, name>> => {
    const asked = { abi, functionName, args } as never
    const data = await chain.call({ to, data: encodeFunctionData(asked) })
    return decodeFunctionResult({ abi, functionName, data } as never) as ContractFunctionReturnType<abi, View, name>
  }
}
