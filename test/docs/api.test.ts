import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import * as Cli from '../support/Cli.ts'
import * as Place from '../support/Place.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))

describe('docs/api.md', () => {
  it('has examples that work, one after another', async function () {
    this.timeout(120_000)
    const text = readFileSync(`${root}docs/api.md`, 'utf8')
    const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => block ?? '')
    expect(blocks).to.have.length(16)
    const { environment, base, remove } = await Place.create()
    const server = await Cli.start(environment)
    try {
      // An answer of each on a line of its own: curl alone ends with none.
      const script = blocks.map((block) => `${block}\necho; echo ----`).join('\n')
      const env = { ...process.env, LAUREL: base, KEY: server.key ?? '' }
      const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: root, env })
      const answers = stdout.split('\n----\n')
      const [me, achievement, issuer, preview, form, batch, events, lines, mailing, order, verified] = answers
      const [links, webhook, happened] = answers.slice(11)
      // The codes of problems, and not those of checks.
      for (const answer of [...answers.slice(0, 10), links]) expect(answer).to.not.include('"code":')
      expect(JSON.parse(me ?? '').key.name).to.equal('first key')
      expect(JSON.parse(achievement ?? '').version).to.equal(1)
      expect(JSON.parse(issuer ?? '')).to.include({ version: 1, name: 'Example University' })
      expect(JSON.parse(preview ?? '').recipients).to.be.greaterThan(100)
      expect(JSON.parse(form ?? '')).to.deep.include({ recipients: JSON.parse(preview ?? '').recipients })
      expect(JSON.parse(batch ?? '').state).to.equal('held')
      expect(events).to.include('"state":"delivered"')
      expect(JSON.parse(lines ?? '').credentialSubject.identifier).to.have.length(2)
      expect(JSON.parse(mailing ?? '').batch).to.equal(JSON.parse(batch ?? '').id)
      expect(JSON.parse(order ?? '').state).to.equal('waiting')
      expect(JSON.parse(verified ?? '').verdict).to.equal('accepted')
      expect(links).to.include('"waitingDays":7').and.include('"begun":')
      expect(JSON.parse(webhook ?? '').secret).to.match(/^whsec_/)
      expect(JSON.parse(answers[15] ?? '')).to.include({ name: 'Faculty of Law' })
      // What was written to whom is told meanwhile as well.
      expect(JSON.parse(happened ?? '').items).to.have.length(3)
    } finally {
      await server.stop()
      await remove()
    }
  })
})
