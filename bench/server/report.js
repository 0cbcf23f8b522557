// Loaded into a measured server by --import: tells its parent, when asked, how late it has been since it was last asked.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

if (isMainThread && process.send !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  process.on('message', () => {
    process.send?.({ p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 })
    delay.reset()
  })
  process.channel?.unref()
}
