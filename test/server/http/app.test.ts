import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as BakedSvg from '@laurel/core/BakedSvg'
import * as Json from '@laurel/core/Json'
import * as Pdf from '@laurel/verifier/inputs/Pdf'
import { expect } from 'chai'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'

const achievement = fileURLToPath(new URL('../../../samples/achievement.json', import.meta.url))

describe('The public server', function () {
  this.timeout(60_000)
  let place: Place.Place
  let server: Awaited<ReturnType<typeof Cli.start>>
  let folder: string
  let summary: {
    readonly credentials: readonly { readonly id: string; readonly file: string; readonly image: string }[]
    readonly manifestCid: string
  }
  let environment: Cli.Environment
  let base: string

  before(async () => {
    place = await Place.create({ LAUREL_DOMAIN: 'badges.example.org' })
    ;({ environment, base } = place)
    const roster = join(place.home, 'roster.csv')
    await writeFile(roster, 'name,email\nAda,ada@example.org\nBo,bo@example.org\n')
    ;({ folder } = await Cli.issue(roster, achievement, environment))
    summary = JSON.parse(await readFile(join(folder, 'summary.json'), 'utf8'))
    server = await Cli.start(environment)
  })
  after(async () => {
    await server?.stop()
    await place?.remove()
  })

  const get = (path: string) => fetch(`${base}${path}`)
  const problem = async (path: string) => {
    const response = await get(path)
    expect(response.headers.get('content-type')).to.match(/^application\/problem\+json/)
    return [response.status, ((await response.json()) as { code: string }).code]
  }

  it('is alive and ready', async () => {
    expect((await get('/healthz')).status).to.equal(200)
    expect(await (await get('/readyz')).json()).to.include({ status: 'ready', chainId: 31337 })
  })

  it('publishes the status lists that the credentials name', async () => {
    const [{ file } = { file: '' }] = summary.credentials
    const document = Json.parseObject(await readFile(join(folder, file)))
    const status = document.credentialStatus as Json.Object
    const response = await fetch(String(status.statusListCredential))
    expect(response.headers.get('content-type')).to.match(/^application\/vc/)
    const list = Json.parseObject(await response.text())
    expect(list.id).to.equal(status.statusListCredential)
    expect(await problem('/status-lists/none')).to.deep.equal([404, 'STATUS_LIST_UNKNOWN'])
  })

  it('shows a revocation at once', async () => {
    const [, second] = summary.credentials
    const url = `${base}/status-lists/revocation-1`
    const before = await (await fetch(url)).text()
    expect((await Cli.run('laurel', ['revoke', second?.id ?? ''], environment)).code).to.equal(0)
    expect(await (await fetch(url)).text()).to.not.equal(before)
    const verified = await Cli.run('laurel-verify', [join(folder, second?.file ?? ''), '--json'], environment)
    expect(JSON.parse(verified.stdout)[0].verdict).to.equal('rejected')
  })

  it('hands out a credential and its image to whoever knows its id', async () => {
    const [first] = summary.credentials
    const uuid = first?.id.slice('urn:uuid:'.length)
    const bytes = await readFile(join(folder, first?.file ?? ''))
    expect(Buffer.from(await (await get(`/credentials/${uuid}.json`)).arrayBuffer()).equals(bytes)).to.equal(true)
    const image = await get(`/credentials/${uuid}.png`)
    expect(image.headers.get('content-type')).to.equal('image/png')
    expect(Buffer.from(await image.arrayBuffer()).equals(await readFile(join(folder, first?.image ?? '')))).to.equal(
      true,
    )
    expect(image.headers.get('cache-control')).to.include('no-store')
    // What was handed out is kept for a while: a second time, and to whoever asks for its length alone, it is the same.
    const known = await get(`/credentials/${uuid}.json`)
    expect(known.headers.get('content-type')).to.equal('application/vc')
    expect(Buffer.from(await known.arrayBuffer()).equals(bytes)).to.equal(true)
    const head = await fetch(`${base}/credentials/${uuid}`, { method: 'HEAD' })
    expect(head.headers.get('content-length')).to.equal(String(bytes.length))
    expect(await head.text()).to.equal('')
    for (const [url, status] of [
      [`/credentials/${uuid}.json`, 304],
      [`/credentials/${uuid}.png`, 200],
    ] as const) {
      const headers = { 'if-none-match': known.headers.get('etag') ?? '', 'cache-control': 'max-age=0' }
      expect((await fetch(`${base}${url}`, { headers })).status, url).to.equal(status)
    }
    for (const name of ['00000000-0000-4000-8000-000000000000', '..%2f..%2flaurel.db', 'x.json'])
      expect(await problem(`/credentials/${name}`)).to.deep.equal([404, 'CREDENTIAL_UNKNOWN'])
  })

  it('hands it out as a drawing and as a certificate too, which hold it as it is', async () => {
    const [first] = summary.credentials
    const uuid = first?.id.slice('urn:uuid:'.length)
    const text = await readFile(join(folder, first?.file ?? ''), 'utf8')
    const tags = new Set<string | null>()
    for (const [form, type, extract] of [
      ['svg', 'image/svg+xml', BakedSvg.extract],
      ['pdf', 'application/pdf', Pdf.extract],
      ['pdf?paper=letter', 'application/pdf', Pdf.extract],
    ] as const) {
      const url = `${base}/credentials/${uuid}.${form}`
      const response = await fetch(url)
      expect(response.headers.get('content-type')).to.match(new RegExp(`^${type.replace('+', '\\+')}`))
      expect(response.headers.get('cache-control')).to.equal('private, no-store')
      const bytes = new Uint8Array(await response.arrayBuffer())
      expect(extract(bytes).text, form).to.equal(text)
      const again = await fetch(url)
      expect(Buffer.from(await again.arrayBuffer()).equals(bytes), form).to.equal(true)
      const etag = response.headers.get('etag') ?? ''
      const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' }
      expect((await fetch(url, { headers })).status, form).to.equal(304)
      tags.add(etag)
      if (form !== 'pdf') continue
      const file = join(place.home, 'certificate.pdf')
      await writeFile(file, bytes)
      const verified = await Cli.run('laurel-verify', [file, '--json'], environment)
      expect(JSON.parse(verified.stdout)[0].verdict).to.equal('accepted')
    }
    expect(tags.size).to.equal(3)
    expect(await problem(`/credentials/${uuid}.gif`)).to.deep.equal([404, 'CREDENTIAL_UNKNOWN'])
  })

  it('serves content by its identifier', async () => {
    const manifest = await get(`/ipfs/${summary.manifestCid}`)
    expect(Buffer.from(await manifest.arrayBuffer()).equals(await readFile(join(folder, 'manifest.json')))).to.equal(
      true,
    )
    expect(manifest.headers.get('cache-control')).to.include('immutable')
    expect(await problem('/ipfs/bafkreia')).to.deep.equal([404, 'CONTENT_UNKNOWN'])
  })

  it('publishes who the issuer is', async () => {
    const did = (await (await get('/.well-known/did.json')).json()) as { id: string }
    expect(did.id).to.equal('did:web:badges.example.org')
    const resolved = (await (await get('/1.0/identifiers/did:web:badges.example.org')).json()) as {
      didDocument: object
    }
    expect(resolved.didDocument).to.deep.equal(did)
    for (const did of ['did:web:example.com', 'did:web:%00', 'did:example:ada', `did:web:${'x'.repeat(4_000)}`])
      expect(await problem(`/1.0/identifiers/${did}`), did.slice(0, 20)).to.deep.equal([404, 'DID_UNKNOWN'])
    expect(await problem('/blockcerts/profile.json')).to.deep.equal([404, 'NOT_FOUND'])
  })

  it('tells Blockcerts verifiers what the issuer says of itself now', async () => {
    const other = await Place.create({
      LAUREL_DOMAIN: 'badges.example.org',
      LAUREL_PROFILE: 'blockcerts',
      LAUREL_ISSUER_URL: 'https://before.example',
    })
    const blockcerts = await Cli.start(other.environment)
    try {
      const told = async () => {
        const { name, url } = await (await fetch(`${other.base}/blockcerts/profile.json`)).json()
        return [name, url]
      }
      expect(await told()).to.deep.equal(['Example issuer', 'https://before.example'])
      const change = ['issuer', 'profile', '--name', 'Another', '--url', '']
      expect((await Cli.run('laurel', change, other.environment)).code).to.equal(0)
      expect(await told()).to.deep.equal(['Another', 'https://badges.example.org/'])
    } finally {
      await blockcerts.stop()
      await other.remove()
    }
  })

  it('protects its visitors, and has nothing else', async () => {
    const response = await get('/nowhere')
    expect(response.status).to.equal(404)
    expect(response.headers.get('x-content-type-options')).to.equal('nosniff')
    expect(response.headers.get('content-security-policy')).to.include("default-src 'none'")
    expect(response.headers.get('x-powered-by')).to.equal(null)
    expect((await fetch(`${base}/credentials/x`, { method: 'POST' })).status).to.equal(404)
    expect(await problem('/credentials/%E0%A4%A')).to.deep.equal([400, 'REQUEST_INVALID'])
  })

  it('says that its port is taken', async () => {
    const second = await Cli.run('laurel', ['start'], environment)
    expect(second.code).to.equal(1)
    expect(second.stderr).to.include('PORT_TAKEN')
  })
})
