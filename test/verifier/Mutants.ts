import * as Json from '@laurel/core/Json'

/** A changed document, and how it was changed. */
export type Mutant = { readonly how: string; readonly text: string }

type Path = readonly (string | number)[]

/** Every node of a JSON value with the way to it, the value itself not among them. */
function* nodes(value: Json.Value, path: Path = []): Generator<readonly [Path, Json.Value]> {
  const entries = Json.isArray(value) ? [...value.entries()] : Json.isObject(value) ? Object.entries(value) : []
  for (const [key, item] of entries) {
    yield [[...path, key], item]
    yield* nodes(item, [...path, key])
  }
}

/** Every node removed. */
export function* removals(document: Json.Object): Generator<Mutant> {
  for (const [path] of nodes(document))
    yield { how: `without ${path.join('/')}`, text: write(change(document, path, () => [])) }
}

/** Every node written as a value of another type, as many readers would coerce it. */
export function* retypings(document: Json.Object): Generator<Mutant> {
  for (const [path, value] of nodes(document))
    for (const [i, other] of others(value).entries())
      yield { how: `${path.join('/')} as another type (${i})`, text: write(change(document, path, () => [other])) }
}

/** Every member twice in the text, every item twice in its list. */
export function* duplications(document: Json.Object): Generator<Mutant> {
  for (const [path, value] of nodes(document)) {
    const how = `${path.join('/')} twice`
    if (typeof path.at(-1) === 'number') yield { how, text: write(change(document, path, () => [value, value])) }
    else {
      yield { how, text: write(document, path, value) }
      yield { how: `${how}, the first empty`, text: write(document, path, null) }
    }
  }
}

/** Every member under a name that JSON-LD takes for the same, or in a place that it reads as the same. */
export function* renamings(document: Json.Object): Generator<Mutant> {
  for (const [path, value] of nodes(document)) {
    const name = path.at(-1)
    if (typeof name !== 'string') continue
    const parent = path.slice(0, -1)
    const rename = (how: string, members: Json.Object): Mutant => ({
      how: `${path.join('/')} ${how}`,
      text: write(
        change(document, parent, (object) => {
          const { [name]: _, ...rest } = object as Json.Object
          return [{ ...rest, ...members }]
        }),
      ),
    })
    yield rename('as a keyword', { [`@${name}`]: value })
    yield rename('as an address', { [`https://www.w3.org/2018/credentials#${name}`]: value })
    yield rename('as another vocabulary’s', { [`https://purl.imsglobal.org/spec/vc/ob/vocab.html#${name}`]: value })
    yield rename('in capitals', { [name.toUpperCase()]: value })
    for (const keyword of ['@included', '@nest', '@graph', '@reverse', '@set', '@list'])
      yield rename(`under ${keyword}`, { [keyword]: { [name]: value } })
  }
}

/** Something added at every object: what a reader might look at and no signature covers. */
export function* additions(document: Json.Object): Generator<Mutant> {
  const objects: Path[] = [
    [],
    ...[...nodes(document)].filter(([, value]) => Json.isObject(value)).map(([path]) => path),
  ]
  const members: readonly Json.Object[] = [
    { unknown: 'x' },
    { unknown: null },
    { image: null },
    { validUntil: '2099-01-01T00:00:00Z' },
    { credentialStatus: [] },
    { '@context': {} },
    { '@context': 'https://www.w3.org/ns/credentials/v2' },
    { '@id': 'urn:x' },
    { '@type': 'Profile' },
    { toString: 'x' },
  ]
  for (const path of objects)
    for (const member of members)
      yield {
        how: `${path.join('/') || '/'} with ${JSON.stringify(member)}`,
        text: write(change(document, path, (object) => [{ ...(object as Json.Object), ...member }])),
      }
}

/** Every object moved into every other place that has a member of its name. */
export function* swaps(document: Json.Object): Generator<Mutant> {
  const all = [...nodes(document)].filter(([path]) => typeof path.at(-1) === 'string')
  for (const [i, [path, value]] of all.entries())
    for (const [other, content] of all.slice(i + 1)) {
      const isSame = JSON.stringify(value) === JSON.stringify(content)
      const isNested = path.every((key, depth) => other[depth] === key)
      if (path.at(-1) !== other.at(-1) || isSame || isNested) continue
      const half = change(document, path, () => [content])
      yield {
        how: `${path.join('/')} exchanged with ${other.join('/')}`,
        text: write(change(half, other, () => [value])),
      }
    }
}

function others(value: Json.Value): readonly Json.Value[] {
  const always: Json.Value[] = [null, {}, [], [value], [[value]]]
  if (typeof value === 'string')
    return [...always, 0, true, { '@value': value }, { id: value }, { '@id': value }, { '@set': [value] }, ` ${value}`]
  if (typeof value === 'number') return [...always, String(value), `${value.toExponential(15)}`, { '@value': value }]
  if (typeof value === 'boolean') return [...always, String(value), Number(value), { '@value': value }]
  if (Json.isArray(value)) return [null, {}, [], '', [value], { '@set': value }, { '@list': value }, ...value]
  if (Json.isObject(value)) return [...always, 'x', value.id ?? 0, { '@graph': value }, { ...value, id: 'urn:uuid:x' }]
  return always
}

/** A copy in which the node is replaced by the items that are given for it: none removes it. */
function change(
  value: Json.Value,
  [key, ...rest]: Path,
  replace: (node: Json.Value) => readonly Json.Value[],
): Json.Value {
  if (key === undefined) return replace(value)[0] ?? null
  const items = (item: Json.Value) => (rest.length === 0 ? replace(item) : [change(item, rest, replace)])
  if (Json.isArray(value)) return value.flatMap((item, i) => (i === key ? items(item) : [item]))
  return Object.fromEntries(
    Object.entries(value as Json.Object).flatMap(([name, item]) =>
      name === key ? items(item).map((each) => [name, each] as const) : [[name, item] as const],
    ),
  )
}

/** JSON text; a member named by a path is written twice, first with the value that is given. */
function write(value: Json.Value, twice?: Path, first: Json.Value = null): string {
  if (Json.isArray(value)) return `[${value.map((item, i) => write(item, below(twice, i), first)).join(',')}]`
  if (!Json.isObject(value)) return JSON.stringify(value)
  const members = Object.entries(value).flatMap(([name, item]) => {
    const member = `${JSON.stringify(name)}:${write(item, below(twice, name), first)}`
    return twice?.length === 1 && twice[0] === name
      ? [`${JSON.stringify(name)}:${JSON.stringify(first)}`, member]
      : [member]
  })
  return `{${members.join(',')}}`
}

function below(path: Path | undefined, key: string | number): Path | undefined {
  return path?.[0] === key && path.length > 1 ? path.slice(1) : undefined
}
