import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const root = resolve(import.meta.dirname, '../..')
const folder = join(root, 'web/dist')

/** What a server knows of the pages: all that it may give out, and what makes them. */
type Manifest = {
  readonly version: 1
  /** Of the sources that it was made of. */
  readonly digest: string
  /** The module that makes pages. */
  readonly render: string
  readonly pages: Readonly<Record<string, { readonly script: string; readonly style: string }>>
  /** What browsers ask for by name, each beside its forms `.br` and `.gz` where those are smaller. */
  readonly files: readonly string[]
}

/** Whether `web/dist` is made of the sources as they are. */
export function isBuilt(): boolean {
  try {
    return manifest().digest === digest()
  } catch {
    return false
  }
}

/** What was built. */
export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
}

/**
 * Builds `web/dist`, unless it is there. It appears whole or not at all, also where two do so at once: of a crash in between a
 * folder is left beside it, which is removed by the first run an hour later.
 */
export async function ensure(): Promise<string> {
  if (!isBuilt()) await make()
  return folder
}

async function make(): Promise<void> {
  // Of the sources as they were before: what is changed meanwhile is built the next time.
  const before = digest()
  // What needs no building need not wait for what builds.
  const { build } = await import('vite')
  const web = join(root, 'web')
  const made = await mkdtemp(join(web, '.building-'))
  const configFile = join(web, 'vite.config.ts')
  const common = { configFile, configLoader: 'native', build: { outDir: made } } as const
  await build(common)
  await build({ ...common, build: { ...common.build, ssr: true } })
  const entries: Readonly<Record<string, { readonly file: string; readonly css?: readonly string[] }>> = JSON.parse(
    await readFile(join(made, 'vite.json'), 'utf8'),
  )
  const { file: script, css = [] } = entries['src/badge/main.tsx'] ?? {}
  const [style] = css
  if (script === undefined || style === undefined || css.length > 1)
    throw new TypeError('The page of a badge has one script and one style')
  // Packages bring data beside their modules that nobody asks for.
  const kinds = /\.(?:js|css|svg|woff2)$/
  const written = (await readdir(made)).filter((name) => name !== 'render.js').sort()
  const files = written.filter((name) => kinds.test(name))
  for (const name of written) if (!kinds.test(name)) await rm(join(made, name))
  for (const name of files) if (!name.endsWith('.woff2')) await compress(join(made, name))
  const pages = { badge: { script, style } }
  const whole: Manifest = { version: 1, digest: before, render: 'render.js', pages, files }
  await writeFile(join(made, 'manifest.json'), `${JSON.stringify(whole, null, 2)}\n`)
  // A temporary folder is its maker's alone; a server may run as somebody else.
  await chmod(made, 0o755)
  await replace(made)
  for (const left of globSync('.building-*', { cwd: web })) {
    const path = join(web, left)
    const { mtimeMs } = await stat(path)
    if (Date.now() - mtimeMs > 60 * 60_000) await rm(path, { recursive: true, force: true })
  }
}

/** Puts what was made in place. Where somebody else was faster, with the same, theirs may be read already: it stays. */
async function replace(made: string): Promise<void> {
  const before = `${made}-before`
  try {
    if (isBuilt()) return
    // There may be none.
    await rename(folder, before).catch(() => {})
    await rename(made, folder)
  } catch (error) {
    if (!isBuilt()) throw error
  } finally {
    for (const path of [made, before]) await rm(path, { recursive: true, force: true })
  }
}

async function compress(path: string): Promise<void> {
  const bytes = await readFile(path)
  await writeFile(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
  await writeFile(`${path}.gz`, gzipSync(bytes, { level: 9 }))
}

/** Of all that it is made of: our sources, and which packages there are. */
function digest(): string {
  const hash = createHash('sha256')
  const paths = globSync('{web,core,verifier}/src/**/*', { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
  const configured = ['core/package.json', 'verifier/package.json', 'web/package.json', 'web/vite.config.ts']
  const others = ['package-lock.json', ...configured, 'scripts/build/Web.ts'].map((path) => join(root, path))
  for (const path of [...paths, ...others].filter((path) => existsSync(path)))
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0')
  return hash.digest('hex')
}
