import { expect } from 'chai'
import fc from 'fast-check'
import * as KeyUri from '../../server/src/KeyUri.ts'

const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const version = 'projects/p/locations/europe-west3/keyRings/laurel/cryptoKeys/chain/cryptoKeyVersions/3'
const pkcs11 = 'pkcs11:token=My%20token;object=chain?module-path=/usr/lib/m.so&pin-source=file:/run/pin'

describe('A key’s URI', () => {
  it('says where a key is', () => {
    expect(KeyUri.parse('keystore:')).to.deep.equal({ scheme: 'keystore' })
    expect(KeyUri.parse(pkcs11)).to.deep.equal({
      scheme: 'pkcs11',
      token: 'My token',
      object: 'chain',
      module: '/usr/lib/m.so',
      pin: '/run/pin',
    })
    expect(KeyUri.parse(`aws-kms:${arn}`)).to.deep.equal({
      scheme: 'aws-kms',
      arn,
      region: 'eu-central-1',
      url: 'https://kms.eu-central-1.amazonaws.com',
    })
    expect(KeyUri.parse(`aws-kms:${arn.replace('aws:kms:eu-central-1', 'aws-cn:kms:cn-north-1')}`)).to.deep.include({
      url: 'https://kms.cn-north-1.amazonaws.com.cn',
    })
    expect(KeyUri.parse(`gcp-kms:${version}`)).to.deep.equal({
      scheme: 'gcp-kms',
      version,
      url: 'https://cloudkms.googleapis.com',
    })
    expect(KeyUri.parse(`gcp-kms:${version}?endpoint=https://kms.example.org/`)).to.deep.include({
      url: 'https://kms.example.org',
    })
  })

  it('has a PIN in a file, which is all that it says of it', () => {
    expect(() => KeyUri.parse(pkcs11.replace('pin-source=file:/run/pin', 'pin-value=1234'))).to.throw(
      'stands in a file',
    )
  })

  for (const wrong of [
    '',
    'keystore',
    'keystore:here',
    'file:/key.pem',
    'aws-kms:alias/laurel',
    'aws-kms:arn:aws:kms:eu-central-1:111122223333:alias/laurel',
    'aws-kms:arn:aws:kms:eu/central:111122223333:key/1',
    `aws-kms:${arn}?endpoint=http://kms.example.org`,
    `aws-kms:${arn}?endpoint=https://user:secret@kms.example.org`,
    `aws-kms:${arn}?other=1`,
    `gcp-kms:${version.replace('/cryptoKeyVersions/3', '')}`,
    `gcp-kms:${version}/../4`,
    'pkcs11:token=a;object=b',
    'pkcs11:token=a?module-path=/m.so&pin-source=file:/pin',
    'pkcs11:token=a;object=b;object=c?module-path=/m.so&pin-source=file:/pin',
    'pkcs11:token=a;object=b;serial=1?module-path=/m.so&pin-source=file:/pin',
    'pkcs11:token=a;object=b?module-path=m.so&pin-source=file:/pin',
    'pkcs11:token=a;object=b?module-path=/m.so&pin-source=|cat',
    'pkcs11:token=%zz;object=b?module-path=/m.so&pin-source=file:/pin',
  ])
    it(`refuses ${wrong || 'an empty text'}`, () => {
      expect(() => KeyUri.parse(wrong)).to.throw(KeyUri.InvalidKeyUriError)
    })

  it('is read or refused, whatever it is', () => {
    fc.assert(
      fc.property(fc.constantFrom('keystore:', 'pkcs11:', 'aws-kms:', 'gcp-kms:', ''), fc.string(), (scheme, rest) => {
        try {
          KeyUri.place(KeyUri.parse(scheme + rest))
        } catch (error) {
          expect(error).to.be.instanceOf(KeyUri.InvalidKeyUriError)
        }
      }),
    )
  })
})
