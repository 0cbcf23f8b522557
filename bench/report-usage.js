// Loaded into every Node of a measured command by --import: says at the end what the process took.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

const status = '/proc/self/status'

if (isMainThread) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage()
    // Linux hands a parent's peak on to its children in what getrusage says, but not here.
    const [, kilobytes] = existsSync(status) ? (/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(status, 'utf8')) ?? []) : []
    const peakRss = Number(kilobytes ?? process.resourceUsage().maxRSS) * 1024
    writeFileSync(process.env.LAUREL_BENCH_USAGE, `${JSON.stringify({ cpu: (user + system) / 1e6, peakRss })}\n`)
  })
}
