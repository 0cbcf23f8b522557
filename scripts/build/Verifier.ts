import { createHash } from 'node:crypto'
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import * as TrustFile from '@laurel/verifier/element/TrustFile'
import { build } from 'esbuild'

const root = resolve(import.meta.dirname, '../..')
const source = (name: string) => join(root, 'verifier', 'src', name)

/** One module for a page. `integrity` is what its script element may demand (Subresource Integrity). */
export type Module = { readonly bytes: number; readonly gzipBytes: number; readonly integrity: string }

/** The modules for a page, by the names of their files, and where each begins. */
const modules = { 'laurel-verifier.js': 'browser.ts', 'laurel-badge.js': 'badge.ts' } as const

/** Builds one of them, which imports nothing, and its `.integrity` beside it. */
export async function module(folder: string, name: keyof typeof modules): Promise<Module> {
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  await build({ ...forBrowsers, entryPoints: [source(modules[name])], outfile: path })
  const bytes = await readFile(path)
  const integrity = `sha384-${digest('sha384', bytes)}`
  await writeFile(`${path}.integrity`, `${integrity}\n`)
  return { bytes: bytes.length, gzipBytes: gzipSync(bytes, { level: 9 }).length, integrity }
}

const forBrowsers = {
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2024',
  legalComments: 'none',
  charset: 'utf8',
  absWorkingDir: root,
} as const

/**
 * Builds `verify.html`: the whole of a page in one file, which runs from a disk as well. It asks whom it is pointed to, and
 * runs and loads nothing but what is in it, which its own policy says.
 *
 * @param trust a trust file that is put into it; without one it trusts nobody until it is given one
 */
export async function document(folder: string, trust?: Uint8Array): Promise<{ readonly bytes: number }> {
  if (trust !== undefined) TrustFile.read(trust)
  await mkdir(folder, { recursive: true })
  const { outputFiles } = await build({
    ...forBrowsers,
    entryPoints: [source('page/main.ts'), source('page/page.css')],
    outdir: folder,
    write: false,
  })
  const [script = '', style = ''] = ['.js', '.css'].map((ending) =>
    outputFiles.find(({ path }) => path.endsWith(ending))?.text.trim(),
  )
  // What ends a script's element, or keeps it from ending, wherever it stands.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new TypeError('It cannot be put into a page')
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${digest('sha256', script)}'`,
    `style-src 'sha256-${digest('sha256', style)}'`,
    'img-src data:',
    'connect-src https: http://127.0.0.1:* http://localhost:*',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ')
  const data = trust === undefined ? 'null' : new TextDecoder().decode(trust).replaceAll('<', '\\u003c')
  let page = await readFile(source('page/page.html'), 'utf8')
  for (const [place, filled] of [
    [`content="default-src 'none'"`, `content="${policy}"`],
    ['<style></style>', `<style>${style}</style>`],
    ['>null</script>', `>${data}</script>`],
    ['<script type="module"></script>', `<script type="module">${script}</script>`],
  ] as const) {
    if (!page.includes(place)) throw new TypeError(`The page has lost its ${place}`)
    page = page.replace(place, () => filled)
  }
  await writeFile(join(folder, 'verify.html'), page)
  return { bytes: Buffer.byteLength(page) }
}

function digest(algorithm: 'sha256' | 'sha384', bytes: Uint8Array | string): string {
  return createHash(algorithm).update(bytes).digest('base64')
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
    external: Object.keys({ ...dependencies, ...own.peerDependencies }),
    absWorkingDir: root,
  })
  for (const name of ['laurel-verifier.js', 'laurel-badge.js'] as const) await module(folder, name)
  await document(folder)
  const manifest = {
    name: own.name,
    version: own.version,
    license: own.license,
    type: 'module',
    engines: { node: '>=22' },
    bin: { 'laurel-verify': './bin/laurel-verify.js' },
    exports: {
      '.': './index.js',
      './node': './node.js',
      './laurel-verifier.js': './laurel-verifier.js',
      './laurel-badge.js': './laurel-badge.js',
      './verify.html': './verify.html',
    },
    dependencies,
    // Who writes no report in PDF need not have what draws and signs it.
    peerDependencies: own.peerDependencies,
    peerDependenciesMeta: own.peerDependenciesMeta,
  }
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  await writeFile(
    join(folder, 'bin', 'laurel-verify.js'),
    "#!/usr/bin/env node\nimport { start } from '../cli.js'\n\nawait start()\n",
  )
  await cp(join(root, 'LICENSE'), join(folder, 'LICENSE'))
}
