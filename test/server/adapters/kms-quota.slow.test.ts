import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import * as AwsKms from '../../../server/src/adapters/signer/AwsKms.ts'
import * as Kms from '../../../server/src/adapters/signer/Kms.ts'
import * as KeyUri from '../../../server/src/KeyUri.ts'
import * as AwsKmsStub from '../../support/AwsKmsStub.ts'
import * as Cli from '../../support/Cli.ts'
import * as KeyPair from '../../support/KeyPair.ts'

const count = 10_000

describe('A KMS that answers after twenty milliseconds', function () {
  this.timeout(600_000)
  let stub: AwsKmsStub.AwsKmsStub
  let home: string
  let remove: () => Promise<void>
  beforeEach(async () => {
    stub = await AwsKmsStub.start()
    ;({ home, remove } = await Cli.createHome())
    const { id, secret, token } = AwsKmsStub.credentials
    const lines = [`aws_access_key_id = ${id}`, `aws_secret_access_key = ${secret}`, `aws_session_token = ${token}`]
    await writeFile(join(home, 'aws'), `[default]\n${lines.join('\n')}\n`)
  })
  afterEach(async () => {
    await stub.stop()
    await remove()
  })

  for (const quota of [Number.POSITIVE_INFINITY, 500])
    it(`signs ${count.toLocaleString('en')} messages, ${quota === 500 ? 'of which it takes five hundred in a second' : 'as fast as it can'}`, async () => {
      const uri = KeyUri.parse(stub.create('ed25519')) as KeyUri.AwsKms
      const show = {
        file: join(home, 'aws'),
        profile: 'default',
        container: undefined,
        containerTokenFile: undefined,
        metadata: 'http://127.0.0.1:9',
      }
      const { publicKey, sign } = await AwsKms.open(uri, 'ed25519', show)
      stub.latency = 20
      stub.quota = quota
      const messages = Array.from({ length: count }, (_, i) => Bytes.fromUint(i, 64))
      const began = performance.now()
      const signatures = await Promise.all(messages.map((message) => sign(message, new AbortController().signal)))
      const seconds = (performance.now() - began) / 1_000
      const { throttled, most } = stub.seen
      console.log(`      ${seconds.toFixed(1)} s, ${throttled} turned away, ${most} at once at most`)
      for (const [i, message] of messages.entries())
        expect(KeyPair.isSigned(publicKey, 'ed25519', message, signatures[i] as Uint8Array)).to.equal(true)
      expect(most).to.be.at.most(Kms.manner.width)
      expect(stub.seen.signed).to.equal(count + throttled)
    })
})
