import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '../..')
const source = (name: string) => join(root, 'verifier', 'src', name)

/** One module for a page. `integrity` is what its script element may demand (Subresource Integrity). */
export type Page = { readonly bytes: number; readonly gzipBytes: number; readonly integrity: string }

/** Builds `laurel-verifier.js`, which imports nothing, and `laurel-verifier.js.integrity` beside it. */
export async function page(folder: string): Promise<Page> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'laurel-verifier.js')
  await build({
    entryPoints: [source('browser.ts')],
    outfile: path,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2024',
    legalComments: 'none',
    charset: 'utf8',
    absWorkingDir: root,
  })
  const module = await readFile(path)
  const integrity = `sha384-${createHash('sha384').update(module).digest('base64')}`
  await writeFile(`${path}.integrity`, `${integrity}\n`)
  return { bytes: module.length, gzipBytes: gzipSync(module, { level: 9 }).length, integrity }
}

/**
 * Builds the folder of the package: the library and the command as JavaScript, with core in them, because Node strips no
 * types from what is installed.
 */
export async function packed(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'bin'), { recursive: true })
  const own = JSON.parse(await readFile(join(root, 'verifier', 'package.json'), 'utf8'))
  const core = JSON.parse(await readFile(join(root, 'core', 'package.json'), 'utf8'))
  const { '@laurel/core': _, ...rest } = { ...core.dependencies, ...own.dependencies }
  const dependencies = Object.fromEntries(Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1)))
  await build({
    entryPoints: { index: source('index.ts'), node: source('readers/node/NodeReaders.ts'), cli: source('cli/main.ts') },
    outdir: folder,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    external: Object.keys(dependencies),
    absWorkingDir: root,
  })
  await page(folder)
  const manifest = {
    name: own.name,
    version: own.version,
    license: own.license,
    type: 'module',
    engines: { node: '>=22' },
    bin: { 'laurel-verify': './bin/laurel-verify.js' },
    exports: { '.': './index.js', './node': './node.js', './laurel-verifier.js': './laurel-verifier.js' },
    dependencies,
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await writeFile(
    join(folder, 'bin', 'laurel-verify.js'),
    "#!/usr/bin/env node\nimport { start } from '../cli.js'\n\nawait start()\n",
  )
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'))
}
