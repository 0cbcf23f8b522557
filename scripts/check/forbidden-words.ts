import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Rule = { readonly pattern: RegExp; readonly sentence: string; readonly only?: RegExp }

// Written in pieces where the file would otherwise find itself.
const rules: readonly Rule[] = [
  { pattern: /(?<![\w.~-])\/(?:root|home\/[a-z]+|Users\/[A-Za-z]+)\//, sentence: 'a path of one machine' },
  { pattern: /\/tmp\/[\w.-]+/, sentence: 'a temporary path of one machine' },
  {
    pattern: /\b(?:it|describe|test|context)\.only\(/,
    sentence: 'a focused test: the others would not run',
    only: /^test\//,
  },
  {
    pattern: /\b(?:it|describe|test|context)\.skip\((?!\))|\bx(?:it|describe)\(/,
    sentence: 'a skipped test without a reason: call this.skip() after printing SKIPPED and why',
    only: /^test\//,
  },
  {
    pattern: /(?:@ts-(?:ignore|expect-error|nocheck)|(?:c8|istanbul) ignore \w+)\s*(?:\*\/)?\s*$/,
    sentence: 'silenced without a reason',
    only: /\.(?:ts|js)$/,
  },
  {
    pattern: /\bTO[D]O\b|\bFIX[M]E\b/,
    sentence: 'something unfinished: it belongs into an issue',
    only: /\.(?:ts|js|sol)$/,
  },
  {
    pattern: /\|\| tru[e]\b/,
    sentence: 'a failure that is swallowed',
    only: /(?:\.sh|\.ya?ml|package\.json|^\.ci\/run)$/,
  },
]

const exempt = /(?:^|\/)(?:package-lock\.json|vectors\/.*|.*\.(?:png|ico|woff2))$|^scripts\/check\/forbidden-words\.ts$/

/** Reads every tracked file and answers with a sentence for each place that must not be in a commit. */
export function forbiddenWords(root: string): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  return listed
    .split('\0')
    .filter((path) => path !== '' && !exempt.test(path))
    .flatMap((path) => find(path, read(join(root, path))))
}

/** The places of one file. */
export function find(path: string, text: string): readonly string[] {
  const relevant = rules.filter(({ only }) => only === undefined || only.test(path))
  return text
    .split('\n')
    .flatMap((line, index) =>
      relevant
        .filter(({ pattern }) => pattern.test(line))
        .map(({ sentence }) => `${path}:${index + 1} ${sentence}: ${line.trim().slice(0, 80)}`),
    )
}

// A file may be tracked and just have been removed.
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
