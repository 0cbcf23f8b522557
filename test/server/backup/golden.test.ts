import { readdirSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import * as Cli from '../../support/Cli.ts'
import { freePort } from '../../support/free-port.ts'

const folder = fileURLToPath(new URL('../../vectors/homes/', import.meta.url))
const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

/** A home for each form that its tables had: two credentials, one of them revoked, on an embedded chain. They stay. */
const homes = readdirSync(folder).filter((name) => name.endsWith('.backup'))

describe('A home of an earlier version', function () {
  this.timeout(900_000)

  for (const name of homes)
    it(`${name}: is restored and updated, and its credentials verify`, async () => {
      const { home, remove } = await Cli.createHome()
      try {
        const passphrase = join(home, 'passphrase')
        await writeFile(passphrase, 'the golden homes are no secret')
        const environment = { LAUREL_HOME: join(home, 'restored') }
        const run = async (...args: readonly string[]) => {
          const { code, stdout, stderr } = await Cli.run('laurel', [...args, '--json'], environment)
          expect(code, `${args.join(' ')}: ${stdout}${stderr}`).to.equal(0)
          return JSON.parse(stdout)
        }
        await run('restore', join(folder, name), '--passphrase-file', passphrase)
        expect(await run('reconcile')).to.deep.include({ roots: [], blocked: [], unexplained: [] })
        const [batch] = await run('status')
        expect(batch).to.include({ state: 'delivered', size: 2 })
        const roster = join(home, 'roster.csv')
        await writeFile(roster, 'name,email\nAda,ada@example.org\n')
        const { folder: issued } = await Cli.issue(roster, achievement, environment)
        const target = join(home, 'exported')
        await run('export', batch.batch, target)
        const summary = JSON.parse(await readFile(join(target, 'summary.json'), 'utf8'))
        const [kept, revoked] = summary.credentials.map(({ file }: { readonly file: string }) => join(target, file))
        // The chain of the home runs as long as somebody uses it.
        const server = await Cli.start({ ...environment, PORT: String(await freePort()) })
        try {
          const verify = async (path: string) => (await Cli.run('laurel-verify', [path], environment)).code
          expect([await verify(kept), await verify(revoked), await verify(issued)]).to.deep.equal([0, 1, 0])
        } finally {
          await server.stop()
        }
      } finally {
        await remove()
      }
    })
})
