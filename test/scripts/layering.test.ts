import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import * as ImportLaw from '../../scripts/check/ImportLaw.ts'
import { layering } from '../../scripts/check/layering.ts'

describe('layering', () => {
  let root: string
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'laurel-layering-'))
    write('package.json', '{ "devDependencies": { "chai": "1", "ethers": "1", "hardhat": "1" } }')
    const imports = {
      '#Sha256': { node: './src/node/Sha256.ts', default: './src/internal/Sha256.ts' },
      '#Lonely': { node: './src/node/Lonely.ts' },
      '#Wrong': { default: './src/node/Wrong.ts' },
    }
    write('core/package.json', JSON.stringify({ imports, dependencies: { '@noble/hashes': '1' } }))
    write('verifier/package.json', '{ "dependencies": { "@laurel/core": "1", "viem": "1", "zod": "1" } }')
    write('server/package.json', '{ "dependencies": { "viem": "1", "zod": "1", "express": "1" } }')
    write('bench/package.json', '{ "dependencies": { "peer": "1" } }')
    write('bench/peers/apart/package.json', '{ "dependencies": { "other-peer": "1" } }')
  })
  afterEach(() => rmSync(root, { recursive: true, force: true }))

  const forbidden: readonly (readonly [path: string, text: string, rule: string])[] = [
    ['core/src/A.ts', "import { readFileSync } from 'node:fs'", 'core is pure'],
    ['core/src/A.ts', "import { readFileSync } from 'fs'", 'core is pure'],
    ['core/src/A.ts', "import * as B from '@laurel/verifier'", 'core imports no workspace'],
    ['core/src/A.ts', "import type { B } from '../../server/src/B.ts'", 'core imports no workspace'],
    ['core/src/A.ts', "import { z } from 'zod'", 'zod stands at the edges'],
    ['core/src/A.ts', "import { keccak256 } from 'viem'", 'an Ethereum SDK'],
    ['core/src/A.ts', "import lodash from 'lodash'", 'lodash is not declared'],
    ['core/src/A.ts', "import {\n  a,\n  b,\n} from 'zod'", 'zod stands at the edges'],
    ['core/src/A.ts', "export * from 'viem/utils'", 'an Ethereum SDK'],
    ['core/src/A.ts', "const a = await import('node:fs')", 'core is pure'],
    ['core/src/A.ts', "import 'node:fs'", 'core is pure'],
    ['core/src/A.ts', "import * as engine from './node/Sha256.ts'", 'by a conditional import only'],
    ['core/src/A.ts', "import * as engine from '#Lonely'", '#Lonely is not declared'],
    ['core/src/A.ts', "import * as engine from '#Wrong'", '#Wrong is not declared'],
    ['core/src/A.ts', "import * as engine from '#Unknown'", '#Unknown is not declared'],
    ['core/src/node/A.ts', "import * as B from '@laurel/verifier'", 'core imports no workspace'],
    ['server/src/A.ts', "import * as engine from '@laurel/core/node/Sha256'", 'by a conditional import only'],
    ['verifier/src/A.ts', "import * as engine from '#Sha256'", '#Sha256 is not declared'],
    ['verifier/src/index.ts', "import { readFile } from 'node:fs/promises'", 'runs in a browser'],
    ['verifier/src/index.ts', "import * as A from './cli/A.ts'", 'does not know its command line'],
    ['verifier/src/index.ts', "import * as A from './readers/node/Folder.ts'", 'nor readers that need Node'],
    ['verifier/src/readers/Http.ts', "import { lookup } from 'node:dns'", 'runs in a browser'],
    ['verifier/src/verify.ts', "import { z } from 'zod'", 'zod stands at the edges'],
    ['verifier/src/checks/anchored.ts', "import { createPublicClient } from 'viem'", 'an Ethereum SDK'],
    ['verifier/src/index.ts', "import * as B from '../../server/src/Batch.ts'", 'the verifier imports core only'],
    ['verifier/src/index.ts', "import * as B from '@laurel/core/internal/Cbor'", 'internal/ stays inside'],
    [
      'server/src/pipeline/1-intake.ts',
      "import { f } from '../adapters/store/f.ts'",
      'pipeline, status and content know ports',
    ],
    [
      'server/src/status/revoke.ts',
      "import type { f } from '../http/app.ts'",
      'pipeline, status and content know ports',
    ],
    ['server/src/ports/Chain.ts', "import type { f } from '../adapters/chain/f.ts'", 'ports know nothing'],
    ['server/src/adapters/chain/Rpc.ts', "import { work } from '../../worker.ts'", 'adapters know ports'],
    ['server/src/http/app.ts', "import { f } from '../adapters/store/f.ts'", 'only main composes'],
    ['server/src/pipeline/2-draft.ts', "import { z } from 'zod'", 'zod stands at the edges'],
    ['server/src/pipeline/6-submit.ts', "import { toHex } from 'viem'", 'an Ethereum SDK'],
    [
      'server/src/main.ts',
      "import { f } from '../../scripts/test.ts'",
      'the server imports core and the verifier only',
    ],
    ['scripts/demo.ts', "import { Wallet } from 'ethers'", 'ethers stands in contract tests only'],
    ['test/core/A.test.ts', "import { Wallet } from 'ethers'", 'ethers stands in contract tests only'],
    ['scripts/run.js', "import pc from 'picocolors'", 'the bootstrap runs where nothing is installed'],
    ['server/bin/laurel.js', "import '../src/cli.ts'", 'a launcher imports the bootstrap only'],
    [
      'test/core/A.test.ts',
      "import { MerkleTree } from 'peer'",
      'peer is not declared in the package.json of the root',
    ],
    ['bench/A.ts', "import { z } from 'zod'", 'zod is not declared in the package.json of bench'],
    [
      'bench/peers/apart/A.ts',
      "import peer from 'peer'",
      'peer is not declared in the package.json of bench/peers/apart',
    ],
  ]
  for (const [path, text, rule] of forbidden) {
    it(`refuses ${JSON.stringify(text)} in ${path}`, () => {
      write(path, `/** A module. */\n${text}\n`)
      const found = layering(root)
      expect(found.join('\n')).to.contain(rule)
      expect(found[0]).to.match(new RegExp(`^${path.replaceAll('.', '\\.')}:\\d+ imports `))
    })
  }

  const allowed: readonly (readonly [path: string, text: string])[] = [
    ['core/src/A.ts', "import { sha256 } from '@noble/hashes/sha2.js'\nimport * as B from './B.ts'"],
    ['core/src/A.ts', "import * as engine from '#Sha256'"],
    ['core/src/node/Sha256.ts', "import { hash } from 'node:crypto'"],
    ['test/core/A.test.ts', "import * as node from '../../core/src/node/Sha256.ts'"],
    ['core/src/A.ts', "/** See `import { x } from 'node:fs'`. */\n// import { z } from 'zod'"],
    ['core/src/A.ts', "const sentence = 'we import nothing from node:fs'"],
    ['verifier/src/checks/anchored.ts', "import * as A from '@laurel/core/AnchorProof'"],
    ['verifier/src/cli/trust-file.ts', "import { z } from 'zod'\nimport { readFile } from 'node:fs/promises'"],
    ['verifier/src/readers/node/Folder.ts', "import { readFile } from 'node:fs/promises'"],
    ['verifier/src/readers/Chain.ts', "import { createPublicClient } from 'viem'"],
    ['server/src/pipeline/1-intake.ts', "import type { Chain } from '../ports/Chain.ts'"],
    [
      'server/src/adapters/chain/Rpc.ts',
      "import { http } from 'viem'\nimport type { Chain } from '../../ports/Chain.ts'",
    ],
    ['server/src/main.ts', "import { f } from './adapters/store/f.ts'\nimport * as V from '@laurel/verifier'"],
    ['server/src/config.ts', "import { z } from 'zod'"],
    ['server/bin/laurel.js', "import { run } from '../../scripts/run.js'"],
    ['bench/peers/peer.ts', "import peer from 'peer'\nimport * as A from '@laurel/core/AnchorProof'"],
    ['bench/peers/apart/A.ts', "import peer from 'other-peer'\nimport type { Side } from '../../Side.ts'"],
    ['test/contracts/A.test.ts', "import { Wallet } from 'ethers'\nimport { expect } from 'chai'"],
  ]
  for (const [path, text] of allowed) {
    it(`allows ${JSON.stringify(text)} in ${path}`, () => {
      write(path, `${text}\n`)
      expect(layering(root)).to.deep.equal([])
    })
  }

  it('names the line on which the import ends', () => {
    expect(ImportLaw.imports("const a = 1\n\nimport {\n  b,\n} from 'c'\n")).to.deep.equal([
      { specifier: 'c', line: 5 },
    ])
  })
})
