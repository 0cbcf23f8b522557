import { keccak_256 } from '@noble/hashes/sha3.js'
import * as Bytes from './Bytes.ts'
import * as Errors from './Errors.ts'
import * as Rlp from './Rlp.ts'

/** What of a block's header is read. `time` is in seconds since 1970; hashes are 32 bytes. */
export type BlockHeader = {
  readonly hash: Uint8Array
  readonly parentHash: Uint8Array
  readonly stateRoot: Uint8Array
  readonly number: bigint
  readonly time: number
}

/** Fewest and most members that the header of a fork has had, with room for those to come. */
const fewest = 15
const most = 32

/**
 * Reads the RLP of a header from anybody: what it says is what hashes to its hash.
 *
 * @throws {InvalidHeaderError} HEADER_INVALID, and RLP_INVALID
 */
export function parse(bytes: Uint8Array): BlockHeader {
  const items = Rlp.decode(bytes)
  if (items instanceof Uint8Array || items.length < fewest || items.length > most) throw new InvalidHeaderError()
  // Yellow Paper §4.4: what has come later stands behind.
  const [parentHash, , , stateRoot, , , , , number, , , time] = items.map((item) => {
    if (!(item instanceof Uint8Array)) throw new InvalidHeaderError()
    return item
  })
  if (parentHash?.length !== 32 || stateRoot?.length !== 32) throw new InvalidHeaderError()
  return {
    hash: keccak_256(bytes),
    parentHash,
    stateRoot,
    number: integer(number),
    time: Number(integer(time)),
  }
}

/** The members of a header as JSON-RPC names them, in the order in which they are encoded. Forks append. */
const members = [
  'parentHash',
  'sha3Uncles',
  'miner',
  'stateRoot',
  'transactionsRoot',
  'receiptsRoot',
  'logsBloom',
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'extraData',
  'mixHash',
  'nonce',
  'baseFeePerGas',
  'withdrawalsRoot',
  'blobGasUsed',
  'excessBlobGas',
  'parentBeaconBlockRoot',
  'requestsHash',
] as const

const quantities: ReadonlySet<string> = new Set([
  'difficulty',
  'number',
  'gasLimit',
  'gasUsed',
  'timestamp',
  'baseFeePerGas',
  'blobGasUsed',
  'excessBlobGas',
])

/**
 * The RLP of a header out of what `eth_getBlockByNumber` answers. Whether it is the block's is for its hash to say: a
 * chain may have members of its own.
 *
 * @throws {InvalidHeaderError} HEADER_INVALID, and HEX_INVALID
 */
export function fromJsonRpc(block: Readonly<Record<string, unknown>>): Uint8Array {
  const present = members.filter((name) => block[name] !== undefined && block[name] !== null)
  return Rlp.encode(
    present.map((name) => {
      const value = block[name]
      if (typeof value !== 'string') throw new InvalidHeaderError()
      if (!quantities.has(name)) return Bytes.fromHex(value)
      if (!/^0x[0-9a-f]{1,64}$/.test(value)) throw new InvalidHeaderError()
      return Rlp.integer(BigInt(value))
    }),
  )
}

function integer(bytes: Uint8Array | undefined): bigint {
  if (bytes === undefined || bytes.length > 6 || bytes[0] === 0) throw new InvalidHeaderError()
  return Rlp.toInteger(bytes)
}

/** Thrown when bytes are not the header of a block. */
export class InvalidHeaderError extends Errors.BaseError<'HEADER_INVALID'> {
  override readonly name = 'BlockHeader.InvalidHeaderError'
  constructor() {
    super('HEADER_INVALID', 'The header of a block is not what it has to be.')
  }
}
