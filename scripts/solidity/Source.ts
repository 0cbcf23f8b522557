import solc from 'solc'

/** A Solidity file and its syntax tree. Positions are offsets into `bytes`, because the compiler's are. */
export type Source = {
  /** From the root of the project, with forward slashes. */
  readonly path: string
  readonly bytes: Buffer
  readonly ast: Node
}

/** A node of solc's syntax tree; what else it has depends on its type. */
export type Node = { readonly nodeType: string; readonly src: string; readonly [key: string]: unknown }

export type Range = { readonly start: number; readonly end: number }

/** Text that takes the place of a range. */
export type Edit = Range & { readonly text: string }

/**
 * Parses a file alone: no import is followed, and no type is known.
 *
 * @throws what the compiler says, where it is no Solidity
 */
export function parse(path: string, text: string): Source {
  const input = {
    language: 'Solidity',
    sources: { [path]: { content: text } },
    settings: { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } },
  }
  const { errors = [], sources } = JSON.parse(solc.compile(JSON.stringify(input)))
  for (const error of errors) if (error.severity === 'error') throw new SyntaxError(error.formattedMessage)
  return { path, bytes: Buffer.from(text), ast: sources[path].ast }
}

/** Where a node stands. */
export function rangeOf({ src }: Node): Range {
  const [start = 0, length = 0] = src.split(':').map(Number)
  return { start, end: start + length }
}

/** Where a statement stands, its semicolon included, which the compiler leaves out. */
export function rangeOfStatement({ bytes }: Source, node: Node): Range {
  const { start, end } = rangeOf(node)
  const rest = bytes.subarray(end).toString()
  const semicolon = /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*;/.exec(rest)
  return { start, end: end + Buffer.byteLength(semicolon?.[0] ?? '') }
}

export function textOf({ bytes }: Source, { start, end }: Range): string {
  return bytes.subarray(start, end).toString()
}

/** The line of an offset, from 1. */
export function lineOf({ bytes }: Source, offset: number): number {
  let line = 1
  for (let i = 0; i < offset; i++) if (bytes[i] === 0x0a) line++
  return line
}

/** The name of the function or modifier around an offset; empty where there is none, or it has none. */
export function functionAt({ ast }: Source, offset: number): string {
  const isAround = (node: Node) => rangeOf(node).start <= offset && offset < rangeOf(node).end
  let name = ''
  for (let node: Node | undefined = ast; node !== undefined; node = children(node).find(isAround)) {
    if (node.nodeType === 'FunctionDefinition' || node.nodeType === 'ModifierDefinition') name = String(node.name)
  }
  return name
}

/** The nodes right below one, in the order of the text. */
export function children(node: Node): readonly Node[] {
  return Object.entries(node)
    .filter(([key]) => key !== 'documentation')
    .flatMap(([, value]) => (Array.isArray(value) ? value : [value]))
    .filter(isNode)
    .toSorted((a, b) => rangeOf(a).start - rangeOf(b).start)
}

/** A node of the tree under a key, if there is one. */
export function child(node: Node, key: string): Node | undefined {
  const value = node[key]
  return isNode(value) ? value : undefined
}

/** A list of nodes under a key; holes, as in `(, x) = f()`, are left out. */
export function list(node: Node, key: string): readonly Node[] {
  const value = node[key]
  return Array.isArray(value) ? value.filter(isNode) : []
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).nodeType === 'string'
}

/** The file with ranges replaced that do not overlap. */
export function edit({ bytes }: Source, edits: readonly Edit[]): string {
  const parts: Buffer[] = []
  let at = 0
  for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
    if (start < at) throw new TypeError('two edits overlap')
    parts.push(bytes.subarray(at, start), Buffer.from(text))
    at = end
  }
  return Buffer.concat([...parts, bytes.subarray(at)]).toString()
}
