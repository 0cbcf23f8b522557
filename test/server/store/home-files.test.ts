import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Bytes from '@laurel/core/Bytes'
import { expect } from 'chai'
import * as HomeFiles from '../../../server/src/adapters/files/HomeFiles.ts'
import type { File } from '../../../server/src/ports/Files.ts'

async function* these(...files: readonly File[]): AsyncGenerator<File> {
  yield* files
}
const file = (name: string, text: string): File => ({ name, bytes: Bytes.fromUtf8(text) })

describe('HomeFiles', () => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'laurel-files-'))
  })
  afterEach(() => rm(home, { recursive: true, force: true }))
  const kept = '00000000-0000-4000-8000-000000000001'
  const open = () => HomeFiles.open(home, async (id) => id === kept)

  it('delivers a folder whole', async () => {
    const files = open()
    const folder = await files.deliver('b', these(file('1.json', 'one'), file('2.json', 'two')))
    expect(folder).to.equal(files.folder('b'))
    expect((await readdir(folder)).sort()).to.deep.equal(['1.json', '2.json'])
    expect(await readFile(join(folder, '2.json'), 'utf8')).to.equal('two')
  })

  it('writes what comes piece by piece, and folders within', async () => {
    async function* pieces() {
      for (const piece of ['one\n', 'two\n']) yield Bytes.fromUtf8(piece)
    }
    const within = Array.from({ length: 40 }, (_, i) => file(`${i % 3}/${i}.json`, String(i)))
    const folder = await open().deliver('b', these({ name: 'lines', bytes: pieces() }, ...within))
    expect(await readFile(join(folder, 'lines'), 'utf8')).to.equal('one\ntwo\n')
    expect((await readdir(folder, { recursive: true })).length).to.equal(1 + 3 + 40)
    expect(await readFile(join(folder, '1', '37.json'), 'utf8')).to.equal('37')
  })

  it('puts a repeated delivery in the place of the earlier', async () => {
    const files = open()
    await files.deliver('b', these(file('1.json', 'one'), file('old.json', 'old')))
    const folder = await files.deliver('b', these(file('1.json', 'new')))
    expect(await readdir(folder)).to.deep.equal(['1.json'])
    expect(await readdir(join(home, 'batches'))).to.deep.equal(['b'])
  })

  it('shows nothing of a folder whose files could not all be made, and sweeps it up when it is made again', async () => {
    const files = open()
    async function* broken() {
      yield file('1.json', 'one')
      throw new Error('disk full')
    }
    const error = await files.deliver('b', broken()).catch((reason: unknown) => reason)
    expect((error as Error).message).to.equal('disk full')
    expect((await readdir(join(home, 'batches'))).filter((name) => !name.startsWith('.'))).to.deep.equal([])
    await files.deliver('b', these(file('1.json', 'one')))
    expect(await readdir(join(home, 'batches'))).to.deep.equal(['b'])
  })

  it('refreshes a file of a folder that is there, and makes no folder', async () => {
    const files = open()
    await files.deliver('b', these(file('status-revocation.json', 'old')))
    await files.refresh('b', file('status-revocation.json', 'new'))
    await files.refresh('gone', file('status-revocation.json', 'new'))
    expect(await readFile(join(files.folder('b'), 'status-revocation.json'), 'utf8')).to.equal('new')
    expect(await readdir(join(home, 'batches'))).to.deep.equal(['b'])
  })

  it('sweeps away the mails that nobody has any more, and nothing else', async () => {
    const outbox = join(home, 'outbox')
    await open().sweepMails()
    await mkdir(outbox)
    const others = [`2026-01-01T000000-${kept}.eml`, 'notes.txt']
    for (const name of [...others, '2026-01-01T000000-00000000-0000-4000-8000-000000000002.eml'])
      await writeFile(join(outbox, name), name)
    await open().sweepMails()
    expect((await readdir(outbox)).sort()).to.deep.equal(others)
  })

  it('publishes under the public folder and leaves nothing beside', async () => {
    const files = open()
    await files.publish('status-lists/revocation-1.json', Bytes.fromUtf8('1'))
    await files.publish('status-lists/revocation-1.json', Bytes.fromUtf8('2'))
    expect(await readdir(join(home, 'public', 'status-lists'))).to.deep.equal(['revocation-1.json'])
  })
})
