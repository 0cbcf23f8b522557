import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { isAbsolute, join } from 'node:path'
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

  it('refuses a variable that there is not, and names the nearest', () => {
    const refused = (name: string) => {
      try {
        Config.read({ [name]: 'x' })
      } catch (error) {
        return (error as Error).message
      }
      return 'it was taken'
    }
    expect(refused('LAUREL_DATABSE_URL')).to.include('LAUREL_DATABASE_URL is the nearest')
    expect(refused('LAUREL_PASSPHRASE')).to.include('LAUREL_PASSPHRASE_FILE is the nearest')
    expect(refused('LAUREL_Chain_Rpc')).to.include('LAUREL_CHAIN_RPC is the nearest')
    // What belongs to somebody else is nobody's mistake.
    for (const name of ['DATABASE_URL', 'LAUREL_CRASH_AT', 'LAUREL_TEST_TOTALS']) Config.read({ [name]: 'x' })
  })

  it('listens to whom it is told, and believes the proxies that it is told', () => {
    expect(Config.read({}).proxies).to.deep.equal([])
    expect(Config.read({}).host).to.equal('127.0.0.1')
    expect(Config.read({ LAUREL_TRUSTED_PROXIES: '10.0.0.0/8, ::1,fd00::/8' }).proxies).to.deep.equal([
      '10.0.0.0/8',
      '::1',
      'fd00::/8',
    ])
    for (const wrong of ['loopback', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/8/8', '1', '*'])
      expect(() => Config.read({ LAUREL_TRUSTED_PROXIES: wrong }), wrong).to.throw(Config.InvalidConfigError)
    for (const wrong of ['localhost', '0', '*'])
      expect(() => Config.read({ LAUREL_HOST: wrong }), wrong).to.throw(Config.InvalidConfigError)
  })

  describe('secrets', () => {
    const folder = mkdtempSync(join(tmpdir(), 'laurel-config-'))
    after(() => rmSync(folder, { recursive: true, force: true }))
    const file = (name: string, text: string) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const database = 'postgres://laurel:hunter2@db.example.org/laurel'

    it('are read from files', () => {
      const environment = {
        LAUREL_DATABASE_URL_FILE: file('database', `${database}\n`),
        LAUREL_CHAIN_RPC_FILE: file('rpc', 'https://rpc.example.org/v2/s3cret\n'),
      }
      const config = Config.read(environment)
      expect(config.database).to.equal(database)
      expect(config.chain.rpc).to.equal('https://rpc.example.org/v2/s3cret')
      expect(() => Config.read({ ...environment, LAUREL_DATABASE_URL: database })).to.throw('only one of them may')
      expect(() => Config.read({ LAUREL_CHAIN_RPC_FILE: join(folder, 'none') })).to.throw('cannot be read')
      expect(() => Config.read({ LAUREL_CHAIN_RPC_FILE: file('wrong', 'ftp://x') })).to.throw('LAUREL_CHAIN_RPC')
    })

    it('are hidden where settings are shown, with where each comes from', () => {
      const shown = Config.settings({
        LAUREL_DATABASE_URL_FILE: file('database', database),
        LAUREL_CHAIN_RPC: 'https://rpc.example.org/v2/s3cret?key=hidden',
        LAUREL_PUBLIC_URL: 'https://badges.example.org',
        PORT: '4401',
      })
      const of = (name: string) => {
        const { value, from } = shown.find((each) => each.name === name) ?? {}
        return [value, from]
      }
      expect(of('LAUREL_DATABASE_URL')).to.deep.equal(['postgres://db.example.org/…', 'a file'])
      expect(of('LAUREL_CHAIN_RPC')).to.deep.equal(['https://rpc.example.org/…', 'the environment'])
      expect(of('LAUREL_PUBLIC_URL')).to.deep.equal(['https://badges.example.org', 'the environment'])
      expect(of('PORT')).to.deep.equal(['4401', 'the environment'])
      expect(of('LAUREL_MAX_FEE_GWEI')).to.deep.equal(['100', 'its default'])
      expect(of('LAUREL_DOMAIN')).to.deep.equal([undefined, 'its default'])
      expect(shown.map(({ name }) => name)).to.deep.equal(Object.keys(Config.schema.shape))
      for (const secret of ['hunter2', 's3cret', 'hidden']) expect(JSON.stringify(shown)).to.not.include(secret)
    })
  })
})
