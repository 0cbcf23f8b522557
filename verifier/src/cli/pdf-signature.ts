import { readFile } from 'node:fs/promises'
import { ReportError } from './report-error.ts'

/** Whoever signs a report: a file of a key here; a token or a service may stand behind it as well. */
export type Signer = {
  /** As its certificate calls it. */
  readonly name: string
  /** The signature on some bytes: CMS SignedData (RFC 5652) without them, in DER, of 8 KiB at most. */
  readonly sign: (bytes: Uint8Array, now: number) => Promise<Uint8Array>
}

const most = 8 * 1024

/**
 * Opens a PKCS#12 file with an RSA key and its certificate, and tries it once.
 *
 * @throws {ReportError} REPORT_KEY, REPORT_PACKAGES
 */
export async function open(path: string, passphraseFile: string | undefined): Promise<Signer> {
  const { P12Signer, forge } = await load()
  try {
    const file = await readFile(path)
    const passphrase = passphraseFile === undefined ? '' : (await readFile(passphraseFile, 'utf8')).trim()
    // It reads what it is given once, so that each signature takes one of its own.
    const sign = (bytes: Uint8Array, now: number) =>
      new P12Signer(file, { passphrase }).sign(Buffer.from(bytes), new Date(now))
    await sign(new Uint8Array(), 0)
    const p12 = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(file.toString('binary')), false, passphrase)
    const type = forge.pki.oids.certBag as string
    const [bag] = p12.getBags({ bagType: type })[type] ?? []
    const name = bag?.cert?.subject.getField('CN')?.value
    return {
      name: typeof name === 'string' ? name : 'the holder of a certificate without a name',
      sign,
    }
  } catch (cause) {
    throw new ReportError(
      'REPORT_KEY',
      `The key ${path} cannot be used: it has to be a PKCS#12 file with an RSA key and its certificate.`,
      cause,
    )
  }
}

type Form = { SigFlags?: number; NeedAppearances?: boolean; readonly Fields: object[] }

/** Leaves room for a signature in a document that is not ended yet (ISO 32000-1 §12.8.1), on its first page, unseen. */
export function prepare(
  document: PDFKit.PDFDocument,
  { name, now }: { readonly name: string; readonly now: number },
): void {
  // What pdfkit has no words for goes through what it keeps of its own.
  const own = document as unknown as {
    readonly ref: (data: object) => { readonly end: () => void }
    readonly _root: { readonly data: { readonly AcroForm: { readonly data: Form } } }
    readonly page: { readonly dictionary: object; readonly annotations: object[] }
  }
  document.switchToPage(0)
  const blank = '**********'
  const signature = own.ref({
    Type: 'Sig',
    Filter: 'Adobe.PPKLite',
    SubFilter: 'adbe.pkcs7.detached',
    ByteRange: [0, blank, blank, blank],
    Contents: Buffer.alloc(most),
    // An object of text is text to pdfkit, and text itself a name.
    Name: Object(name),
    Reason: Object('To show who has made this report, and that it was not changed since'),
    M: new Date(now),
  })
  const field = own.ref({
    Type: 'Annot',
    Subtype: 'Widget',
    FT: 'Sig',
    T: Object('Signature'),
    V: signature,
    Rect: [0, 0, 0, 0],
    // Printed, and locked.
    F: 132,
    P: own.page.dictionary,
  })
  own.page.annotations.push(field)
  for (const each of [signature, field]) each.end()
  document.initForm()
  const form = own._root.data.AcroForm.data
  // Signed, and to be changed by adding to it only (§12.7.2); nothing is to be drawn anew.
  form.SigFlags = 3
  delete form.NeedAppearances
  form.Fields.push(field)
}

/** Signs a document in which there is room for it. */
export async function apply(document: Uint8Array, { sign }: Signer, now: number): Promise<Uint8Array> {
  const { SignPdf, Signer } = await load()
  class Given extends Signer {
    override async sign(bytes: Buffer): Promise<Buffer> {
      return Buffer.from(await sign(bytes, now))
    }
  }
  return new SignPdf().sign(Buffer.from(document), new Given(), new Date(now))
}

async function load() {
  try {
    const [{ SignPdf, Signer }, { P12Signer }, { default: forge }] = await Promise.all([
      import('@signpdf/signpdf'),
      import('@signpdf/signer-p12'),
      import('node-forge'),
    ])
    return { SignPdf, Signer, P12Signer, forge }
  } catch (cause) {
    const packages = '@signpdf/signpdf @signpdf/signer-p12 node-forge'
    throw new ReportError('REPORT_PACKAGES', `What signs a report is not installed: npm install ${packages}.`, cause)
  }
}
