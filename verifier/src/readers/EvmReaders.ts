import type { Readers } from '../Readers.ts'
import * as EvmAnchorReader from './EvmAnchorReader.ts'
import * as EvmHistoryReader from './EvmHistoryReader.ts'
import * as EvmStorageReader from './EvmStorageReader.ts'
import * as EvmTransactionReader from './EvmTransactionReader.ts'
import type { Fetch } from './JsonRpc.ts'
import * as Patience from './Patience.ts'

/** All that is asked of chains over JSON-RPC, with one patience for all of it. */
export function create(fetch: Fetch): Pick<Readers, 'anchor' | 'words' | 'history' | 'transaction'> {
  const patient = Patience.create(fetch)
  return {
    anchor: EvmAnchorReader.create(patient),
    words: EvmStorageReader.create(patient),
    history: EvmHistoryReader.create(patient),
    transaction: EvmTransactionReader.create(patient),
  }
}
