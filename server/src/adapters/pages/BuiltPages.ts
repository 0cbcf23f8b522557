import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Asset, Badge, Pages, Reason } from '../../ports/Pages.ts'

type Paths = { readonly script: string; readonly style: string }

/** What `scripts/build/Web.ts` writes down of what it has built: all that is known of it here. */
type Manifest = {
  readonly version: number
  readonly render: string
  readonly pages: { readonly badge: Paths }
  readonly files: readonly string[]
}

/** What the built module has. */
type Renderer = {
  readonly languages: readonly string[]
  readonly badge: (badge: Badge, language: string, assets: Paths) => string
  readonly notice: (reason: Reason, path: string, language: string, assets: Paths) => string
}

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/**
 * Opens what was built into a folder, whole into memory; `undefined` where nothing was.
 *
 * @throws {TypeError} when the folder is of another version than this, or not whole
 */
export async function open(folder: string): Promise<Pages | undefined> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const manifest: Manifest = JSON.parse(text)
  if (manifest.version !== 1) throw new TypeError(`These pages were built for another version: ${manifest.version}`)
  const renderer: Renderer = await import(pathToFileURL(join(folder, manifest.render)).href)
  const assets = new Map(
    await Promise.all(manifest.files.map(async (name) => [name, await read(join(folder, name))] as const)),
  )
  const { script, style } = manifest.pages.badge
  const paths = { script: `/web/${script}`, style: `/web/${style}` }
  return {
    languages: renderer.languages,
    badge: (badge, language) => renderer.badge(badge, language, paths),
    notice: (reason, path, language) => renderer.notice(reason, path, language, paths),
    asset: (name) => assets.get(name),
  }
}

async function read(path: string): Promise<Asset> {
  const type = types[path.slice(path.lastIndexOf('.') + 1)]
  if (type === undefined) throw new TypeError(`Nobody knows what ${path} is`)
  const encoded = await Promise.all(
    (
      [
        ['br', '.br'],
        ['gzip', '.gz'],
      ] as const
    ).map(async ([coding, ending]) => {
      const bytes = await readFile(`${path}${ending}`).catch(() => undefined)
      return bytes === undefined ? [] : [[coding, bytes] as const]
    }),
  )
  return { type, bytes: await readFile(path), encoded: encoded.flat() }
}
