import blockcerts2 from '@blockcerts/schemas/schemas/2.1/context.json' with { type: 'json' }
import openBadges2 from '@blockcerts/schemas/schemas/2.1/obi.json' with { type: 'json' }
import blockcerts30 from '@blockcerts/schemas/schemas/3.0/context.json' with { type: 'json' }
import chained from '@blockcerts/schemas/schemas/3.1/chainedProof2021Context.json' with { type: 'json' }
import blockcerts31 from '@blockcerts/schemas/schemas/3.1/context.json' with { type: 'json' }
import merkle from '@blockcerts/schemas/schemas/3.1/merkleProof2019Context.json' with { type: 'json' }
import statusList from '@blockcerts/schemas/schemas/3.1/statusList2021Context.json' with { type: 'json' }
import blockcerts32 from '@blockcerts/schemas/schemas/3.2/context.json' with { type: 'json' }
import type * as Bytes from './Bytes.ts'
import type * as Json from './Json.ts'

/** The addresses under which certificates name one version of the vocabulary of Blockcerts. */
function named(version: string, short: string): readonly string[] {
  const path = `schema/${version}/context.json`
  return [
    `https://w3id.org/blockcerts/${short}`,
    `https://w3id.org/blockcerts/${path}`,
    `https://www.blockcerts.org/${path}`,
  ]
}

const second = [...named('2.0', 'v2'), ...named('2.1', 'v2.1')]
const third = { '3.0': named('3.0', 'v3'), '3.1': named('3.1', 'v3.1'), '3.2': named('3.2', 'v3.2') }

/** The vocabularies of Blockcerts by the version of its certificates. */
export const vocabularies: Readonly<Record<2 | 3, readonly string[]>> = { 2: second, 3: Object.values(third).flat() }

type Copy = readonly [urls: readonly string[], document: unknown, digest: Bytes.Hex]

const copies: readonly Copy[] = [
  [
    ['https://w3id.org/openbadges/v2', 'https://openbadgespec.org/v2/context.json'],
    openBadges2,
    '0x4b5f71314b9fef23264b05bab6a03811e8fc1e5e7506b79b092aec91865e7e07',
  ],
  [second, blockcerts2, '0x6fd81a8d7ea396d005ae4b712e9ecec1df6f8e54dbff20773bb76b9ce6cdfeb4'],
  [third['3.0'], blockcerts30, '0xce2b7f5b1b9b81b84e5d41aaa6fe76802e932ce9f48bcb63532f4eacfc3f29ee'],
  [third['3.1'], blockcerts31, '0x0acee5480ba39ed3d82b1ef98e600f8eebf31c30253860ae0f081f8ff84ec557'],
  [third['3.2'], blockcerts32, '0x1ebd84139639d0509fc0f20924746ffe42cd26a024ce2603a6fc86e3945e7b53'],
  [
    ['https://w3id.org/security/suites/merkle-2019/v1'],
    merkle,
    '0xdd4bb45f08bb6527d2707c1b2447f1fd79943789e478799c3fa8c64db1b8842d',
  ],
  [
    ['https://w3id.org/security/suites/chained-2021/v1'],
    chained,
    '0xa9ac03cc83693bfc40daaba8b10b0b68344d837cf5bca4174b07c3d8a1f93823',
  ],
  [
    ['https://w3id.org/vc/status-list/2021/v1'],
    statusList,
    '0x9768f9aa81ab6c3e2ad96b2d669eaba67afe13fff0140a853f1e3d313fab13b6',
  ],
]

/**
 * What certificates of Blockcerts are written in beside the vocabularies of {@link Contexts.urls}, by address, each with the
 * SHA-256 of its RFC 8785 form. Kept apart, because no Open Badge 3.0 is written in them.
 */
export const all: ReadonlyMap<string, { readonly document: Json.Object; readonly digest: Bytes.Hex }> = new Map(
  copies.flatMap(([urls, document, digest]) =>
    urls.map((url) => [url, { document: document as Json.Object, digest }] as const),
  ),
)
