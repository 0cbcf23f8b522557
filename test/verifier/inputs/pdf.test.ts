import { deflateSync } from 'node:zlib'
import * as Pdf from '@laurel/verifier/inputs/Pdf'
import { read } from '@laurel/verifier/verify'
import { expect } from 'chai'
import fc from 'fast-check'

const credential = '{"id":"urn:uuid:1","name":"陳大文"}'

type Attached = { readonly content: Uint8Array | string; readonly dictionary?: string; readonly packed?: boolean }

/** A PDF with nothing in it but attached files. */
const pdf = (...files: readonly Attached[]): Uint8Array =>
  Buffer.concat([
    Buffer.from('%PDF-1.7\n1 0 obj\n<< /Names << /EmbeddedFiles 9 0 R >> >>\nendobj\n'),
    ...files.flatMap(({ content, dictionary = '/Type /EmbeddedFile', packed = true }, i) => {
      const bytes = packed ? deflateSync(content) : Buffer.from(content)
      const filter = packed && !dictionary.includes('/Filter') ? ' /Filter /FlateDecode' : ''
      const length = dictionary.includes('/Length') ? '' : ` /Length ${bytes.length}`
      return [
        Buffer.from(`${i + 2} 0 obj\n<< ${dictionary}${filter}${length} >>\nstream\n`),
        bytes,
        Buffer.from('\nendstream\nendobj\n'),
      ]
    }),
  ])

describe('A PDF', () => {
  it('has its credential attached, packed or not, whatever else is attached', () => {
    for (const file of [
      pdf({ content: credential }),
      pdf({ content: credential, packed: false }),
      pdf({ content: credential, dictionary: '/Type /EmbeddedFile /Filter [ /FlateDecode ]' }),
      pdf({ content: credential, dictionary: '/Length 77 0 R /Type /EmbeddedFile' }),
      pdf({ content: '<invoice/>' }, { content: credential }, { content: 'readme' }),
    ])
      expect(Pdf.extract(file)).to.deep.equal({ standard: 'Open Badges 3.0', text: credential })
    expect(read(pdf({ content: credential }))).to.deep.equal({ value: JSON.parse(credential) })
  })

  for (const [label, file] of [
    ['nothing attached', pdf()],
    ['two credentials', pdf({ content: credential }, { content: credential })],
    ['something else', pdf({ content: 'hello' })],
    ['what is no text', pdf({ content: Uint8Array.of(0x7b, 0xff, 0xfe) })],
    ['what is packed otherwise', pdf({ content: credential, dictionary: '/Type /EmbeddedFile /Filter /LZWDecode' })],
    [
      'what is packed twice',
      pdf({ content: credential, dictionary: '/Type /EmbeddedFile /Filter [/ASCIIHexDecode /FlateDecode]' }),
    ],
    ['what is damaged', pdf({ content: credential }).subarray(0, 120)],
    ['what unpacks to more than may be', pdf({ content: Buffer.alloc(20 * 1024 * 1024, '{') })],
    ['no type', pdf({ content: credential, dictionary: '/Type /Metadata' })],
  ] as const)
    it(`is refused with ${label}`, () => {
      expect(() => Pdf.extract(file)).to.throw(Pdf.InvalidPdfError)
      expect(read(file)).to.include({ outcome: 'failed', code: 'PDF_WITHOUT_CREDENTIAL' })
    })

  it('is read to an end, whatever it is', () => {
    const words = ['/EmbeddedFile', 'obj', 'stream\n', 'endstream', '/Length 9', '/Filter /FlateDecode', '{', '\0', ' ']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (parts) => {
        try {
          Pdf.extract(Buffer.from(`%PDF-1.7 ${parts.join('')}`))
        } catch (error) {
          expect(error).to.be.instanceOf(Pdf.InvalidPdfError)
        }
      }),
    )
  })
})
