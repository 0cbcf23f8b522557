/**
 * A process of its own that has a lane go on until all that its account intends is settled.
 * Arguments: the database, the RPC, the account's private key, and after how many milliseconds more is offered.
 */
import type * as Bytes from '@laurel/core/Bytes'
import * as Errors from '@laurel/core/Errors'
import * as AnchorRegistry from '@laurel/core/generated/AnchorRegistry'
import * as EvmChain from '../../../server/src/adapters/chain/EvmChain.ts'
import * as SqlTransactionStore from '../../../server/src/adapters/store/SqlTransactionStore.ts'
import { advance } from '../../../server/src/transactions/advance.ts'
import { createSigner } from '../adapters/chain.ts'

const [path = '', url = '', secret = '', patience = ''] = process.argv.slice(2)
const signer = createSigner(secret as Bytes.Hex)
const chain = EvmChain.create(31337, EvmChain.createClient(url), {
  url,
  registry: AnchorRegistry.address,
  confirmations: 1,
  finality: 'confirmations',
  test: true,
  development: true,
})
const transactions = await SqlTransactionStore.open(path)
const options = {
  transactions,
  chain,
  signer,
  clock: { now: Date.now },
  maximumFee: 10n ** 12n,
  patience: Number(patience),
}
while ((await transactions.open(chain.chainId, signer.address)).length > 0)
  await advance(options).catch((error) => {
    if (!(error instanceof Errors.BaseError)) throw error
  })
await transactions.close()
