import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as ImportLaw from './ImportLaw.ts'

const places = ['core', 'verifier', 'server', 'web', 'scripts', 'test', 'bench', 'ignition']

/**
 * Reads every source file under a root and holds it against the import law.
 *
 * @returns a sentence for each import that breaks it
 */
export function layering(root: string): readonly string[] {
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const files = globSync([...places.map((place) => `${place}/**/*.{ts,tsx,js}`), '*.ts'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    // test/blockcerts is a package of its own, whose test is the root's; what lies in dist is made of what is read here.
    .filter((path) => !/node_modules\/|^(verifier|web)\/dist\/|^test\/blockcerts\//.test(path))
    .map((path) => ({ path, text: read(path) }))
  const declared = Object.fromEntries(
    globSync(['package.json', '*/package.json', 'bench/peers/*/package.json'], { cwd: root }).map((path) => {
      const manifest = JSON.parse(read(path))
      const { dependencies, devDependencies, peerDependencies, optionalDependencies, imports = {} } = manifest
      const folder = path.replaceAll('\\', '/').replace(/\/?package\.json$/, '')
      const packages = Object.keys({
        ...dependencies,
        ...devDependencies,
        ...peerDependencies,
        ...optionalDependencies,
      })
      return [folder, [...packages, ...Object.keys(imports).filter((name) => isForAll(imports[name]))]]
    }),
  )
  return ImportLaw.check(files, declared).map(
    ({ path, line, specifier, rule }) => `${path}:${line} imports '${specifier}': ${rule}`,
  )
}

/** Whether a conditional import has a twin that runs without Node. */
function isForAll({ default: twin }: { readonly default?: string }): boolean {
  return twin !== undefined && !twin.startsWith('./src/node/')
}
