import { createHash, createPublicKey, verify } from 'node:crypto'
import * as Multibase from '@laurel/core/Multibase'
import canonicalize from 'canonicalize'
import * as Api from '../../support/Api.ts'
import * as Canaries from '../../support/Canaries.ts'
import * as Cli from '../../support/Cli.ts'
import * as Place from '../../support/Place.ts'
import { until } from '../../support/until.ts'

/** A server that has issued a credential to each of some canaries, in one batch. */
export async function open(count: number, more: Cli.Environment = {}) {
  const place = await Place.create({ LAUREL_WORKERS: '0', LAUREL_GATHER_SECONDS: '86400', ...more })
  const canaries = Canaries.create(count)
  let server = await Cli.start(place.environment)
  const ask = Api.create(place.base, server.key)
  await ask('PUT', '/v1/achievements/A1', { json: Api.achievement })
  const roster = ['name,email,wallet', ...canaries.map(({ name, email, wallet }) => `${name},${email},${wallet}`), '']
  const headers = { 'idempotency-key': 'roster' }
  const { json: batch } = await ask('POST', '/v1/batches?achievement=A1', { csv: roster.join('\n'), headers })
  const folder = `${place.home}/batches/${batch.id}`
  const ids: string[] = []
  await until(
    async () => (await ask('GET', `/v1/batches/${batch.id}`)).json.state,
    (state) => state === 'delivered',
  )
  for (let cursor = ''; ; ) {
    const { json } = await ask('GET', `/v1/batches/${batch.id}/credentials?limit=200${cursor}`)
    ids.push(...json.items.map(({ credential }: { credential: string }) => credential.replace('urn:uuid:', '')))
    if (json.next === null) break
    cursor = `&cursor=${json.next}`
  }
  return {
    ...place,
    ask,
    canaries,
    batch: batch.id as string,
    folder,
    /** In the order of the roster. */
    ids,
    said: () => server.said(),
    stop: () => server.stop(),
    start: async () => {
      server = await Cli.start(place.environment)
    },
    laurel: (args: readonly string[], crash: Cli.Environment = {}) =>
      Cli.run('laurel', args, { ...place.environment, ...crash }),
    /** Where something of some of them is left, in all files of the home and in what the server has said. */
    left: async (...some: readonly number[]) => {
      const find = Canaries.finder(some.map((n) => canaries[n] as Canaries.Canary))
      const found = [...find('stderr', Buffer.from(server.said()))]
      for await (const { place: path, bytes } of Canaries.files(place.home)) found.push(...find(path, bytes))
      return found
    },
    close: async () => {
      await server.stop()
      await place.remove()
    },
  }
}

/** Verifies `eddsa-jcs-2022` (VC Data Integrity EdDSA Cryptosuites §3.3.2) by the key in a did:key, with no code of ours. */
export function isSigned({ proof, ...document }: { proof: Record<string, string>; issuer: string }): boolean {
  const { proofValue = '', ...options } = proof
  const sha256 = (value: object) =>
    createHash('sha256')
      .update(canonicalize(value) as string)
      .digest()
  const multikey = Multibase.fromBase58((document.issuer.split(':')[2] ?? '').split('#')[0] ?? '')
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), multikey.subarray(2)])
  const key = createPublicKey({ key: spki, format: 'der', type: 'spki' })
  return verify(null, Buffer.concat([sha256(options), sha256(document)]), key, Multibase.fromBase58(proofValue))
}
