/**
 * Every place at which a test may kill the process, in the order of the journey. A label that no run reaches, or a
 * call with a label that is not here, fails a test.
 */
export const labels = [
  'intake:before-commit',
  'intake:after-commit',
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
  'submit:before-send',
  'submit:after-send',
  'submit:after-save',
  'confirm:before-save',
  'confirm:after-save',
  'assemble:before-save',
  'assemble:after-save',
  'deliver:half-written',
  'deliver:before-rename',
  'deliver:after-rename',
  'deliver:after-save',
  'revoke:after-commit',
  'revoke:after-publish',
] as const

export type Label = (typeof labels)[number]

/** Dies at once, as if the power had failed, where the environment asks for this label. In production it does nothing. */
export function crashpoint(label: Label): void {
  if (process.env.LAUREL_CRASH_AT === label) process.kill(process.pid, 'SIGKILL')
}
