/**
 * The door to everything: finds or fetches the Node that Laurel needs, installs the dependencies under it, and runs a
 * TypeScript file with it. Plain JavaScript that any Node from 18 on runs; nothing has to be installed for it.
 *
 *     node scripts/run.js FILE.ts [argument …]
 *
 * A crash at any line leaves at worst a half-made `.tools/` or `node_modules/` without its stamp; the next run makes
 * them again.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import module from 'node:module'
import { hostname } from 'node:os'
import { basename, delimiter, dirname, join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

const oldest = 24
const fetched = '24.21.0'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')
const tools = join(root, '.tools')
const windows = process.platform === 'win32'

/**
 * Runs a TypeScript file of this repository under a Node that is new enough, with its dependencies installed.
 *
 * @param {string} target the file, relative to the repository
 * @param {readonly string[]} args what the file finds behind its name in `process.argv`
 */
export async function run(target, args) {
  try {
    const node = await prepare()
    if (servesPages(target, args)) await buildPages(node)
    const file = resolve(root, target)
    // Settings are for the commands of an operator; tests and checks do not change with them.
    const settings =
      target.startsWith('server/') && existsSync(join(root, '.env')) ? [`--env-file=${join(root, '.env')}`] : []
    // Node keeps what it has compiled of our TypeScript, for this process and all that it starts.
    process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules', '.cache', 'laurel-compiled')
    const path = [dirname(node), ...(process.env.PATH ?? '').split(delimiter)]
    if (node === process.execPath) {
      // No second process: nothing is left behind where this one is killed.
      if (!process.env.PATH?.startsWith(path[0])) process.env.PATH = path.join(delimiter)
      if (settings.length > 0) process.loadEnvFile(join(root, '.env'))
      module.enableCompileCache(process.env.NODE_COMPILE_CACHE)
      process.argv.splice(1, Number.POSITIVE_INFINITY, file, ...args)
      await import(pathToFileURL(file).href)
      return
    }
    await hand(
      spawn(node, [...settings, file, ...args], { stdio: 'inherit', env: withPath(process.env, path.join(delimiter)) }),
    )
  } catch (error) {
    if (!(error instanceof BootstrapError)) throw error
    process.stderr.write(`✖ ${error.message}\n`)
    process.exitCode = 1
  }
}

/**
 * Makes sure of Node and of the dependencies.
 *
 * @returns {Promise<string>} the path of the Node to use
 */
async function prepare() {
  const ready = findNode()
  if (ready !== undefined && isInstalled()) return ready
  return await alone(async () => {
    const node = findNode() ?? (await fetchNode())
    if (!isInstalled()) await install(node)
    return node
  })
}

/** Whether people may come to look: then the pages for them are built, unless they are as their sources are. */
function servesPages(target, args) {
  return (target === 'server/src/cli.ts' && args[0] === 'start') || target === 'scripts/demo.ts'
}

async function buildPages(node) {
  const script = join(root, 'scripts', 'build-web.ts')
  if (!existsSync(script)) return
  // Several may do so at once: it takes no lock, which whoever only runs what others have installed could not write.
  const child = spawn(node, [script, '--quiet'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const [code, signal] = await ended(child)
  if (code !== 0) throw new BootstrapError(`The pages for people cannot be built: it ended with ${signal ?? code}.`)
}

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= oldest) return process.execPath
  const folder = join(tools, 'node_modules', 'node')
  const path = join(folder, 'bin', windows ? 'node.exe' : 'node')
  if (!existsSync(path)) return undefined
  const { version } = readJson(join(folder, 'package.json')) ?? {}
  return version === fetched ? path : undefined
}

async function fetchNode() {
  mkdirSync(tools, { recursive: true })
  // A package.json of its own: npm would otherwise climb up and take the whole repository for its project.
  writeFileSync(join(tools, 'package.json'), `${JSON.stringify({ private: true })}\n`)
  await npm(
    process.execPath,
    ['install', '--no-save', '--no-package-lock', '--no-audit', '--no-fund', `node@${fetched}`],
    tools,
    `Laurel needs Node ${oldest}, this is ${process.versions.node}: getting node@${fetched} from npm into .tools/`,
  )
  const node = findNode()
  if (node === undefined) {
    throw new BootstrapError(
      `npm has no node@${fetched} for ${process.platform} on ${process.arch}. Install Node ${oldest} or newer from https://nodejs.org and try again.`,
    )
  }
  return node
}

/** npm runs under the new Node: on an old one it silently leaves out packages that want a newer engine. */
async function install(node) {
  await npm(node, ['ci', '--no-audit', '--no-fund'], root, 'Installing the dependencies')
  stamp()
}

const stampFile = join(root, 'node_modules', '.laurel-installed')

function digest() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

function stamp() {
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, digest())
}

/** Whether node_modules is what package-lock.json asks for. */
function isInstalled() {
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest()) return true
  // Somebody may have run npm by hand. Its own record, written last, says what it put there.
  const wanted = readJson(join(root, 'package-lock.json'))?.packages ?? {}
  const present = readJson(join(root, 'node_modules', '.package-lock.json'))?.packages
  if (present === undefined) return false
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/') || !isNeeded(entry)) continue
    if (present[path]?.version !== entry.version) return false
  }
  stamp()
  return true
}

/** npm may leave out what is optional; of that, only the binaries of this very platform are missed. */
function isNeeded({ optional, os, cpu, libc }) {
  if (optional && os === undefined && cpu === undefined) return false
  return (
    isListed(os, process.platform) &&
    isListed(cpu, process.arch) &&
    (process.platform !== 'linux' || isListed(libc, isGlibc() ? 'glibc' : 'musl'))
  )
}

function isListed(list, value) {
  if (list === undefined) return true
  if (list.includes(`!${value}`)) return false
  return list.includes(value) || list.every((item) => item.startsWith('!'))
}

function isGlibc() {
  return process.report.getReport().header.glibcVersionRuntime !== undefined
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

// ---- npm

/** Runs npm, shows that time passes, and says in one sentence what went wrong. */
async function npm(node, args, folder, sentence) {
  const script = findNpm()
  const environment = withPath(process.env, [dirname(node), process.env.PATH].join(delimiter))
  // Set by the npm that may have started us; ours would take the folder of that one for its own.
  delete environment.npm_config_local_prefix
  delete environment.npm_config_prefix
  const child = spawn(node, [script, ...args], { cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const progress = showProgress(sentence)
  const [code, signal] = await ended(child)
  progress.end(code === 0)
  if (code === 0) return
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT|ENOTCACHED|EHOSTUNREACH/.test(output)) {
    throw new BootstrapError(
      'The npm registry cannot be reached. The first run needs the network; connect, and type the same command again.',
    )
  }
  throw new BootstrapError(
    `npm ${args[0]} ended with ${signal ?? code}:\n${output.trim().split('\n').slice(-20).join('\n')}`,
  )
}

function findNpm() {
  const started = process.env.npm_execpath
  const home = dirname(process.execPath)
  const candidates = [
    ...(started !== undefined && basename(started) === 'npm-cli.js' ? [started] : []),
    join(home, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(home, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ]
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    candidates.push(join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'))
    const link = join(folder, 'npm')
    if (!windows && existsSync(link)) candidates.push(realpathSync(link))
  }
  const found = candidates.find((path) => basename(path) === 'npm-cli.js' && existsSync(path))
  if (found === undefined) throw new BootstrapError('npm is missing. Install Node with npm from https://nodejs.org.')
  return found
}

function showProgress(sentence) {
  const start = Date.now()
  const tty = process.stderr.isTTY
  const line = () => `${sentence} … ${Math.round((Date.now() - start) / 1000)} s`
  process.stderr.write(tty ? line() : `${sentence} …\n`)
  const timer = setInterval(() => process.stderr.write(tty ? `\r${line()}` : `${line()}\n`), tty ? 1_000 : 15_000)
  return {
    end: (done) => {
      clearInterval(timer)
      if (tty || done) process.stderr.write(`${tty ? '\r' : ''}${line()}${done ? ', done' : ''}\n`)
    },
  }
}

// ---- one at a time

/** Does something while no other process of this repository does it. A lock that nobody renews is taken over. */
async function alone(work) {
  mkdirSync(tools, { recursive: true })
  const lock = join(tools, 'lock')
  const mine = JSON.stringify({ pid: process.pid, host: hostname() })
  let told = false
  while (!tryLock(lock, mine)) {
    if (!told) process.stderr.write('Another process is installing; waiting for it …\n')
    told = true
    await sleep(500)
  }
  const renewal = setInterval(() => utimesSync(lock, new Date(), new Date()), 2_000)
  const release = () => rmSync(lock, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(renewal)
    process.removeListener('exit', release)
    release()
  }
}

function tryLock(lock, mine) {
  try {
    writeFileSync(lock, mine, { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  if (isStale(lock)) {
    // Renaming succeeds for one of several that see the same stale lock.
    const grave = `${lock}.${process.pid}`
    try {
      renameSync(lock, grave)
      rmSync(grave, { force: true })
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
  }
  return false
}

function isStale(lock) {
  try {
    const silent = Date.now() - statSync(lock).mtimeMs
    if (silent > 30_000) return true
    const { pid, host } = readJson(lock) ?? {}
    return host === hostname() && pid !== undefined && !isAlive(pid)
  } catch (error) {
    if (error.code === 'ENOENT') return false
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

// ---- the child

/** Passes signals on to the child and ends as it ends. */
async function hand(child) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends Ctrl-C to the child by itself; passed on as well, it would count as a second one.
    const heard = signal === 'SIGINT' && (windows || process.stdin.isTTY)
    process.on(signal, () => {
      if (!heard) child.kill(signal)
    })
  }
  const [code, signal] = await ended(child)
  if (signal === null) {
    process.exitCode = code
    return
  }
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
}

function ended(child) {
  return new Promise((done, fail) => {
    child.once('error', fail)
    child.once('close', (code, signal) => done([code, signal]))
  })
}

/** Windows calls the variable Path, and a copy of the environment no longer sees them as one. */
function withPath(environment, path) {
  const copy = { ...environment }
  for (const name of Object.keys(copy)) if (name.toUpperCase() === 'PATH') delete copy[name]
  return { ...copy, PATH: path }
}

/** Something the person at the keyboard can mend; shown without a stack. */
class BootstrapError extends Error {
  name = 'run.BootstrapError'
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [target, ...args] = process.argv.slice(2)
  if (target === undefined) {
    process.stderr.write('Usage: node scripts/run.js FILE.ts [argument …]\n')
    process.exitCode = 1
  } else {
    await run(target, args)
  }
}
