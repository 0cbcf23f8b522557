import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'

const script = fileURLToPath(new URL('vanished.ts', import.meta.url))
const run = promisify(execFile)

type Row = { readonly verdict: string; readonly status: { readonly code: string; readonly message: string } }

/** A network of its own, in which there is this machine and nothing else. */
const apart = ['unshare', '--user', '--map-root-user', '--net', 'sh', '-c', 'ip link set lo up && exec "$0" "$@"']

describe('A batch whose issuer has vanished', function () {
  this.timeout(300_000)

  it('verifies with one RPC left: no server, no domain, no IPFS, and the status as of the last list', async function () {
    try {
      await run('unshare', [...apart.slice(1), 'true'])
    } catch {
      console.log('      SKIPPED: this machine makes no network namespace (unshare, ip)')
      this.skip()
    }
    const [command = '', ...args] = [...apart, process.execPath, script]
    const { stdout } = await run(command, args, { maxBuffer: 2 ** 24 })
    const found: Readonly<Record<'keepsakes' | 'files' | 'recorded' | 'earlier', readonly Row[]>> = JSON.parse(stdout)
    const { keepsakes, files } = found
    expect(keepsakes).to.have.length(5)
    // JSON and PNG of each.
    expect(files).to.have.length(10)
    for (const [rows, revoked] of [
      [keepsakes, 1],
      [files, 2],
    ] as const) {
      expect(rows.filter(({ status }) => status.code === 'REVOKED')).to.have.length(revoked)
      for (const { verdict, status } of rows) {
        if (status.code === 'REVOKED') expect(verdict).to.equal('rejected')
        else {
          expect(verdict).to.equal('accepted')
          expect(status.message).to.match(/as of \d{4}-\d\d-\d\dT/)
        }
      }
    }
    // How they stood when the last list came to the chain; and before, of which nobody has the list any more.
    const codes = (rows: readonly Row[]) => rows.map(({ verdict, status }) => `${verdict} ${status.code}`).toSorted()
    const good = Array.from({ length: 4 }, () => 'accepted NOT_REVOKED_THEN')
    expect(codes(found.recorded)).to.deep.equal([...good, 'rejected REVOKED'])
    expect(codes(found.earlier)).to.deep.equal(Array.from({ length: 5 }, () => 'unknown STATUS_VERSION_UNAVAILABLE'))
  })
})
