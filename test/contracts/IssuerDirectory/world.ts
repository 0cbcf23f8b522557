import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { Contract, concat, keccak256, type TransactionReceipt, toBeHex, Wallet } from 'ethers'
import * as Bytes from '../../../core/src/Bytes.ts'
import { abi } from '../../../core/src/generated/IssuerDirectory.ts'
import * as IssuerDirectory from '../../../core/src/IssuerDirectory.ts'
import * as IssuerHistory from '../../../core/src/IssuerHistory.ts'
import * as Support from '../support.ts'
import { leavesOfSuite, leavesOfTree } from '../tree.ts'

type Signer = Awaited<ReturnType<Support.Chain['ethers']['getSigner']>>

/** A transaction that went through: its receipt, the time of its block, and what it logged, by name. */
export type Sent = {
  readonly receipt: TransactionReceipt
  readonly time: number
  readonly events: readonly (readonly [name: string, ...args: unknown[]])[]
}

/** A directory on a chain of its own, with one issuer that {@link World.controller} has registered. */
export type World = {
  readonly chain: Support.Chain
  readonly directory: Contract
  readonly address: Bytes.Hex
  /** What it was deployed by. */
  readonly initCode: string
  readonly controller: Signer
  readonly candidate: Signer
  readonly account: Signer
  readonly other: Signer
  readonly stranger: Signer
  readonly issuerId: string
  /** How the issuer was registered. */
  readonly registered: Sent
  /** The time of the newest block. */
  now(): Promise<number>
  /** Dates the next block. */
  setNext(time: number): Promise<void>
  send(from: Signer, name: string, ...args: readonly unknown[]): Promise<Sent>
  /** Asks a view; several answers come as an array. */
  ask(name: string, ...args: readonly unknown[]): Promise<unknown>
  /** That a call reverts with this error and these values, and leaves the issuer as it was. */
  refuses(
    call: readonly [from: Signer, name: string, ...args: unknown[]],
    error: string,
    ...values: unknown[]
  ): Promise<void>
  storage(slot: Uint8Array): Promise<string>
  setCode(address: string, code: string): Promise<void>
  /** An account without key at hand, with means to send. */
  impersonate(address: string): Promise<Signer>
}

export const salt = toBeHex(1, 32)
export const did = 'did:web:badges.example.org'
export const profileDigest = keccak256('0x01')
export const zero = toBeHex(0, 32)
export const nobody = toBeHex(0, 20)
export const day = 86_400

/** Mounts the specification of a function under both profiles, and holds it against its tree. */
export function specify(name: string, body: (world: () => World) => void): void {
  describe(`IssuerDirectory.sol ${name}`, () => {
    for (const profile of Support.profiles) {
      describe(`${profile} profile`, () => {
        let chain: Support.Chain
        let world: World

        compileFirst(profile)

        before(async () => {
          chain = await Support.chain()
        })

        after(() => chain.close())

        async function deployed() {
          const [deployer] = await chain.ethers.getSigners()
          const { initCode } = await Support.compile(profile, 'IssuerDirectory')
          const receipt = await (await deployer?.sendTransaction({ data: initCode }))?.wait()
          const made = { ...(await worldOf(chain, receipt?.contractAddress ?? '')), initCode }
          return { made, registered: await made.send(made.controller, 'register', salt, did, profileDigest) }
        }

        beforeEach(async () => {
          const { made, registered } = await chain.networkHelpers.loadFixture(deployed)
          world = { ...made, registered }
        })

        body(() => world)
      })
    }

    it(`has exactly one test for each leaf of ${name}.tree, in its order, under both profiles`, async function () {
      const tree = leavesOfTree(await readFile(new URL(`${name}.tree`, import.meta.url), 'utf8'))
      expect(tree).not.to.deep.equal([])
      const suites = this.test?.parent?.suites ?? []
      expect(suites).to.have.lengthOf(2)
      for (const suite of suites) expect(suite.suites.flatMap((inner) => leavesOfSuite(inner))).to.deep.equal(tree)
    })
  })
}

/** Compiles in a hook of its own, because that takes as long as the machine is busy with other things. */
export function compileFirst(profile: Support.Profile): void {
  before(async function () {
    this.timeout(600_000)
    await Support.compile(profile, 'IssuerDirectory')
  })
}

/** A directory that is already there, in which nobody has registered anything yet. */
export async function worldOf(chain: Support.Chain, address: string): Promise<Omit<World, 'registered' | 'initCode'>> {
  const [, controller, candidate, account, other, stranger] = (await chain.ethers.getSigners()) as Required<
    [Signer, Signer, Signer, Signer, Signer, Signer]
  >
  const directory = new Contract(address, abi, chain.ethers.provider)
  const { chainId } = await chain.ethers.provider.getNetwork()
  const issuerId = IssuerDirectory.issuerId(Number(chainId), hex(controller.address), Bytes.fromHex(salt))
  const headOf = async (): Promise<string> => directory.getFunction('headOf')(issuerId)

  const submit = (from: Signer, name: string, args: readonly unknown[]) =>
    from.sendTransaction({ to: address, data: directory.interface.encodeFunctionData(name, args) })

  return {
    chain,
    directory,
    address: hex(address),
    controller,
    candidate,
    account,
    other,
    stranger,
    issuerId: Bytes.toHex(issuerId),
    now: () => chain.networkHelpers.time.latest(),
    setNext: (time) => chain.networkHelpers.time.setNextBlockTimestamp(time),
    async send(from, name, ...args) {
      const receipt = await (await submit(from, name, args)).wait()
      if (receipt === null) throw new Error('the transaction was not mined')
      const events = receipt.logs.map((log) => {
        expect(hex(log.address)).to.equal(hex(address))
        const event = directory.interface.parseLog(log)
        if (event === null) throw new Error('the directory emits what its interface does not know')
        return [event.name, ...event.args.toArray()] as const
      })
      return { receipt, time: (await receipt.getBlock()).timestamp, events }
    },
    async ask(name, ...args) {
      const answer = await directory.getFunction(name)(...args)
      return typeof answer === 'object' ? answer.toArray(true) : answer
    },
    async refuses([from, name, ...args], error, ...values) {
      const before = await headOf()
      await expect(submit(from, name, args))
        .to.be.revertedWithCustomError(directory, `IssuerDirectory_${error}`)
        .withArgs(...values)
      expect(await headOf()).to.equal(before)
    },
    storage: (slot) => chain.ethers.provider.getStorage(address, Bytes.toHex(slot)),
    async setCode(of, code) {
      await chain.provider.request({ method: 'hardhat_setCode', params: [of, code] })
    },
    async impersonate(of) {
      await chain.provider.request({ method: 'hardhat_setBalance', params: [of, '0x3635c9adc5dea00000'] })
      await chain.provider.request({ method: 'hardhat_impersonateAccount', params: [of] })
      return chain.ethers.getSigner(of)
    },
  }
}

/** The head to which the logs of these transactions fold, in the way of TypeScript. */
export function fold(...sent: readonly Sent[]): string {
  const entries = sent.flatMap(({ receipt, time }) =>
    receipt.logs.map(({ topics, data }) => ({ topics: topics.map((topic) => Bytes.fromHex(topic)), data, time })),
  )
  return Bytes.toHex(IssuerHistory.head(entries.map((entry) => ({ ...entry, data: Bytes.fromHex(entry.data) }))))
}

/** A view's answer about a standing. */
export function standing(validFrom = 0, retiredOn = 0, compromisedFrom = 0, reportedOn = 0): readonly bigint[] {
  return [validFrom, retiredOn, compromisedFrom, reportedOn].map(BigInt)
}

export function hex(text: string): Bytes.Hex {
  return text.toLowerCase() as Bytes.Hex
}

/** An account outside of the chain's own, whose key is at hand. */
export const signing = new Wallet(keccak256('0x02'))

/** What an account signs to join the issuer within the hour, with whatever shall differ. */
export async function joinOf(
  { chain, address, issuerId, now }: World,
  difference: Partial<IssuerDirectory.Join> = {},
): Promise<IssuerDirectory.Join> {
  const { chainId } = await chain.ethers.provider.getNetwork()
  return {
    chainId: Number(chainId),
    directory: address,
    issuerId: Bytes.fromHex(issuerId),
    account: hex(signing.address),
    nonce: 0,
    deadline: (await now()) + 3_600,
    ...difference,
  }
}

/** The signature of {@link signing}, or another wallet, over what it joins by: `r ‖ s ‖ v`. */
export function signatureOf(join: IssuerDirectory.Join, wallet = signing): string {
  return wallet.signingKey.sign(IssuerDirectory.joinDigest(join)).serialized
}

const magic = '0x1626ba7e'

const push = (word: string) => concat(['0x7f', word])
const returnWord = (word: string, size = 32) => concat([push(word), '0x5f52', '0x62', toBeHex(size, 3), '0x5ff3']) // MSTORE it at 0, RETURN `size` bytes from 0

/** Contracts that answer whatever they are called with, as code. */
export const wallets = {
  agreeing: returnWord(magic.padEnd(66, '0')),
  /** The magic value, and something in the 28 bytes that have to be zero. */
  sloppy: returnWord(magic.padEnd(66, '01')),
  /** The word `true`. */
  nodding: returnWord(toBeHex(1, 32)),
  /** The magic value as a number: the four bytes in the wrong place. */
  shifted: returnWord(toBeHex(magic, 32)),
  /** The magic value, without the zeros after it. */
  short: returnWord(magic.padEnd(66, '0'), 4),
  /** The magic value, and a mebibyte of zeros. */
  flooding: returnWord(magic.padEnd(66, '0'), 2 ** 20),
  silent: '0x00', // STOP
  reverting: '0x5f5ffd', // REVERT without data
  /** Reverts with a mebibyte. */
  raging: '0x621000005ffd',
  /** Loops until its gas is gone. */
  endless: '0x5b5f56', // JUMPDEST, PUSH0, JUMP
  /** Takes all of its gas at once. */
  invalid: '0xfe',
} as const

/** A contract that agrees to exactly one call, and reverts on every other. */
export function walletFor(calldata: string): string {
  return concat([
    '0x365f5f37', // CALLDATACOPY all of it to 0
    '0x365f20', // its KECCAK256
    push(keccak256(calldata)),
    '0x14', // EQ
    '0x602f57', // JUMPI to 47
    '0x5f5ffd', // REVERT
    '0x5b', // 47: JUMPDEST
    wallets.agreeing,
  ])
}
