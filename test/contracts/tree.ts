import type { Suite } from 'mocha'

/** The leaves of a `.tree` file, each with the way to it. */
export function leavesOfTree(text: string): string[] {
  const lines = text.trimEnd().split('\n')
  const path: string[] = []
  return lines.flatMap((line, i) => {
    const depth = depthOf(line)
    path.length = depth
    path[depth] = line.replace(/^[│├└─ ]+/, '')
    const next = lines[i + 1]
    return next === undefined || depthOf(next) <= depth ? [path.join(' > ')] : []
  })
}

function depthOf(line: string): number {
  const indent = line.search(/[^│├└─ ]/)
  return indent === 0 ? 0 : (indent - 1) / 3
}

/** The tests of a suite, each with the way to it. */
export function leavesOfSuite(suite: Suite, above: readonly string[] = []): string[] {
  const path = [...above, suite.title]
  const own = suite.tests.map((test) => [...path, test.title].join(' > '))
  return [...own, ...suite.suites.flatMap((inner) => leavesOfSuite(inner, path))]
}
