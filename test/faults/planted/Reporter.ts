import { writeFileSync } from 'node:fs'
import Mocha from 'mocha'

/** What became of the tests of a run. */
export type Outcome = {
  readonly passed: readonly string[]
  readonly skipped: readonly string[]
  readonly failed: readonly { readonly title: string; readonly message: string }[]
}

/** Writes the outcome of a run to the file that `PLANTED_OUTCOME` names. */
export default class Reporter extends Mocha.reporters.Base {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options)
    const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants
    const passed: string[] = []
    const skipped: string[] = []
    const failed: { title: string; message: string }[] = []
    runner.on(EVENT_TEST_PASS, (test) => passed.push(test.fullTitle()))
    runner.on(EVENT_TEST_PENDING, (test) => skipped.push(test.fullTitle()))
    runner.on(EVENT_TEST_FAIL, (test, { message }: Error) => failed.push({ title: test.fullTitle(), message }))
    runner.once(EVENT_RUN_END, () => {
      const outcome: Outcome = { passed, skipped, failed }
      writeFileSync(process.env.PLANTED_OUTCOME ?? '', JSON.stringify(outcome))
    })
  }
}
