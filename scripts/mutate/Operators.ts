import * as Source from '../solidity/Source.ts'

/** A change of one place that a test should notice. */
export type Change = Source.Edit & { readonly operator: string }

type Node = Source.Node

/** An operator of mutation: what it makes of a node, nothing where it does not apply. */
type Operator = (node: Node, source: Source.Source) => readonly Source.Edit[]

const binary: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '==': ['!='],
  '!=': ['=='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '^': ['|'],
  '&&': ['||'],
  '||': ['&&'],
}
const relational = /^[<>=!]=?$/
const logical = /^(?:&&|\|\|)$/

const assignment: Readonly<Record<string, string>> = {
  '+=': '-=',
  '-=': '+=',
  '*=': '/=',
  '|=': '&=',
  '&=': '|=',
  '^=': '|=',
  '<<=': '>>=',
  '>>=': '<<=',
}

const yulFunction: Readonly<Record<string, string>> = {
  add: 'sub',
  sub: 'add',
  mul: 'add',
  and: 'or',
  or: 'and',
  xor: 'or',
  shl: 'shr',
  shr: 'shl',
  lt: 'gt',
  gt: 'lt',
}

/** What else the chain knows, in place of what was asked. */
const environment: Readonly<Record<string, string>> = {
  'msg.sender': 'tx.origin',
  'block.timestamp': 'block.number',
  'block.number': 'block.timestamp',
  'block.chainid': '(block.chainid + 1)',
}

/** Everything that is tried, by its name. */
export const operators: Readonly<Record<string, Operator>> = {
  relational: (node, source) =>
    node.nodeType === 'BinaryOperation' && relational.test(String(node.operator)) ? replaceOperator(node, source) : [],

  arithmetic: (node, source) => {
    const operator = String(node.operator)
    if (node.nodeType === 'Assignment')
      return between(node, source, 'leftHandSide', 'rightHandSide', assignment[operator])
    if (node.nodeType !== 'BinaryOperation' || relational.test(operator) || logical.test(operator)) return []
    return replaceOperator(node, source)
  },

  logical: (node, source) => {
    if (node.nodeType !== 'BinaryOperation' || !logical.test(String(node.operator))) return []
    const operands = ['leftExpression', 'rightExpression'].flatMap((key) => Source.child(node, key) ?? [])
    return [
      ...replaceOperator(node, source),
      ...operands.map((operand) => replace(node, Source.textOf(source, Source.rangeOf(operand)))),
    ]
  },

  condition: (node, source) => {
    const test = Source.child(node, 'condition')
    if (test === undefined || test.nodeType.startsWith('Yul')) return []
    if (!['IfStatement', 'Conditional'].includes(node.nodeType)) return []
    return ['true', 'false', `!(${Source.textOf(source, Source.rangeOf(test))})`].map((text) => replace(test, text))
  },

  unary: (node, source) => {
    const operand = Source.child(node, 'subExpression')
    if (node.nodeType !== 'UnaryOperation' || operand === undefined) return []
    const text = Source.textOf(source, Source.rangeOf(operand))
    const step = { '++': '--', '--': '++' }[String(node.operator)]
    if (step !== undefined) return [replace(node, node.prefix === true ? `${step}${text}` : `${text}${step}`)]
    return /^[!~-]$/.test(String(node.operator)) ? [replace(node, text)] : []
  },

  constant: (node) => {
    if (node.nodeType !== 'Literal' && node.nodeType !== 'YulLiteral') return []
    if (node.kind === 'bool') return [replace(node, node.value === 'true' ? 'false' : 'true')]
    if (node.kind !== 'number' || !/^(?:0x[0-9a-f]+|[0-9_]+)$/i.test(String(node.value))) return []
    const value = BigInt(String(node.value).replaceAll('_', ''))
    return [value + 1n, ...(value > 0n ? [value - 1n] : [])].map((other) => replace(node, other.toString()))
  },

  'delete statement': (node, source) => {
    const isAlone = ['ExpressionStatement', 'EmitStatement', 'RevertStatement', 'Return', 'IfStatement'].includes(
      node.nodeType,
    )
    if (node.nodeType === 'YulExpressionStatement' || node.nodeType === 'YulIf' || node.nodeType === 'YulAssignment') {
      return [replace(node, '')]
    }
    // A body without braces has to stay a statement.
    return isAlone ? [{ ...Source.rangeOfStatement(source, node), text: '{ }' }] : []
  },

  // Only effects beside effects, and events beside events: in any other order the rest does the same as before.
  'swap statements': (node, source) => {
    if (node.nodeType !== 'Block' && node.nodeType !== 'UncheckedBlock') return []
    const statements = Source.list(node, 'statements')
    return statements.slice(1).flatMap((second, i) => {
      const first = statements[i]
      if (first === undefined || first.nodeType !== second.nodeType) return []
      if (first.nodeType !== 'ExpressionStatement' && first.nodeType !== 'EmitStatement') return []
      const [one, two] = [Source.rangeOfStatement(source, first), Source.rangeOfStatement(source, second)]
      const [a, b] = [Source.textOf(source, one), Source.textOf(source, two)]
      return [{ start: one.start, end: two.end, text: `${b} ${a}` }]
    })
  },

  'swap arguments': (node, source) => {
    if (node.nodeType !== 'FunctionCall' && node.nodeType !== 'YulFunctionCall') return []
    const texts = Source.list(node, 'arguments').map((each) => ({
      range: Source.rangeOf(each),
      text: Source.textOf(source, Source.rangeOf(each)),
    }))
    return texts.slice(1).flatMap((second, i) => {
      const first = texts[i]
      if (first === undefined) return []
      const middle = Source.textOf(source, { start: first.range.end, end: second.range.start })
      return [{ start: first.range.start, end: second.range.end, text: `${second.text}${middle}${first.text}` }]
    })
  },

  'return value': (node) => {
    const value = Source.child(node, 'expression')
    if (node.nodeType !== 'Return' || value === undefined) return []
    return [replace(value, 'false'), replace(value, '1'), replace(value, 'bytes32(uint256(1))'), replace(value, '""')]
  },

  environment: (node, source) => {
    if (node.nodeType !== 'MemberAccess') return []
    const other = environment[Source.textOf(source, Source.rangeOf(node))]
    return other === undefined ? [] : [replace(node, other)]
  },

  width: (node) => {
    const type = Source.child(node, 'expression')
    const name = type?.nodeType === 'ElementaryTypeNameExpression' ? Source.child(type, 'typeName')?.name : undefined
    const match = /^(u?int)(\d+)$/.exec(String(name))
    if (node.nodeType !== 'FunctionCall' || type === undefined || match === null) return []
    const bits = Number(match[2])
    return [bits - 8, bits + 8].filter((n) => n >= 8 && n <= 256).map((n) => replace(type, `${match[1]}${n}`))
  },

  modifier: (node) =>
    node.nodeType === 'FunctionDefinition'
      ? Source.list(node, 'modifiers').map((modifier) => replace(modifier, ''))
      : [],

  assembly: (node) => {
    const name = node.nodeType === 'YulFunctionCall' ? Source.child(node, 'functionName') : undefined
    const other = yulFunction[String(name?.name)]
    return name === undefined || other === undefined ? [] : [replace(name, other)]
  },

  'assembly condition': (node, source) => {
    const test = Source.child(node, 'condition')
    if (test === undefined || (node.nodeType !== 'YulIf' && node.nodeType !== 'YulForLoop')) return []
    const negated = replace(test, `iszero(${Source.textOf(source, Source.rangeOf(test))})`)
    return node.nodeType === 'YulIf' ? [negated, replace(test, '1')] : [negated]
  },
}

/** Every change that the operators make of a file, in the order of its text. Not each of them compiles. */
export function changes(source: Source.Source): readonly Change[] {
  const found: Change[] = []
  const visit = (node: Node): void => {
    // What is declared in an interface does nothing.
    if (node.nodeType === 'ContractDefinition' && node.contractKind === 'interface') return
    if (node.nodeType === 'ImportDirective' || node.nodeType === 'PragmaDirective') return
    for (const [operator, apply] of Object.entries(operators)) {
      for (const edit of apply(node, source)) found.push({ ...edit, operator })
    }
    for (const each of Source.children(node)) visit(each)
  }
  visit(source.ast)
  return found.toSorted((a, b) => a.start - b.start)
}

function replace(node: Node, text: string): Source.Edit {
  return { ...Source.rangeOf(node), text }
}

function replaceOperator(node: Node, source: Source.Source): readonly Source.Edit[] {
  return (binary[String(node.operator)] ?? []).flatMap((other) =>
    between(node, source, 'leftExpression', 'rightExpression', other),
  )
}

/** Replaces the operator that stands between two operands. */
function between(
  node: Node,
  source: Source.Source,
  left: string,
  right: string,
  other: string | undefined,
): readonly Source.Edit[] {
  const [first, second] = [Source.child(node, left), Source.child(node, right)]
  if (first === undefined || second === undefined || other === undefined) return []
  const gap = { start: Source.rangeOf(first).end, end: Source.rangeOf(second).start }
  const text = Source.textOf(source, gap)
  return [{ ...gap, text: text.replace(String(node.operator), () => other) }]
}
