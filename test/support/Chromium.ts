import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

/** Where a Chromium is on this machine; `CHROMIUM` may name one. */
export const executable = [
  process.env.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))

/** Starts a Chromium without a window; says SKIPPED where there is none. */
export async function launch(args: readonly string[] = []): Promise<Browser | undefined> {
  if (executable !== undefined) return chromium.launch({ executablePath: executable, args: ['--no-sandbox', ...args] })
  console.log('      SKIPPED: there is no Chromium here; name one in CHROMIUM')
  return undefined
}
