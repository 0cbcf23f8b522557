import { isAbsolute } from 'node:path'
import { expect } from 'chai'
import * as Config from '../../../server/src/config.ts'

describe('config', () => {
  it('has a default for everything', () => {
    const config = Config.read({})
    expect(isAbsolute(config.home)).to.equal(true)
    expect(config.publicUrl).to.equal('http://127.0.0.1:4400')
    expect(config.chain).to.deep.equal({
      rpc: undefined,
      chainId: undefined,
      confirmations: undefined,
      finality: 'confirmations',
      budget: { maximumFee: 100_000_000_000n, maximumSpending: 10n ** 18n },
    })
    expect(config.profile).to.equal('standard')
  })

  it('takes an empty variable for an absent one, as a copied .env.example has them', () => {
    expect(Config.read({ LAUREL_DOMAIN: '', LAUREL_CHAIN_RPC: '', PORT: '' })).to.deep.equal(Config.read({}))
  })

  it('has a sentence for every variable', () => {
    for (const [name, field] of Object.entries(Config.schema.shape)) {
      expect(field.description, name).to.match(/^.{20,}\.$/)
    }
  })

  it('names every variable that is wrong, at once', () => {
    const wrong = { LAUREL_DOMAIN: 'HTTP://x', LAUREL_CONFIRMATIONS: '0', PORT: '70000', LAUREL_PUBLIC_URL: 'ftp://x' }
    try {
      Config.read(wrong)
      expect.fail('it was taken')
    } catch (error) {
      expect(error).to.be.instanceOf(Config.InvalidConfigError)
      for (const name of Object.keys(wrong)) expect((error as Error).message).to.contain(name)
    }
  })

  it('refuses the profile blockcerts without a domain', () => {
    expect(() => Config.read({ LAUREL_PROFILE: 'blockcerts' })).to.throw(Config.InvalidConfigError)
    expect(Config.read({ LAUREL_PROFILE: 'blockcerts', LAUREL_DOMAIN: 'issuer.example.org' }).domain).to.equal(
      'issuer.example.org',
    )
  })

  it('takes a pinning service whole or not at all', () => {
    const whole = {
      LAUREL_PINNING_ENDPOINT: 'https://pinning.example.org/psa/',
      LAUREL_PINNING_TOKEN_FILE: '/token',
      LAUREL_PINNING_GATEWAY: 'https://gateway.example.org/',
    }
    expect(Config.read({}).pinning).to.deep.equal({ kubo: undefined, service: undefined })
    expect(
      Config.read({ ...whole, LAUREL_PINNING_ORIGINS: '/ip4/192.0.2.1/tcp/4001, /ip6/::1/tcp/1' }).pinning.service,
    ).to.deep.equal({
      endpoint: 'https://pinning.example.org/psa',
      tokenFile: '/token',
      gateway: 'https://gateway.example.org',
      origins: ['/ip4/192.0.2.1/tcp/4001', '/ip6/::1/tcp/1'],
    })
    for (const name of Object.keys(whole))
      expect(() => Config.read({ ...whole, [name]: '' }), name).to.throw(Config.InvalidConfigError)
    for (const origins of ['192.0.2.1', '/ip4/192.0.2.1,', Array(21).fill('/ip4/192.0.2.1').join()])
      expect(() => Config.read({ ...whole, LAUREL_PINNING_ORIGINS: origins }), origins).to.throw(
        Config.InvalidConfigError,
      )
  })

  it('reads fractions of a gwei exactly', () => {
    expect(Config.read({ LAUREL_MAX_FEE_GWEI: '1.000000001' }).chain.budget.maximumFee).to.equal(1_000_000_001n)
    expect(Config.read({ LAUREL_MAX_FEE_GWEI: '0.1' }).chain.budget.maximumFee).to.equal(100_000_000n)
    for (const wrong of ['1e9', '-1', '1.', '.5', 'much'])
      expect(() => Config.read({ LAUREL_MAX_FEE_GWEI: wrong }), wrong).to.throw(Config.InvalidConfigError)
  })

  it('strips slashes from the end of addresses', () => {
    expect(Config.read({ LAUREL_PUBLIC_URL: 'https://badges.example.org/' }).publicUrl).to.equal(
      'https://badges.example.org',
    )
  })
})
