import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Command from './Command.ts'

const npm = process.platform === 'win32' ? ['cmd', '/c', 'npm'] : ['npm']

/**
 * Installs a package that has a lock file of its own, apart from the workspaces, unless `node_modules` is already what
 * the lock file asks for. npm runs under the Node that this process has, which `run.js` has put first on the PATH.
 *
 * A crash in its midst leaves a `node_modules` without its stamp; the next call makes it again.
 *
 * @param folder where its package.json lies
 */
export async function install(folder: string, say: (sentence: string) => void = () => {}): Promise<void> {
  const stamp = join(folder, 'node_modules', '.laurel-installed')
  const digest = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return
  say(`Installing ${folder} …`)
  const { code, output } = await Command.run([...npm, 'ci', '--no-audit', '--no-fund'], { cwd: folder })
  if (code !== 0) throw new Error(`npm ci in ${folder} ended with ${code}:\n${output.trim()}`)
  writeFileSync(stamp, digest)
}
