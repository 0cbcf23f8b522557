import { expect } from 'chai'
import * as BlockContentStore from '../../../server/src/adapters/content/BlockContentStore.ts'
import * as KuboPinning from '../../../server/src/adapters/content/KuboPinning.ts'
import * as ServicePinning from '../../../server/src/adapters/content/ServicePinning.ts'
import type { ContentStore } from '../../../server/src/ports/ContentStore.ts'
import type { Pinning } from '../../../server/src/ports/Pinning.ts'
import * as Cli from '../../support/Cli.ts'
import * as KuboStub from '../../support/KuboStub.ts'
import * as PinningServiceStub from '../../support/PinningServiceStub.ts'
import * as Probe from '../../support/Probe.ts'
import { anyBytes, collect, never, refusal, shouldBehaveLikePinning } from './pinning.ts'

/** So short that a stub which never answers is given up at once. */
const impatient = { timeout: 50 }

describe('Pinning', () => {
  let content: ContentStore
  let root: string
  let remove: () => Promise<void>
  let probe: Probe.Probe
  before(() => {
    probe = Probe.here()
  })
  beforeEach(async () => {
    const home = await Cli.createHome()
    remove = home.remove
    content = await BlockContentStore.open(home.home)
    root = await content.put(anyBytes(1_000))
  })
  afterEach(() => remove())
  const pin = (pinning: Pinning) => refusal(pinning.pin(root, content.blocks(root), never))

  describe('at an IPFS node (Kubo), on a stub of its RPC', () => {
    let stub: KuboStub.KuboStub
    beforeEach(async () => {
      stub = await KuboStub.start()
    })
    afterEach(() => stub.stop())

    shouldBehaveLikePinning(() => ({ pinning: KuboPinning.open(stub.url), offer: () => {} }))

    for (const [mode, code] of [
      ['other-cid', 'CID_MISMATCH'],
      ['trailer', 'PINNING_UNREACHABLE'],
      ['full', 'PINNING_REFUSED'],
      ['bad-gateway', 'PINNING_UNREACHABLE'],
    ] as const)
      it(`takes nothing for kept from a node in the mode ${mode}: ${code}`, async () => {
        stub.mode = mode
        expect(await pin(KuboPinning.open(stub.url))).to.equal(code)
      })

    it('gives up a node that never answers', async () => {
      stub.mode = 'hangs'
      const pinning = KuboPinning.open(stub.url, impatient)
      expect(await pin(pinning)).to.equal('PINNING_UNREACHABLE')
      expect(await refusal(pinning.keeps(root, never))).to.equal('PINNING_UNREACHABLE')
      expect(await refusal(pinning.fetch(root, never))).to.equal('PINNING_UNREACHABLE')
    })

    it('says that a node which is not there cannot be reached', async () => {
      await stub.stop()
      expect(await pin(KuboPinning.open(stub.url))).to.equal('PINNING_UNREACHABLE')
    })

    it('asks the node alone for a block, not the network', async () => {
      expect(await KuboPinning.open(stub.url, impatient).fetch(root, never)).to.equal(undefined)
      expect(stub.requests.at(-1)).to.include('offline=true')
    })

    it('does not count a block as kept that is there unpinned', async () => {
      const pinning = KuboPinning.open(stub.url)
      await pinning.pin(root, content.blocks(root), never)
      stub.pins.clear()
      expect(await pinning.keeps(root, never)).to.equal(false)
    })

    it('keeps a password out of the name of the place', () => {
      expect(KuboPinning.open('http://user:secret@127.0.0.1:5001').place).to.equal('127.0.0.1:5001')
    })
  })

  describe('at an IPFS node (Kubo), on a real one', () => {
    const url = process.env.KUBO_RPC ?? ''
    before(function () {
      if (url !== '') return
      console.log('SKIPPED: no Kubo here; KUBO_RPC names the RPC of one')
      this.skip()
    })
    if (url !== '') shouldBehaveLikePinning(() => ({ pinning: KuboPinning.open(url), offer: () => {} }))
    else it('keeps content')
  })

  describe('at a pinning service, on a stub of its API', () => {
    let stub: PinningServiceStub.PinningServiceStub
    beforeEach(async () => {
      stub = await PinningServiceStub.start()
    })
    afterEach(() => stub.stop())
    const origins = ['/dns4/ipfs.example.org/tcp/4001/p2p/QmcgpsyWgH8Y8ajJz1Cu72KnS5uo2Aa2LpzU7kinSupNKC']
    const open = (token = PinningServiceStub.token, options = {}) =>
      ServicePinning.open({ endpoint: `${stub.url}/psa`, gateway: stub.url, token, origins }, options)

    shouldBehaveLikePinning(() => ({
      pinning: open(),
      offer: (blocks) => {
        for (const { cid, bytes } of blocks) stub.elsewhere.set(cid, bytes)
      },
    }))

    for (const [mode, code] of [
      ['other-cid', 'CID_MISMATCH'],
      ['failed', 'PINNING_REFUSED'],
      ['full', 'PINNING_REFUSED'],
      ['html', 'PINNING_UNREACHABLE'],
      ['down', 'PINNING_UNREACHABLE'],
    ] as const)
      it(`takes nothing for kept from a service in the mode ${mode}: ${code}`, async () => {
        stub.mode = mode
        expect(await pin(open())).to.equal(code)
      })

    it('gives up a service that never answers', async () => {
      stub.mode = 'hangs'
      const pinning = open(undefined, impatient)
      expect(await pin(pinning)).to.equal('PINNING_UNREACHABLE')
      expect(await refusal(pinning.keeps(root, never))).to.equal('PINNING_UNREACHABLE')
      expect(await refusal(pinning.fetch(root, never))).to.equal('PINNING_UNREACHABLE')
    })

    it('asks once for what is on its way, and does not take it for kept', async () => {
      stub.mode = 'slow'
      await open().pin(root, content.blocks(root), never)
      await open().pin(root, content.blocks(root), never)
      expect(stub.pins.get(root)?.origins).to.deep.equal(origins)
      expect(await open().keeps(root, never)).to.equal(false)
    })

    it('says that it is refused with a wrong token, and names the token in no error', async () => {
      const wrong = open('wrong-token')
      try {
        await wrong.pin(root, content.blocks(root), never)
        expect.fail('it was taken')
      } catch (error) {
        expect((error as { code?: string }).code).to.equal('PINNING_REFUSED')
        expect(JSON.stringify(error) + String((error as Error).stack)).to.not.include('wrong-token')
      }
    })

    it('reads no more of an answer than a block can have', async () => {
      stub.blocks.set(root, new Uint8Array(3 * 1024 * 1024))
      expect(await refusal(open().fetch(root, never))).to.equal('PINNING_UNREACHABLE')
    })
  })

  it('hands over every block once, the root first', async () => {
    // The same bytes thrice: one leaf under several links.
    const repeated = await content.put(new Uint8Array(3 * 1024 * 1024))
    const cids = (await collect(content.blocks(repeated))).map(({ cid }) => cid)
    expect(cids[0]).to.equal(repeated)
    expect(new Set(cids).size).to.equal(cids.length)
  })
  it('takes no more memory than there is room for, whatever it is sent', async () => {
    const seen = await probe.end()
    console.log(`      ${Probe.describe(seen)}`)
    expect(seen.growth).to.be.lessThan(512 * 2 ** 20)
  })
})
