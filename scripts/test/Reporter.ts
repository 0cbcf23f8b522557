import { writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import Mocha from 'mocha'

/**
 * Shows one line a file while tests run and every failure at the end, and writes the totals to the file that
 * `LAUREL_TEST_TOTALS` names. Whoever started mocha takes a missing file for a crash.
 */
export default class Reporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants
    const totals = { passed: 0, failed: 0, skipped: 0 }
    // A file begins where the one before has ended: nothing tells of it before its first test is over.
    let ended = performance.now()
    let file = { path: '', passed: 0, failed: 0, skipped: 0, start: ended }

    const line = () => {
      if (file.path === '') return
      const counts = [
        `${file.passed} passed`,
        ...(file.failed > 0 ? [`${file.failed} failed`] : []),
        ...(file.skipped > 0 ? [`${file.skipped} skipped`] : []),
      ]
      const seconds = ((ended - file.start) / 1000).toFixed(1)
      console.log(`  ${file.failed > 0 ? '✖' : '✔'} ${file.path}: ${counts.join(', ')} (${seconds} s)`)
    }
    const count = (test: Mocha.Runnable, outcome: keyof typeof totals) => {
      const path = relative(process.cwd(), test.file ?? '').replaceAll('\\', '/')
      if (path !== file.path) {
        line()
        file = { path, passed: 0, failed: 0, skipped: 0, start: ended }
      }
      file[outcome]++
      totals[outcome]++
      ended = performance.now()
    }
    runner.on(EVENT_TEST_PASS, (test) => count(test, 'passed'))
    runner.on(EVENT_TEST_FAIL, (test) => count(test, 'failed'))
    runner.on(EVENT_TEST_PENDING, (test) => count(test, 'skipped'))
    runner.once(EVENT_RUN_END, () => {
      line()
      if (this.failures.length > 0) Mocha.reporters.Base.list(this.failures)
      const destination = process.env.LAUREL_TEST_TOTALS
      if (destination !== undefined) writeFileSync(destination, JSON.stringify(totals))
    })
  }
}
