/**
 * Every place at which a test may kill the process, in the order of the journey. A label that no run reaches, or a
 * call with a label that is not here, fails a test.
 */
export const labels = [
  'intake:after-some',
  'intake:before-commit',
  'intake:after-commit',
  'gather:before-commit',
  'gather:after-commit',
  'answer:before-reply',
  'draft:after-lists',
  'draft:after-some',
  'draft:before-save',
  'draft:after-save',
  'sign:after-some',
  'sign:before-save',
  'sign:after-save',
  'root:before-save',
  'root:after-save',
  'publish:after-content',
  'publish:after-lists',
  'publish:after-save',
  'submit:after-save',
  'confirm:before-save',
  'confirm:after-save',
  'assemble:after-some',
  'assemble:before-save',
  'assemble:after-save',
  'deliver:half-written',
  'deliver:before-rename',
  'deliver:after-rename',
  'deliver:after-save',
  'export:half-written',
  'export:before-rename',
  'export:after-rename',
  'mail:before-write',
  'mail:after-enqueue',
  'mail:after-write',
  'mail:after-claim',
  'mail:after-answer',
  'mail:after-settle',
  'claim:before-save',
  'claim:after-save',
  'claim:before-decision',
  'claim:after-decision',
  'claim:before-move',
  'claim:after-move',
  'learner:before-commit',
  'learner:after-commit',
  'decide:after-commit',
  'decide:after-publish',
  'erase:before-commit',
  'erase:after-commit',
  'erase:after-files',
  'erase:after-scrub',
  'erase:after-receipt',
  'digest:after-plan',
  'digest:before-settle',
  'digest:after-settle',
  'audit:after-plan',
  'audit:before-settle',
  'audit:after-settle',
  'call:after-intent',
  'call:before-commit',
  'call:before-send',
  'call:after-send',
  'call:before-settle',
  'call:after-settle',
  'call:before-reopen',
  'call:after-reopen',
  'replace:before-commit',
  'replace:before-send',
  'replace:after-send',
  'rotate:after-key',
  'rotate:after-add',
  'rotate:after-promote',
  'pin:after-add',
  'pin:after-verify',
  'webhook:before-enqueue',
  'webhook:after-enqueue',
  'webhook:after-claim',
  'webhook:after-answer',
  'webhook:after-settle',
] as const

export type Label = (typeof labels)[number]

let count = 0

/**
 * Dies at once, as if the power had failed, where the environment asks for this label, or for the time that it is reached:
 * `sign:after-some*3` is the third. In production it does nothing.
 */
export function crashpoint(label: Label): void {
  const [wanted, times = '1'] = (process.env.LAUREL_CRASH_AT ?? '').split('*')
  if (wanted === label && ++count === Number(times)) process.kill(process.pid, 'SIGKILL')
}
