// Loaded into a measured server by --import: tells its parent, when asked, how late it has been, and how much of the CPU it
// has taken, since it was last asked.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  let before = process.cpuUsage()
  process.on('message', () => {
    const { user, system } = process.cpuUsage(before)
    before = process.cpuUsage()
    process.send?.({ cpu: (user + system) / 1e6, delay: { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 } })
    delay.reset()
  })
  process.channel?.unref()
}
