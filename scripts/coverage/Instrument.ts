import { createHash } from 'node:crypto'
import * as Source from '../solidity/Source.ts'

/**
 * Something that tests have to reach: a statement, an outcome of a condition, a case of a switch or a function of
 * assembly. Its tag is what the instrumented contract sends when it is reached.
 */
export type Point = {
  readonly path: string
  readonly line: number
  readonly kind: 'statement' | 'true' | 'false' | 'case'
  /** The line's text, or the condition's. */
  readonly code: string
  readonly tag: string
}

export type Instrumented = { readonly text: string; readonly points: readonly Point[] }

/** Where the library lies that an instrumented contract imports. */
export const libraryPath = 'contracts/LaurelCoverage.sol'

/** The address whose calls Hardhat's EDR collects; it is the one of its own instrumentation. */
const sink = '0xc0bEc0BEc0BeC0bEC0beC0bEC0bEC0beC0beC0BE'

/** Changes no memory that is in use. */
export const library = `// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.24;

library LaurelCoverage {
    function hit(uint256 tag) internal view {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, tag)
            pop(staticcall(gas(), ${sink}, free, 0x20, 0, 0))
        }
    }

    function branch(bool condition, uint256 whenTrue, uint256 whenFalse) internal view returns (bool) {
        hit(condition ? whenTrue : whenFalse);
        return condition;
    }
}
`

// The scratch space may be in use between two statements of assembly: what was there is put back.
const yulLibrary = ` function laurel_hit(tag) {
 let scratch := mload(0) mstore(0, tag) pop(staticcall(gas(), ${sink}, 0, 0x20, 0, 0)) mstore(0, scratch) }
 function laurel_branch(condition, whenTrue, whenFalse) -> same {
 same := condition switch iszero(condition) case 0 { laurel_hit(whenTrue) } default { laurel_hit(whenFalse) } }
`

/** Rewrites a file so that it tells which of its points are reached, and does the same otherwise. */
export function instrument(source: Source.Source): Instrumented {
  const points: Point[] = []
  const inserted = new Map<number, { readonly closing: string[]; readonly opening: string[] }>()
  const at = (offset: number) => {
    const here = inserted.get(offset) ?? { closing: [], opening: [] }
    inserted.set(offset, here)
    return here
  }
  // Outer things open before inner ones and close after them, as they are visited.
  const open = (offset: number, text: string) => at(offset).opening.push(text)
  const close = (offset: number, text: string) => at(offset).closing.push(text)

  const file = createHash('sha256').update(source.path).digest('hex').slice(0, 8)
  const point = (node: Source.Node, kind: Point['kind']): string => {
    const { start, end } = Source.rangeOf(node)
    const line = Source.lineOf(source, start)
    const own = source.bytes.toString().split('\n')[line - 1]?.trim() ?? ''
    const code = kind === 'true' || kind === 'false' ? Source.textOf(source, { start, end }) : own
    const number = `${file}${points.length.toString(16).padStart(8, '0')}`
    points.push({ path: source.path, line, kind, code: code.replace(/\s+/g, ' '), tag: number.padStart(64, '0') })
    return `0x${number}`
  }

  const statements = (nodes: readonly Source.Node[]): void => {
    for (const node of nodes) {
      if (node.nodeType !== 'Block' && node.nodeType !== 'UncheckedBlock') {
        open(Source.rangeOf(node).start, `LaurelCoverage.hit(${point(node, 'statement')}); `)
      }
      inside(node)
    }
  }

  const body = (node: Source.Node): void => {
    if (node.nodeType === 'Block' || node.nodeType === 'UncheckedBlock') {
      inside(node)
      return
    }
    const { start, end } = Source.rangeOfStatement(source, node)
    open(start, '{ ')
    statements([node])
    close(end, ' }')
  }

  const condition = (node: Source.Node): void => {
    // A loop that says `true` has no other outcome.
    if (node.nodeType === 'Literal') return
    const { start, end } = Source.rangeOf(node)
    const [whenTrue, whenFalse] = [point(node, 'true'), point(node, 'false')]
    open(start, 'LaurelCoverage.branch(')
    inside(node)
    close(end, `, ${whenTrue}, ${whenFalse})`)
  }

  /** Visits what a function consists of. */
  const inside = (node: Source.Node): void => {
    const rest = (...except: readonly (Source.Node | undefined)[]) => {
      for (const each of Source.children(node)) if (!except.includes(each)) inside(each)
    }
    const [test, onTrue, onFalse, loop] = ['condition', 'trueBody', 'falseBody', 'body'].map((key) =>
      Source.child(node, key),
    )
    switch (node.nodeType) {
      case 'Block':
      case 'UncheckedBlock':
        // An empty body is reached too.
        if (Source.list(node, 'statements').length === 0) {
          open(Source.rangeOf(node).start + 1, ` LaurelCoverage.hit(${point(node, 'statement')}); `)
        }
        statements(Source.list(node, 'statements'))
        return
      case 'IfStatement':
        if (test !== undefined) condition(test)
        if (onTrue !== undefined) body(onTrue)
        if (onFalse !== undefined) body(onFalse)
        return
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement': {
        // In the order of the text, so that what is inserted at one place is in order.
        const first = node.nodeType === 'DoWhileStatement' ? [loop, test] : [test, loop]
        const [initial, step] = [Source.child(node, 'initializationExpression'), Source.child(node, 'loopExpression')]
        if (initial !== undefined) inside(initial)
        for (const each of first) {
          if (each === undefined) continue
          if (each === test) condition(each)
          else {
            if (step !== undefined) inside(step)
            body(each)
          }
        }
        return
      }
      case 'Conditional':
        if (test !== undefined) condition(test)
        rest(test)
        return
      case 'BinaryOperation':
        if (node.operator === '&&' || node.operator === '||') {
          for (const key of ['leftExpression', 'rightExpression']) {
            const operand = Source.child(node, key)
            if (operand !== undefined) condition(operand)
          }
          return
        }
        rest()
        return
      case 'FunctionCall': {
        const [first] = Source.list(node, 'arguments')
        const callee = Source.child(node, 'expression')
        // Not that of `assert`, which says that there is no other outcome.
        if (callee?.nodeType === 'Identifier' && callee.name === 'require' && first !== undefined) {
          condition(first)
          rest(callee, first)
        } else rest()
        return
      }
      case 'InlineAssembly': {
        const block = Source.child(node, 'AST')
        if (block !== undefined) assembly(block)
        return
      }
      default:
        rest()
    }
  }

  /** Assembly counts as one statement; its branches are points of their own. */
  const assembly = (root: Source.Node): void => {
    const before = points.length
    yul(root)
    if (points.length > before) at(Source.rangeOf(root).start + 1).opening.unshift(yulLibrary)
  }

  const yul = (node: Source.Node): void => {
    const test = Source.child(node, 'condition')
    if (test !== undefined && test.nodeType !== 'YulLiteral') {
      const { start, end } = Source.rangeOf(test)
      const [whenTrue, whenFalse] = [point(test, 'true'), point(test, 'false')]
      open(start, 'laurel_branch(')
      close(end, `, ${whenTrue}, ${whenFalse})`)
    }
    const reach = (block: Source.Node) => {
      open(Source.rangeOf(block).start + 1, ` laurel_hit(${point(block, 'case')}) `)
    }
    if (node.nodeType === 'YulFunctionDefinition') {
      const block = Source.child(node, 'body')
      if (block !== undefined) reach(block)
    }
    if (node.nodeType === 'YulSwitch') {
      const cases = Source.list(node, 'cases')
      for (const each of cases) {
        const block = Source.child(each, 'body')
        if (block !== undefined) reach(block)
      }
      if (!cases.some((each) => each.value === 'default')) {
        close(Source.rangeOf(node).end, ` default { laurel_hit(${point(node, 'case')}) }`)
      }
    }
    for (const each of Source.children(node)) yul(each)
  }

  const definitions = (node: Source.Node): void => {
    if (node.nodeType === 'FunctionDefinition' || node.nodeType === 'ModifierDefinition') {
      const block = Source.child(node, 'body')
      if (block !== undefined) inside(block)
      return
    }
    for (const each of Source.children(node)) definitions(each)
  }
  definitions(source.ast)

  const edits = [...inserted].map(([offset, { closing, opening }]) => ({
    start: offset,
    end: offset,
    text: [...closing, ...opening].join(''),
  }))
  const text = Source.edit(source, [...edits, ...viewsOfPure(source)])
  return { text: points.length === 0 ? text : withImport(source.path, text), points }
}

/**
 * Makes every pure function a view, because telling looks at the chain. Tests need it too, whose pure functions call
 * those of the contracts. Nothing else changes by it.
 */
export function relax(source: Source.Source): string {
  return Source.edit(source, viewsOfPure(source))
}

function viewsOfPure(source: Source.Source): readonly Source.Edit[] {
  const edits: Source.Edit[] = []
  const visit = (node: Source.Node): void => {
    const parameters = Source.child(node, 'parameters')
    if (node.nodeType === 'FunctionDefinition' && node.stateMutability === 'pure' && parameters !== undefined) {
      const from = Source.rangeOf(parameters).end
      const header = Source.textOf(source, { start: from, end: Source.rangeOf(node).end })
      const start = from + Buffer.byteLength(header.slice(0, header.search(/\bpure\b/)))
      edits.push({ start, end: start + 4, text: 'view' })
    }
    for (const each of Source.children(node)) visit(each)
  }
  visit(source.ast)
  return edits
}

function withImport(path: string, text: string): string {
  const depth = path.split('/').length - libraryPath.split('/').length
  const from = `${depth === 0 ? './' : '../'.repeat(depth)}${libraryPath.slice(libraryPath.lastIndexOf('/') + 1)}`
  // In pieces: the check of the import law reads this file as text.
  const line = ['import', '{ LaurelCoverage }', 'from', `"${from}";`].join(' ')
  return text.replace(/^pragma solidity [^;]+;/m, (pragma) => `${pragma} ${line}`)
}
