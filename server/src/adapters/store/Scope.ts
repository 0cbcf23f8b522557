import {
  AliasNode,
  AndNode,
  BinaryOperationNode,
  ColumnNode,
  type DeleteQueryNode,
  expressionBuilder,
  IdentifierNode,
  type InsertQueryNode,
  type JoinNode,
  type Kysely,
  type KyselyPlugin,
  OnNode,
  type OperationNode,
  OperationNodeTransformer,
  OperatorNode,
  ParensNode,
  type QueryId,
  type RawNode,
  ReferenceNode,
  type SelectQueryNode,
  type SqlBool,
  sql,
  TableNode,
  type Transaction,
  type UpdateQueryNode,
  ValueNode,
  type ValuesItemNode,
  ValuesNode,
  WhereNode,
} from 'kysely'
import type { Database, Value } from './Database.ts'
import type { Tables } from './Rows.ts'

/**
 * To whom the rows of a table belong: to the organisation in a column, or to whoever owns the row of another table to
 * which they refer. `shared` ones have nothing of anybody's, and the `machine`'s are no organisation's business.
 */
type Belonging =
  | { readonly column: string; readonly of?: undefined }
  | { readonly column: string; readonly of: 'batches' | 'endpoints' | 'imports' | 'status_lists'; readonly key: string }
  | 'shared'
  | 'machine'

const owned = { column: 'organisation' } as const
const ofBatch = { column: 'batch', of: 'batches', key: 'seq' } as const
const ofEndpoint = { column: 'endpoint', of: 'endpoints', key: 'seq' } as const
const ofList = (column: string) => ({ column, of: 'status_lists', key: 'number' }) as const

/** Every table: what is missing here does not compile. The policies of PostgreSQL say the same. */
export const belongings: Readonly<Record<keyof Tables, Belonging>> = {
  achievements: owned,
  addresses: 'shared',
  api_keys: owned,
  approval_rules: owned,
  approvals: owned,
  attempts: 'machine',
  audit_anchors: 'machine',
  audit_entries: owned,
  audit_heads: owned,
  backups: 'machine',
  batches: owned,
  blocks: ofBatch,
  carried: 'machine',
  chains: 'machine',
  challenges: 'shared',
  claim_moves: ofBatch,
  claim_rounds: ofBatch,
  claim_settings: owned,
  claims: ofBatch,
  collections: owned,
  contents: 'shared',
  deliveries: ofEndpoint,
  departments: owned,
  drafts: ofBatch,
  endpoints: owned,
  erased: ofBatch,
  erasures: owned,
  events: owned,
  found_roots: 'machine',
  imports: owned,
  intents: 'machine',
  invitations: owned,
  issuer_keys: owned,
  issuer_profiles: owned,
  issuers: owned,
  lanes: 'machine',
  // Learners belong to themselves: the same person may have credentials of several organisations.
  learner_bindings: 'shared',
  learner_sessions: 'shared',
  learners: 'shared',
  leases: 'shared',
  mail_suppressions: owned,
  mailings: ofBatch,
  mails: owned,
  members: owned,
  migrations: 'machine',
  nonces: 'machine',
  orders: owned,
  originals: { column: 'import', of: 'imports', key: 'id' },
  organisations: { column: 'id' },
  // What a browser is to sign, before it is known who it is.
  passkey_challenges: 'machine',
  passkeys: owned,
  pins: 'shared',
  receipts: owned,
  recipients: ofBatch,
  restorations: 'machine',
  retentions: owned,
  revocation_allowances: owned,
  revocations: ofList('status_list'),
  sessions: owned,
  sign_ins: 'machine',
  signatures: ofBatch,
  status_digests: ofList('list'),
  status_lists: owned,
  status_publications: ofList('list'),
  status_versions: ofList('list'),
  suspensions: ofList('status_list'),
  tickets: ofBatch,
  tries: ofEndpoint,
  turns: 'shared',
  usage: owned,
}

/** The scope of the machine itself, which works for all organisations. No organisation is called so. */
export const all = '*'

/**
 * Keeps all that is asked through a connection within an organisation: every select, update and delete sees its rows alone,
 * and every insert is its own, whether the query says so or not; one that says otherwise is refused. What it cannot see through it refuses.
 *
 * Rows of tables without an owner's column are stored as they come: their parents were found within the scope.
 */
export function plugin(organisation: string): KyselyPlugin {
  const transformer = new Transformer(organisation)
  return {
    transformQuery: ({ node }) => transformer.transformNode(node),
    transformResult: async ({ result }) => result,
  }
}

/** Raw SQL that keeps to a scope by itself. */
const known = new WeakSet<OperationNode>()

/** Marks raw SQL that needs no looking through. */
export function trusted<builder extends { toOperationNode: () => OperationNode }>(raw: builder): builder {
  known.add(raw.toOperationNode())
  return raw
}

/** What a database says of whose its rows are, where it sees those of everybody. */
export const everything: Pick<Database, 'mine' | 'of'> = {
  mine: () => sql<SqlBool>`1 = 1`,
  of: (organisation) => ({ organisation }),
}

/**
 * A database within an organisation.
 *
 * @param ways the two ways into it, which keep within it already
 */
export function within(database: Database, organisation: string, ways: Pick<Database, 'db' | 'reader'>): Database {
  return {
    ...database,
    ...ways,
    mine: (table) => trusted(sql<SqlBool>`${sql.ref(`${table}.organisation`)} = ${organisation}`),
    of: () => ({}),
    insertion: (table, columns) => {
      const insert = database.insertion(table, columns)
      const belonging = belongings[table]
      if (typeof belonging === 'string' || belonging.of === undefined)
        throw new UnseenError(`an insertion of many rows into ${table}`)
      const { column, of, key } = belonging
      const place = Object.keys(columns).indexOf(column)
      /** Whose rows a transaction has found to be the organisation's. */
      const found = new WeakMap<Transaction<Tables>, Set<Value | undefined>>()
      return async (tx, rows) => {
        const all = [...rows]
        const before = found.get(tx) ?? new Set()
        const parents = [...new Set(all.map((row) => row[place]))].filter((each) => !before.has(each))
        for (const parent of parents) {
          const own = (tx as unknown as Kysely<Record<string, Record<string, unknown>>>)
            .selectFrom(of)
            .select(key)
            .where(key, '=', parent)
          if ((await own.executeTakeFirst()) === undefined) throw new UnseenError(`rows in ${table} of another's`)
          before.add(parent)
        }
        found.set(tx, before)
        await insert(tx, all)
      }
    },
  }
}

/** A table as a query names it. */
type Named = { readonly table: keyof Tables; readonly alias: string }

class Transformer extends OperationNodeTransformer {
  readonly #organisation: string

  constructor(organisation: string) {
    super()
    this.#organisation = organisation
  }

  protected override transformSelectQuery(node: SelectQueryNode, id?: QueryId): SelectQueryNode {
    const query = super.transformSelectQuery(node, id)
    // What is joined without a condition is no further than what it is joined to.
    const crossed = query.joins?.filter(({ on }) => on === undefined).map(({ table }) => table)
    return { ...query, ...this.#where(query.where, [...(query.from?.froms ?? []), ...(crossed ?? [])]) }
  }

  protected override transformUpdateQuery(node: UpdateQueryNode, id?: QueryId): UpdateQueryNode {
    const query = super.transformUpdateQuery(node, id)
    if (query.table === undefined || named(query.table) === undefined)
      throw new UnseenError('an update of no one table')
    if (query.updates?.some(({ column }) => ColumnNode.is(column) && column.column.name === owned.column))
      throw new UnseenError('an update that says whose something is')
    return { ...query, ...this.#where(query.where, [query.table, ...(query.from?.froms ?? [])]) }
  }

  protected override transformDeleteQuery(node: DeleteQueryNode, id?: QueryId): DeleteQueryNode {
    const query = super.transformDeleteQuery(node, id)
    if (query.using !== undefined) throw new UnseenError('a deletion by another table')
    return { ...query, ...this.#where(query.where, query.from.froms) }
  }

  protected override transformJoin(node: JoinNode, id?: QueryId): JoinNode {
    const join = super.transformJoin(node, id)
    if (!/^(Inner|Left|Cross)Join$/.test(join.joinType)) throw new UnseenError(`a ${join.joinType}`)
    if (join.on === undefined) return join
    // Within the condition, so that what has no counterpart stays in an outer join.
    const on = this.#conditions([join.table]).reduce<OperationNode>(and, ParensNode.create(join.on.on))
    return { ...join, on: OnNode.create(on) }
  }

  protected override transformInsertQuery(node: InsertQueryNode, id?: QueryId): InsertQueryNode {
    const query = super.transformInsertQuery(node, id)
    const into = query.into && named(query.into)
    if (into === undefined) throw new UnseenError('an insertion into no table')
    const belonging = this.#belonging(into)
    if (belonging === 'shared' || belonging.of !== undefined) return query
    const { column } = belonging
    const columns = query.columns?.map(({ column }) => column.name) ?? []
    if (query.values?.kind !== 'ValuesNode' || column !== owned.column)
      throw new UnseenError(`an insertion into ${into.table} that says whose it is`)
    const { values } = query.values as OperationNode & { readonly values: readonly ValuesItemNode[] }
    const place = columns.indexOf(column)
    if (place >= 0 && values.some((row) => valueAt(row, place) !== this.#organisation))
      throw new UnseenError(`an insertion into ${into.table} that says whose it is`)
    const updates = query.onConflict?.updates === undefined ? [] : this.#conditions([query.into as TableNode])
    return {
      ...query,
      ...(place < 0 && {
        columns: [...(query.columns ?? []), ColumnNode.create(column)],
        values: ValuesNode.create(values.map((row) => withValue(row, this.#organisation))),
      }),
      ...(query.onConflict !== undefined && {
        onConflict: { ...query.onConflict, ...narrowed('updateWhere', query.onConflict.updateWhere, updates) },
      }),
    }
  }

  protected override transformMergeQuery(): never {
    throw new UnseenError('a merger')
  }

  protected override transformRaw(node: RawNode, id?: QueryId): RawNode {
    const isKnown = known.has(node) || node.parameters.some((each) => known.has(each))
    if (!isKnown && node.sqlFragments.some((text) => bare.test(text)))
      throw new UnseenError(node.sqlFragments.join('…'))
    const raw = super.transformRaw(node, id)
    // A query that is part of another is transformed with it once more.
    if (isKnown) known.add(raw)
    return raw
  }

  #where(where: WhereNode | undefined, tables: readonly OperationNode[]): { readonly where?: WhereNode } {
    return narrowed('where', where, this.#conditions(tables))
  }

  #conditions(tables: readonly OperationNode[]): readonly OperationNode[] {
    return tables.flatMap((each) => {
      const table = named(each)
      if (table === undefined) return []
      const belonging = this.#belonging(table)
      if (belonging === 'shared') return []
      if (belonging.of === undefined) return [this.#equals(belonging.column, table.alias)]
      const { column, of, key } = belonging
      const eb = expressionBuilder<Record<string, Record<string, unknown>>, string>()
      const owner = eb
        .selectFrom(`${of} as owner`)
        .select(sql.lit(1).as('found'))
        .where('owner.organisation', '=', this.#organisation)
        .whereRef(`owner.${key}`, '=', `${table.alias}.${column}`)
      return [eb.exists(owner).toOperationNode()]
    })
  }

  /** Whose its rows are, of a table that an organisation may ask at all. */
  #belonging({ table }: Named): Exclude<Belonging, 'machine'> {
    const belonging = Object.hasOwn(belongings, table) ? belongings[table] : 'machine'
    if (belonging === 'machine') throw new UnseenError(`the table ${table}`)
    return belonging
  }

  #equals(column: string, alias: string): OperationNode {
    return BinaryOperationNode.create(
      ReferenceNode.create(ColumnNode.create(column), TableNode.create(alias)),
      OperatorNode.create('='),
      ValueNode.create(this.#organisation),
    )
  }
}

/** A table with an owner, called by its name alone: not before a column. */
const bare = new RegExp(
  `\\b(${Object.entries(belongings)
    .filter(([, belonging]) => belonging !== 'shared')
    .map(([name]) => name)
    .join('|')})\\b"?(?!\\s*\\.)`,
)

/** The table that a node names; none where it is a query, which is looked through by itself. */
function named(node: OperationNode): Named | undefined {
  if (AliasNode.is(node)) {
    const table = named(node.node)
    if (table === undefined) return undefined
    if (!IdentifierNode.is(node.alias)) throw new UnseenError('an alias that is no name')
    return { table: table.table, alias: node.alias.name }
  }
  if (!TableNode.is(node)) return undefined
  const { name } = node.table.identifier
  return { table: name as keyof Tables, alias: name }
}

function narrowed<name extends string>(
  name: name,
  where: WhereNode | undefined,
  conditions: readonly OperationNode[],
): { readonly [member in name]?: WhereNode } {
  const [first, ...rest] = [...(where === undefined ? [] : [ParensNode.create(where.where)]), ...conditions]
  return (first === undefined ? {} : { [name]: WhereNode.create(rest.reduce<OperationNode>(and, first)) }) as {
    readonly [member in name]?: WhereNode
  }
}

function and(left: OperationNode, right: OperationNode): OperationNode {
  return AndNode.create(left, right)
}

function valueAt(row: ValuesItemNode, place: number): unknown {
  if (row.kind === 'PrimitiveValueListNode') return row.values[place]
  const node = row.values[place]
  return node !== undefined && ValueNode.is(node) ? node.value : undefined
}

function withValue(row: ValuesItemNode, value: string): ValuesItemNode {
  return row.kind === 'PrimitiveValueListNode'
    ? { ...row, values: [...row.values, value] }
    : { ...row, values: [...row.values, ValueNode.create(value)] }
}

/** Thrown when a scope cannot see through a query, which is a mistake of the program: nothing was asked. */
class UnseenError extends TypeError {
  constructor(what: string) {
    super(`A scope cannot see through ${what}`)
  }
}
