import { readFileSync } from 'node:fs'
import { DOMParser } from '@xmldom/xmldom'
import { expect } from 'chai'
import fc from 'fast-check'
import * as BakedSvg from '../../core/src/BakedSvg.ts'
import * as Bytes from '../../core/src/Bytes.ts'
import { failure, runs } from './support.ts'

const namespace = 'https://purl.imsglobal.org/ob/v3p0'
const declared = `xmlns:openbadges="${namespace}"`
const jws = 'eyJhbGciOiJFZERTQSJ9.e30.QUFB'
const bytes = (text: string) => Bytes.fromUtf8(text)
const text = (image: Uint8Array) => new TextDecoder().decode(image)
const svg = (inside = '', attributes = declared) =>
  bytes(`<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${inside}<rect width="1" height="1"/></svg>`)
const credential = (inside: string) => svg(`<openbadges:credential>${inside}</openbadges:credential>`)
const plain = svg('', 'width="1"')
const vector = (name: string) => new Uint8Array(readFileSync(new URL(`../vectors/baked/${name}`, import.meta.url)))
const current = (content: string) => ({ standard: 'Open Badges 3.0', text: content })

/** The elements for credentials as another reader of XML finds them. */
function judge(image: Uint8Array) {
  const problems: string[] = []
  const parser = new DOMParser({ onError: (_level, message) => problems.push(message) })
  const document = parser.parseFromString(text(image), 'image/svg+xml')
  expect(problems).to.deep.equal([])
  const elements = [...document.getElementsByTagNameNS(namespace, 'credential')]
  return { document, elements }
}

/** JSON texts with everything in their strings that XML and CDATA have trouble with. */
const anyJson = fc
  .record({
    name: fc.string({
      unit: fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(']', '>', '<', '&', '"', '\\', '/', ' ', '\n', '\r', '\0', 'é') },
        { weight: 2, arbitrary: fc.constantFrom(']]>', '<![CDATA[', ']]&gt;', '\u0085', '\u2028', '\ufeff') },
        {
          weight: 2,
          arbitrary: fc.constantFrom('\ufffe', '\uffff', '🎓', '\u007f', '</openbadges:credential>', '-->'),
        },
        fc.string({ unit: 'binary', maxLength: 1 }).filter((letter) => letter.isWellFormed()),
      ),
    }),
    list: fc.array(fc.array(fc.constantFrom(']]>', 1), { maxLength: 2 }), { maxLength: 2 }),
  })
  .chain((value) => fc.constantFrom(JSON.stringify(value), `${JSON.stringify(value, null, 2)}\n`))

describe('BakedSvg', () => {
  describe('bake', () => {
    it('puts JSON right behind the beginning, in one CDATA section, by the namespace of the standard', () => {
      expect(text(BakedSvg.bake(plain, '{"a":1}'))).to.equal(
        `<svg xmlns="http://www.w3.org/2000/svg" width="1" ${declared}>` +
          '<openbadges:credential><![CDATA[{"a":1}]]></openbadges:credential><rect width="1" height="1"/></svg>',
      )
    })

    it('puts a JWS into the attribute, and nothing into the element', () => {
      expect(text(BakedSvg.bake(plain, jws))).to.equal(
        `<svg xmlns="http://www.w3.org/2000/svg" width="1" ${declared}>` +
          `<openbadges:credential verify="${jws}"/><rect width="1" height="1"/></svg>`,
      )
    })

    it('writes what is extracted again, the same text wherever XML can hold it', () => {
      for (const content of ['{"a":1}', ' {"a":\t"é🎓"}\n', jws, '{"a":"&amp;<b>]]"}'])
        expect(BakedSvg.extract(BakedSvg.bake(plain, content))).to.deep.equal(current(content))
    })

    it('writes what @xmldom/xmldom reads: one element, one CDATA section, the same JSON', () => {
      fc.assert(
        fc.property(anyJson, (json) => {
          const image = BakedSvg.bake(plain, json)
          const { document, elements } = judge(image)
          expect(elements).to.have.length(1)
          expect(elements[0]).to.equal(document.documentElement?.firstChild)
          expect([...(elements[0]?.childNodes ?? [])].map(({ nodeType }) => nodeType)).to.deep.equal([4])
          expect(JSON.parse(elements[0]?.textContent ?? '')).to.deep.equal(JSON.parse(json))
          const extracted = BakedSvg.extract(image).text
          expect(JSON.parse(extracted)).to.deep.equal(JSON.parse(json))
          if (!/\]\]>|[\u007f-\u009f\u2028\u2029\ufffe\uffff]/.test(json)) expect(extracted).to.equal(json)
        }),
      )
    })

    it('lets nobody out of the element by their name (SVG-011)', () => {
      const name = 'Ann ]]></openbadges:credential><script>alert(1)</script>'
      const { document, elements } = judge(BakedSvg.bake(plain, JSON.stringify({ name })))
      expect(document.getElementsByTagName('script')).to.have.length(0)
      expect(JSON.parse(elements[0]?.textContent ?? '')).to.deep.equal({ name })
    })

    it('replaces whatever credential is there already, and keeps the rest to the last letter', () => {
      const image = `<?xml version="1.0" encoding="UTF-8"?>\n<!-- > --><svg xmlns="http://www.w3.org/2000/svg"
        data-a='>/>' ${declared} ><title>é🎓 &amp; &#65;</title>`
      const rest = '<g><![CDATA[<svg>]]></g>\r\n</svg>\n<!-- end -->'
      const old = '<openbadges:credential verify="a.b.c"/><x:assertion xmlns:x="http://openbadges.org">{}</x:assertion>'
      const deeper = `<g>${old}</g>`
      const baked = text(BakedSvg.bake(bytes(`${image}${old}${deeper}${rest}`), '{}'))
      const added = '<openbadges:credential><![CDATA[{}]]></openbadges:credential>'
      const begin = image.indexOf('<title>')
      expect(baked).to.equal(`${image.slice(0, begin - 2)}>${added}${image.slice(begin)}<g></g>${rest}`)
      expect(text(BakedSvg.bake(bytes(baked), '{}'))).to.equal(baked)
    })

    it('bakes into an image that is empty, has a prefix, or has ours for something else', () => {
      const images = [
        '<svg xmlns="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"  />',
        '<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="urn:other"><openbadges:a/></svg>',
        '\ufeff<svg xmlns="http://www.w3.org/2000/svg"></svg>',
        text(vector('bakery.svg')),
      ]
      for (const image of images)
        for (const content of ['{"a":1}', jws]) {
          const baked = BakedSvg.bake(bytes(image), content)
          expect(BakedSvg.extract(baked), image).to.deep.equal(current(content))
          const { document, elements } = judge(baked)
          expect(elements).to.have.length(1)
          expect(elements[0]).to.equal(document.documentElement?.firstChild)
        }
    })

    it('bakes many times into an image that was checked once', () => {
      const image = new Uint8Array(readFileSync(new URL('../../server/assets/badge.svg', import.meta.url)))
      const prepared = BakedSvg.prepare(image)
      for (const content of ['{"a":1}', jws, '{"b":2}']) {
        expect(BakedSvg.bake(prepared, content)).to.deep.equal(BakedSvg.bake(image, content))
        expect(Bytes.concat(...BakedSvg.parts(prepared, content))).to.deep.equal(BakedSvg.bake(image, content))
      }
    })

    it('takes what is no credential for a programming error', () => {
      for (const content of ['', 'https://a.example', '"><script>', `${jws}"`, `${jws}.x`, '<svg/>'])
        expect(() => BakedSvg.bake(plain, content), content).to.throw(TypeError)
    })
  })

  describe('extract', () => {
    const readable: Readonly<Record<string, readonly [image: Uint8Array, content: string]>> = {
      'spaces around a section': [credential('\n  <![CDATA[\n{"a":1}]]>\n'), '\n{"a":1}'],
      'sections that follow each other': [credential('<![CDATA[{"a":"]]]]><![CDATA[>"}]]>'), '{"a":"]]>"}'],
      'text without a section': [credential('{"a":&quot;&#233;&lt;"}'), '{"a":"é<"}'],
      'an attribute': [svg(`<openbadges:credential verify="${jws}"/>`), jws],
      'an attribute and spaces': [
        svg(`<openbadges:credential verify=" ${jws} ">\n</openbadges:credential>`),
        ` ${jws} `,
      ],
      'another prefix (SVG-012)': [svg('<ob:credential verify="a.b.c"/>', `xmlns:ob="${namespace}"`), 'a.b.c'],
      'no prefix': [svg(`<credential xmlns="${namespace}" verify="a.b.c"/>`), 'a.b.c'],
      'our prefix for something else beside it': [
        svg(
          `<openbadges:credential/><a:credential xmlns:a="${namespace}" verify="a.b.c"/>`,
          'xmlns:openbadges="urn:x"',
        ),
        'a.b.c',
      ],
      'something before it': [svg(`<title>a</title><!-- b --><openbadges:credential verify="${jws}"/>`), jws],
      'an assertion of version 2 beside it': [
        svg(`<a:assertion xmlns:a="http://openbadges.org" verify="a.b.c"/><openbadges:credential verify="${jws}"/>`),
        jws,
      ],
    }
    for (const [what, [image, content]] of Object.entries(readable))
      it(`reads a credential with ${what}`, () => {
        expect(BakedSvg.extract(image)).to.deep.equal(current(content))
      })

    it('reads past the document types that drawing programs write, and never asks for them', () => {
      for (const doctype of [
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">',
        "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 20010904//EN'\n 'http://www.w3.org/TR/2001/REC-SVG-20010904/DTD/svg10.dtd'>",
        '<!DOCTYPE svg>',
      ]) {
        const image = Bytes.concat(
          bytes(`<?xml version="1.0" encoding="utf-8"?>${doctype}`),
          BakedSvg.bake(plain, '{}'),
        )
        expect(BakedSvg.extract(image)).to.deep.equal(current('{}'))
        expect(BakedSvg.extract(BakedSvg.bake(image, '{"b":1}'))).to.deep.equal(current('{"b":1}'))
      }
    })

    it('tells what was baked by the rules of version 2 of the standard, by openbadges-bakery', () => {
      const assertion = BakedSvg.extract(vector('bakery.svg'))
      expect(assertion.standard).to.equal('Open Badges 2.0')
      expect(JSON.parse(assertion.text).id).to.equal('https://example.org/assertions/1')
      const signed = { standard: 'Open Badges 2.0', text: 'eyJhbGciOiJSUzI1NiJ9.e30.AAAA' }
      expect(BakedSvg.extract(vector('bakery-jws.svg'))).to.deep.equal(signed)
      const hosted = { standard: 'Open Badges 2.0', text: 'https://example.org/assertions/1' }
      expect(BakedSvg.extract(vector('bakery-url.svg'))).to.deep.equal(hosted)
    })

    it('finds nothing where there is nothing', () => {
      for (const image of [
        plain,
        svg(),
        svg('<credential/>'),
        svg('<openbadges:Credential/><openbadges:assertion/>'),
        svg('<!-- <openbadges:credential verify="a.b.c"/> -->'),
        svg('<text><![CDATA[<openbadges:credential verify="a.b.c"/>]]></text>'),
        svg('<a openbadges:credential="{}"/>'),
      ])
        expect(failure(() => BakedSvg.extract(image))).to.include({ code: 'BAKED_MISSING', name: 'Baked.MissingError' })
    })

    it('refuses two credentials, wherever they are, equal ones too', () => {
      const one = `<openbadges:credential verify="${jws}"/>`
      for (const image of [
        svg(one + one),
        svg(`${one}<g>${one}</g>`),
        svg(`<defs>${one}</defs>${one}`),
        svg(`${one}<a:credential xmlns:a="${namespace}"/>`),
        svg('<a:assertion xmlns:a="http://openbadges.org"/><a:assertion xmlns:a="http://openbadges.org"/>'),
      ])
        expect(failure(() => BakedSvg.extract(image))).to.include({ code: 'BAKED_TWICE', name: 'Baked.TwiceError' })
    })

    const ambiguous: Readonly<Record<string, Uint8Array>> = {
      'nothing in it': svg('<openbadges:credential/>'),
      'only spaces in it': credential(' \n'),
      'an attribute and a body': svg(`<openbadges:credential verify="${jws}">{}</openbadges:credential>`),
      'an attribute and a section': svg(`<openbadges:credential verify="${jws}"><![CDATA[]]></openbadges:credential>`),
      'text before a section': credential('{<![CDATA["a":1}]]>'),
      'text behind a section': credential('<![CDATA[{"a":1]]>}'),
      'a space between two sections': credential('<![CDATA[{"a":"x]]> <![CDATA[y"}]]>'),
      'a comment': credential('<![CDATA[{"a":1}]]><!-- -->'),
      'a comment in a text': credential('{"a":<!-- 1 -->2}'),
      'an instruction': credential('<?a b?><![CDATA[{}]]>'),
      'an element': credential('<![CDATA[{}]]><a/>'),
      'a credential': credential('<openbadges:credential verify="a.b.c"/>'),
      'a level above it': svg(`<g><openbadges:credential verify="${jws}"/></g>`),
    }
    for (const [what, image] of Object.entries(ambiguous))
      it(`refuses a credential with ${what}`, () => {
        expect(failure(() => BakedSvg.extract(image))).to.include({ code: 'BAKED_INVALID', name: 'Baked.ContentError' })
      })

    const utf16 = Buffer.from(`\ufeff${text(BakedSvg.bake(plain, '{}'))}`, 'utf16le')
    const baked = text(BakedSvg.bake(plain, '{"a":1}'))
    const invalid: Readonly<Record<string, Uint8Array | string>> = {
      nothing: '',
      spaces: '  ',
      JSON: '{"a":1}',
      HTML: '<!doctype html><html><body></body></html>',
      'HTML that is XML': '<html xmlns="http://www.w3.org/1999/xhtml"><svg xmlns="http://www.w3.org/2000/svg"/></html>',
      'svg of no namespace': '<svg/>',
      'svg of another namespace': '<svg xmlns="urn:x"/>',
      'two roots': `${baked}${baked}`,
      'text behind the end': `${baked}x`,
      'text before the beginning': `x${baked}`,
      'an end that is missing': baked.slice(0, -6),
      'ends that cross': text(svg('<a><b></a></b>')),
      'an attribute twice': text(svg('<a b="1" b="2"/>')),
      'an attribute twice by two prefixes': text(svg('<a xmlns:p="urn:x" xmlns:q="urn:x" p:b="1" q:b="2"/>')),
      'a prefix that nobody declares': text(svg('<x:credential/>')),
      'an entity that nobody declares': text(svg('<text>&x;</text>')),
      'an entity of HTML': text(svg('<text>&nbsp;</text>')),
      'an entity named like a member of every object': text(svg('<text>&constructor;&toString;</text>')),
      'an ampersand alone': text(svg('<text>a & b</text>')),
      'a control character': text(svg('<text>\u0001</text>')),
      'a control character by number': text(svg('<text>&#1;</text>')),
      'a section that does not end': text(svg('<text><![CDATA[')),
      'the end of a section in a text': text(svg('<text>]]></text>')),
      'two hyphens in a comment': text(svg('<!-- a -- b -->')),
      'XML 1.1': `<?xml version="1.1"?>${baked}`,
      'UTF-7 by its word': `<?xml version="1.0" encoding="utf-7"?>${baked}`,
      'Latin-1 by its word': `<?xml version="1.0" encoding="ISO-8859-1"?>${baked}`,
      'Latin-1': new Uint8Array(Buffer.from(text(svg('<text>é</text>')), 'latin1')),
      'UTF-16': new Uint8Array(utf16),
      'a byte that is no text': Bytes.concat(bytes(baked), Uint8Array.of(0xff)),
      'more than 4 MiB': text(svg(`<!--${' '.repeat(4 * 1024 * 1024)}-->`)),
      '129 levels': text(svg('<g>'.repeat(128) + '</g>'.repeat(128))),
      '100,000 elements': text(svg('<g/>'.repeat(100_000))),
      '100,000 attributes': text(svg('<g a="" b=""/>'.repeat(50_000))),
    }
    for (const [what, image] of Object.entries(invalid))
      it(`refuses ${what}`, () => {
        const file = typeof image === 'string' ? bytes(image) : image
        const expected = { code: 'SVG_INVALID', name: 'BakedSvg.InvalidSvgError' }
        expect(failure(() => BakedSvg.extract(file))).to.include(expected)
        expect(failure(() => BakedSvg.bake(file, '{}'))).to.include(expected)
      })

    const doctypes: Readonly<Record<string, string>> = {
      'an entity (SVG-006)': '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
      'entities of entities': '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
      'a default for our attribute': '<!DOCTYPE svg [<!ATTLIST openbadges:credential verify CDATA "a.b.c">]>',
      'nothing in its brackets': '<!DOCTYPE svg []>',
      'brackets behind a known address':
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/a.dtd" [<!ENTITY x "y">]>',
      'an address of its own': '<!DOCTYPE svg SYSTEM "https://evil.example/a.dtd">',
      'an address of its own under a known name':
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "https://evil.example/a.dtd">',
      'an address that only begins like a known one':
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org.evil.example/a.dtd">',
      'another root': '<!DOCTYPE html>',
    }
    for (const [what, doctype] of Object.entries(doctypes))
      it(`refuses a document type with ${what}`, () => {
        const image = Bytes.concat(bytes(doctype), BakedSvg.bake(plain, '{}'))
        const expected = { code: 'SVG_DOCTYPE', name: 'BakedSvg.DoctypeError' }
        expect(failure(() => BakedSvg.extract(image))).to.include(expected)
        expect(failure(() => BakedSvg.bake(image, '{}'))).to.include(expected)
      })

    it('reads every cut of an image as none, or not at all', () => {
      for (let length = 0; length < baked.length; length++)
        expect(failure(() => BakedSvg.extract(bytes(baked.slice(0, length)))).code).to.equal('SVG_INVALID')
    })

    it('is total: it extracts a text, or throws an error of ours', () => {
      const pieces = fc.constantFrom(
        ...[
          '<svg',
          '>',
          '/>',
          '</',
          '<![CDATA[',
          ']]>',
          '<!--',
          '-->',
          '<?',
          '?>',
          '<!DOCTYPE svg',
          '[',
          ']',
          '&',
          ';',
        ],
        ...[
          ' xmlns="http://www.w3.org/2000/svg"',
          ` ${declared}`,
          '<openbadges:credential',
          ' verify="a.b.c"',
          '{"a":1}',
        ],
        ...['</openbadges:credential>', '</svg>', ' ', '"', "'", '=', '#x41', 'amp', '\ufeff', '\0', '🎓'],
      )
      fc.assert(
        fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
          try {
            expect(BakedSvg.extract(bytes(parts.join(''))).text).to.be.a('string')
          } catch (error) {
            expect(
              failure(() => {
                throw error
              }).code,
            ).to.match(/^(SVG|BAKED)_/)
          }
        }),
        { numRuns: 10 * runs },
      )
    })
  })

  it('tells XML by its first sign', () => {
    for (const file of ['<svg/>', ' \n<svg/>', '\ufeff<?xml?>'])
      expect(BakedSvg.isXml(bytes(file)), file).to.equal(true)
    for (const file of ['', ' ', '{"a":"<"}', 'eyJ', 'x<']) expect(BakedSvg.isXml(bytes(file)), file).to.equal(false)
    expect(BakedSvg.isXml(Uint8Array.of(0xff, 0xfe, 0x3c, 0))).to.equal(false)
  })
})
