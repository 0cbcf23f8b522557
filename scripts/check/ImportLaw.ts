import { isBuiltin } from 'node:module'
import { posix } from 'node:path'

/** A file of the project: its path from the root with forward slashes, and its text. */
export type File = { readonly path: string; readonly text: string }

/** An import that breaks the law. */
export type Violation = {
  readonly path: string
  readonly line: number
  readonly specifier: string
  readonly rule: string
}

/**
 * What the package.json files declare: the folder of each, '' for the root, and the packages named there, and the
 * conditional imports (`#Name`) that have a form for every place.
 */
export type Declared = Readonly<Record<string, readonly string[]>>

type Import = { readonly specifier: string; readonly line: number }
type Place = { readonly kind: 'node' | 'package' | 'file'; readonly name: string }
type Rule = {
  readonly sentence: string
  /** The files that the rule is for. */
  readonly within: RegExp
  readonly except?: RegExp
  readonly forbids: (target: Place) => boolean
}

const workspaces = ['core', 'verifier', 'server', 'client', 'web']

const toFile = (pattern: RegExp) => (target: Place) => target.kind === 'file' && pattern.test(target.name)
const toPackage = (pattern: RegExp) => (target: Place) => target.kind === 'package' && pattern.test(target.name)
const toNode = (target: Place) => target.kind === 'node'

/** The import law (docs: AGENTS.md). Every rule reads as the sentence that is shown when it is broken. */
export const law: readonly Rule[] = [
  {
    sentence: 'core imports no workspace',
    within: /^core\//,
    forbids: toFile(/^(verifier|server|web|scripts|test|bench)\//),
  },
  {
    sentence: 'core is pure: node: stands in src/node/ only',
    within: /^core\//,
    except: /^core\/src\/node\//,
    forbids: toNode,
  },
  {
    sentence: 'what core has for Node alone is reached by a conditional import only, so that browsers get its twin',
    within: /^/,
    except: /^(core\/src\/node|test)\//,
    forbids: toFile(/^core\/src\/node\//),
  },
  {
    sentence: 'the verifier imports core only',
    within: /^verifier\//,
    except: /^verifier\/bin\//,
    forbids: toFile(/^(server|web|scripts|test|bench)\//),
  },
  {
    sentence: 'the library of the verifier runs in a browser: node: stands in cli/ and readers/node/ only',
    within: /^verifier\/src\//,
    except: /^verifier\/src\/(cli|readers\/node)\//,
    forbids: toNode,
  },
  {
    sentence: 'the library of the verifier does not know its command line, nor readers that need Node',
    within: /^verifier\/src\//,
    except: /^verifier\/src\/(cli|readers\/node)\//,
    forbids: toFile(/^verifier\/src\/(cli|readers\/node)\//),
  },
  {
    sentence: 'the server imports core and the verifier only',
    within: /^server\//,
    except: /^server\/bin\//,
    forbids: toFile(/^(web|scripts|test|bench)\//),
  },
  {
    sentence: 'the client runs everywhere and imports nothing',
    within: /^client\//,
    except: /^client\/src\/index\.ts$/,
    forbids: () => true,
  },
  {
    sentence: 'the client runs everywhere and imports nothing but what is generated',
    within: /^client\/src\/index\.ts$/,
    forbids: ({ name }) => name !== 'client/src/generated/Operations.ts',
  },
  {
    sentence: 'the web imports the client, the verifier and core only',
    within: /^web\//,
    forbids: toFile(/^(server|scripts|test|bench)\//),
  },
  {
    sentence: 'pipeline, status and content know ports, never adapters, faces or the composition',
    within: /^server\/src\/(pipeline|status|content)\//,
    forbids: toFile(/^server\/src\/(adapters|http|cli)\/|^server\/src\/(main|cli|worker|config)\.ts$/),
  },
  {
    sentence: 'ports know nothing of those on either side of them',
    within: /^server\/src\/ports\//,
    forbids: toFile(
      /^server\/src\/(adapters|http|cli|pipeline|status|content)\/|^server\/src\/(main|cli|worker|config)\.ts$/,
    ),
  },
  {
    sentence: 'adapters know ports, never pipeline, faces or the composition',
    within: /^server\/src\/adapters\//,
    forbids: toFile(/^server\/src\/(http|cli|pipeline|status|content)\/|^server\/src\/(main|cli|worker)\.ts$/),
  },
  {
    sentence: 'only main composes: HTTP and worker reach adapters through it',
    within: /^server\/src\/(http\/|worker\.ts)/,
    forbids: toFile(/^server\/src\/adapters\//),
  },
  {
    sentence: 'zod stands at the edges only: HTTP, environment, CSV, command line, trust file',
    within: /^(core|verifier|server)\/src\//,
    except: /^verifier\/src\/cli\/|^server\/src\/(config\.ts|cli\/|http\/|roster\/|achievement\/)/,
    forbids: toPackage(/^zod$/),
  },
  {
    sentence: 'an Ethereum SDK stands only in chain adapters and in readers behind a port',
    within: /^(core|verifier|server)\/src\//,
    except: /^verifier\/src\/readers\/|^server\/src\/adapters\/chain\//,
    forbids: toPackage(/^(viem|web3)$/),
  },
  {
    sentence: 'ethers stands in contract tests only',
    within: /^/,
    except: /^test\/contracts\/|^hardhat\.config\.ts$/,
    forbids: toPackage(/^(ethers|@nomicfoundation\/hardhat-ethers)$/),
  },
  {
    sentence: 'the bootstrap runs where nothing is installed: node: only',
    within: /^scripts\/run\.js$/,
    forbids: (target) => target.kind !== 'node',
  },
  {
    sentence: 'a launcher imports the bootstrap only',
    within: /^(server|verifier)\/bin\//,
    forbids: (target) => target.name !== 'scripts/run.js',
  },
]

/** Every import that breaks the law or names a package that its own package.json does not declare. */
export function check(files: readonly File[], declared: Declared): readonly Violation[] {
  return files.flatMap(({ path, text }) =>
    imports(text).flatMap(({ specifier, line }) => {
      const target = resolve(path, specifier)
      const broken = law
        .filter((rule) => rule.within.test(path) && !rule.except?.test(path) && rule.forbids(target))
        .map((rule) => rule.sentence)
      if (isForeignInternal(path, target)) broken.push('internal/ stays inside its workspace')
      if (target.kind === 'package' && !isDeclared(path, target.name, declared)) {
        broken.push(`${target.name} is not declared in the package.json of ${packageOf(path, declared) || 'the root'}`)
      }
      return broken.map((rule) => ({ path, line, specifier, rule }))
    }),
  )
}

/** The modules that a TypeScript or JavaScript text imports, types too, with the lines they stand on (from 1). */
export function imports(text: string): readonly Import[] {
  const code = withoutComments(text)
  const pattern =
    /(?:^|[;\n}])\s*(?:import|export)\b(?:[^'"`;()]*?\bfrom)?\s*(['"])([^'"\n]+)\1|\b(?:import|require(?:\.resolve)?)\(\s*(['"])([^'"\n]+)\3/g
  return [...code.matchAll(pattern)].map((match) => ({
    specifier: match[2] ?? match[4] ?? '',
    line: code.slice(0, match.index + match[0].length).split('\n').length,
  }))
}

// Keeps every line where it is. A // inside a string (a URL) follows a colon or a quote and is left alone.
function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[\s;{}(),])\/\/[^\n]*/g, '$1')
}

function resolve(path: string, specifier: string): Place {
  if (specifier.startsWith('.')) {
    return { kind: 'file', name: posix.normalize(posix.join(posix.dirname(path), specifier)) }
  }
  if (specifier.startsWith('node:') || isBuiltin(specifier)) return { kind: 'node', name: specifier }
  const name = specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1)
  if (name[0] === '@laurel') {
    const rest = specifier.split('/').slice(2).join('/')
    return { kind: 'file', name: `${name[1]}/src/${rest === '' ? 'index' : rest}.ts` }
  }
  return { kind: 'package', name: name.join('/') }
}

function workspaceOf(path: string): string {
  const folder = path.split('/')[0] ?? ''
  return workspaces.includes(folder) ? folder : ''
}

function isForeignInternal(path: string, target: Place): boolean {
  if (target.kind !== 'file' || !/\/internal\//.test(target.name) || path.startsWith('test/')) return false
  return workspaceOf(path) !== workspaceOf(target.name)
}

/** The folder of the package that a file belongs to: a workspace, or a package apart from them; '' for the root. */
function packageOf(path: string, declared: Declared): string {
  // Contracts are all that is in that package; the scripts that measure them are the root's.
  if (path.startsWith('bench/gas/')) return ''
  const folders = Object.keys(declared).filter((folder) => folder !== '' && path.startsWith(`${folder}/`))
  return folders.toSorted((a, b) => b.length - a.length)[0] ?? workspaceOf(path)
}

function isDeclared(path: string, name: string, declared: Declared): boolean {
  const folder = packageOf(path, declared)
  if (folder !== '') return declared[folder]?.includes(name) ?? false
  // Scripts and tests stand outside of the workspaces and may use whatever one of them declares.
  return ['', ...workspaces].some((workspace) => declared[workspace]?.includes(name))
}
