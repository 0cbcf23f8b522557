import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { FunctionFragment, Interface, type ParamType, toBeHex } from 'ethers'
import { leavesOfTree } from '../tree.ts'

/** The kinds of hostile inputs that a contract might meet. */
const surfaces = ['merkle-proof', 'eip712', 'contract-call'] as const

/** What becomes of every hostile input in a contract. */
export type Answers = {
  /** The leaves of the contract's trees that are the input. Each of them is a test, as the trees' own tests say. */
  readonly taken: Readonly<Record<string, readonly string[]>>
  /** Why there is none, by the input, or by its kind where no input of the kind can be. */
  readonly struck: Readonly<Record<string, string>>
}

/** What a contract with an owner, roles, an upgrade, a pause or anything else of that kind would have. */
const ofRulers = new Interface(
  [
    ...['owner()', 'pause()', 'unpause()', 'withdraw()', 'renounceOwnership()', 'initialize()'],
    ...['initialize(bytes32)', 'initialize(address)', 'transferOwnership(address)', 'setDelegate(address)'],
    ...['upgradeTo(address)', 'upgradeToAndCall(address,bytes)', 'multicall(bytes[])', 'setBaseURI(string)'],
    ...['grantRole(bytes32,address)', 'renounceRole(bytes32,address)', 'setTokenURI(uint256,string)'],
    ...['mint(address,uint256)', 'unlock(uint256)'],
  ].map((signature) => `function ${signature}`),
)

/** Calls of the functions that a contract without rulers has none of, each in its right form, in somebody's favour. */
export function callsOfRulers(account: string): readonly string[] {
  const argument = ({ type }: ParamType) => {
    if (type.endsWith('[]')) return []
    if (type === 'address') return account
    if (type === 'uint256') return 1
    return type === 'bytes32' ? toBeHex(0, 32) : '0x'
  }
  return ofRulers.fragments
    .filter((fragment) => fragment instanceof FunctionFragment)
    .map((fragment) => ofRulers.encodeFunctionData(fragment, fragment.inputs.map(argument)))
}

const table = new URL('../../../../shared/reference/hostile-inputs.json', import.meta.url)

/**
 * Holds the answers of a contract against the table of hostile inputs and against its trees.
 *
 * @param folder where its `.tree` files are; a leaf begins with the name of its file
 */
export function shouldAnswerHostileInputs(folder: URL, { taken, struck }: Answers): void {
  it('are all taken or struck out, none twice', function () {
    if (!existsSync(table)) {
      console.log('      SKIPPED: the table of hostile inputs is not beside this clone')
      this.skip()
    }
    const entries: readonly { readonly id: string; readonly surface: string }[] = JSON.parse(
      readFileSync(table, 'utf8'),
    )
    const wanted = surfaces.flatMap((surface) =>
      surface in struck ? [surface] : entries.filter((entry) => entry.surface === surface).map(({ id }) => id),
    )
    expect(wanted).to.have.lengthOf.at.least(surfaces.length)
    expect([...Object.keys(taken), ...Object.keys(struck)]).to.have.members(wanted)
  })

  for (const [id, leaves] of Object.entries(taken))
    it(`${id} is in a tree of the contract`, () => {
      expect(leaves).not.to.deep.equal([])
      for (const leaf of leaves) {
        const tree = new URL(`${leaf.split(' > ', 1)[0]}.tree`, folder)
        expect(leavesOfTree(readFileSync(tree, 'utf8'))).to.include(leaf)
      }
    })
}
