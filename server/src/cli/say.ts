import type { Answering } from './in-office.ts'

/** Answers a program, or a person. */
export function say({ json }: Answering, value: object, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : `${lines.join('\n')}\n`)
}
