import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import * as BakedPng from '@laurel/core/BakedPng'
import { expect } from 'chai'
import * as Cli from '../../support/Cli.ts'
import {
  assertion,
  badge,
  issuerId,
  judge,
  key,
  known,
  profile,
  type Site,
  signedAssertion,
  site,
  token,
} from './Issuer.ts'

const vector = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../vectors/baked/${name}.svg`, import.meta.url)))
const png = readFileSync(new URL('../../../samples/badge.png', import.meta.url))
const svg = readFileSync(new URL('../../../samples/badge.svg', import.meta.url), 'utf8')
const id = String(assertion.id)

/** A PNG with a chunk of text in it (PNG §11.3.3), before its end. */
function bakePng(type: 'iTXt' | 'tEXt', text: string): Uint8Array {
  const body = Buffer.from(`${type}openbadges\0${type === 'iTXt' ? '\0\0\0\0' : ''}${text}`)
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length - 4)
  checksum.writeUInt32BE(crc32(body))
  return new Uint8Array(Buffer.concat([png.subarray(0, -12), length, body, checksum, png.subarray(-12)]))
}

function bakeSvg(element: string): Uint8Array {
  const start = svg.indexOf('>', svg.indexOf('<svg')) + 1
  return new Uint8Array(Buffer.from(svg.slice(0, start) + element + svg.slice(start)))
}

const ns = 'xmlns:openbadges="http://openbadges.org"'
const text = JSON.stringify(assertion)

describe('A baked badge of Open Badges 2.0', () => {
  const images: Readonly<Record<string, Uint8Array>> = {
    'an assertion in a PNG': bakePng('iTXt', text),
    'a signature in a PNG': bakePng('iTXt', token(signedAssertion)),
    'an address in a PNG': bakePng('iTXt', id),
    'an address in an old PNG': bakePng('tEXt', ` ${id}\n`),
    'an assertion in an SVG': bakeSvg(
      `<openbadges:assertion ${ns} verify="${id}"><![CDATA[${text}]]></openbadges:assertion>`,
    ),
    'a signature in an SVG': bakeSvg(`<openbadges:assertion ${ns} verify="${token(signedAssertion)}"/>`),
    'an address in an SVG': bakeSvg(`<openbadges:assertion ${ns} verify="${id}"></openbadges:assertion>`),
  }
  for (const [what, image] of Object.entries(images))
    it(`is accepted as ${what}`, async () => expect((await judge(image)).decision).to.equal('accepted ACCEPTED'))

  it('is what its address says, where the image has nothing but that', async () => {
    const image = bakePng('tEXt', id)
    const rejected: Readonly<Record<string, Site>> = {
      'rejected status REVOKED': { ...site, [id]: { kind: 'gone' } },
      'rejected conforms HOSTED_OTHER': { ...site, [id]: badge },
      'unknown conforms HOSTED_UNAVAILABLE': { ...site, [id]: 'no JSON' },
      'rejected conforms SHAPE_MEMBER_MISSING': { ...site, [id]: { ...assertion, recipient: null } },
    }
    for (const [decision, pages] of Object.entries(rejected))
      expect((await judge(image, pages)).decision).to.equal(decision)
  })

  it('is not read where an image has two, or one that is damaged', async () => {
    const image = bakePng('iTXt', text)
    const twice = Buffer.concat([image.subarray(0, -12), image.subarray(png.length - 12)])
    expect((await judge(new Uint8Array(twice))).decision).to.equal('rejected conforms BAKED_TWICE')
    const damaged = Uint8Array.from(image, (byte, i) => (i === image.length - 30 ? byte ^ 1 : byte))
    expect((await judge(damaged)).decision).to.equal('rejected conforms PNG_INVALID')
  })

  it('is left alone beside one of Open Badges 3.0', async () => {
    const both = BakedPng.parts(
      { before: bakePng('iTXt', text).subarray(0, -12), after: new Uint8Array(png.subarray(-12)) },
      '{"type":"x"}',
    )
    const { asked, decision } = await judge(new Uint8Array(Buffer.concat(both)))
    expect([asked, decision]).to.deep.equal([[], 'rejected conforms CONTEXT_FORM'])
  })

  describe('as openbadges-bakery bakes it', () => {
    const origin = 'https://example.org'
    const baked = JSON.parse(new TextDecoder().decode(vector('bakery')).match(/CDATA\[(.*)\]\]/)?.[1] ?? '')
    const issuer = { ...profile, id: `${origin}/issuer` }
    const pages = {
      [baked.id]: baked,
      [baked.badge]: { ...badge, id: baked.badge, issuer: issuer.id },
      [issuer.id]: issuer,
    }
    const issuers = [{ ...known, did: issuer.id }]
    for (const name of ['bakery', 'bakery-url'])
      it(`is accepted: ${name}.svg`, async () =>
        expect((await judge(vector(name), pages, { issuers })).decision).to.equal('accepted ACCEPTED'))
  })

  describe('in a terminal', function () {
    this.timeout(60_000)
    let home: string
    let remove: () => Promise<void>
    before(async () => {
      ;({ home, remove } = await Cli.createHome())
    })
    after(() => remove())

    it('is verified offline, where it is signed and the trust file has its issuer’s profile', async () => {
      const { revocationList: _, ...rest } = profile
      const trust = { chains: [], issuers: [{ ...known, profile: { ...rest, publicKey: key } }] }
      await writeFile(join(home, 'trust.json'), JSON.stringify(trust))
      await mkdir(join(home, 'badges'))
      const whole = { ...signedAssertion, badge }
      await writeFile(join(home, 'badges', '1.png'), bakePng('iTXt', token(whole)))
      await writeFile(join(home, 'badges', '2.jws'), token(whole))
      await writeFile(join(home, 'badges', '3.json'), JSON.stringify(whole))
      const { code, stdout } = await Cli.run('laurel-verify', [join(home, 'badges'), '--json'], { LAUREL_HOME: home })
      const verdicts = JSON.parse(stdout).map(({ verdict }: { verdict: string }) => verdict)
      expect([code, verdicts]).to.deep.equal([1, ['accepted', 'accepted', 'rejected']])
    })

    it('is fetched from its address, by no other way than the guarded one', async () => {
      const server = createServer((request, response) => {
        const page = pages[request.url ?? '']
        if (page === undefined) response.statusCode = 404
        response.end(page)
      }).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const move = (document: unknown) => JSON.stringify(document).replaceAll(new URL(issuerId).origin, at)
      const pages: Readonly<Record<string, string>> = {
        '/assertions/1': move(assertion),
        '/badges/robotics': move(badge),
        '/issuer': move(profile),
      }
      const verify = async (allowLoopback: boolean) => {
        const trust = join(home, `loopback-${allowLoopback}.json`)
        await writeFile(trust, JSON.stringify({ chains: [], issuers: [], allowLoopback }))
        const image = join(home, 'address.png')
        await writeFile(image, bakePng('tEXt', `${at}/assertions/1`))
        const { stdout } = await Cli.run('laurel-verify', [image, '--trust', trust, '--json'], { LAUREL_HOME: home })
        return JSON.parse(stdout)[0].checks.map(({ code }: { code: string }) => code)
      }
      expect((await verify(true)).slice(0, 2)).to.deep.equal(['CONFORMS', 'HOSTED'])
      expect((await verify(false)).slice(0, 2)).to.deep.equal(['HOSTED_UNAVAILABLE', 'NOT_CHECKED'])
      server.close()
      await once(server, 'close')
    })
  })
})
