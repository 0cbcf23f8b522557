import { existsSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import fc from 'fast-check'
import * as Errors from '../../core/src/Errors.ts'

/** How often a property is tried; the slow tests try some hundreds of times as much. */
export const runs = Number(process.env.FAST_CHECK_RUNS ?? 100)
fc.configureGlobal({ numRuns: runs })

const vectors = new URL('../vectors/', import.meta.url)
const shared = new URL('../../../shared/', import.meta.url)
const conformance = new URL('conformance/', shared)

/** The bytes of a file of our own vectors, or of the published ones that {@link published} has found. */
export function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, path.startsWith('laurel-v1/') ? vectors : conformance)))
}

/** The same as text. */
export function textOf(path: string): string {
  return new TextDecoder().decode(bytesOf(path))
}

/**
 * Tests that need a folder of published vectors. These are not part of the project: without them the tests are skipped,
 * and say so.
 */
export function published(title: string, folder: string, body: () => void): void {
  if (existsSync(new URL(`${folder}/`, conformance))) {
    describe(title, body)
    return
  }
  it(title, function () {
    console.log(`SKIPPED: the published vectors ${folder} are not beside this clone`)
    this.skip()
  })
}

/** The same as JSON. */
export function jsonOf(path: string) {
  return JSON.parse(textOf(path))
}

/** A file among the shared material as JSON; without it the test is skipped, and says so. */
export function sharedJsonOf(test: Mocha.Context, path: string) {
  const url = new URL(path, shared)
  if (!existsSync(url)) {
    console.log(`SKIPPED: the shared material ${path} is not here`)
    test.skip()
  }
  return JSON.parse(readFileSync(url, 'utf8'))
}

/** The error that a function throws on purpose. */
export function failure(run: () => unknown): Errors.BaseError {
  try {
    run()
  } catch (error) {
    return onPurpose(error)
  }
  throw new Error('Nothing was thrown')
}

/** The error with which a promise is rejected on purpose. */
export async function rejection(run: () => unknown): Promise<Errors.BaseError> {
  try {
    await run()
  } catch (error) {
    return onPurpose(error)
  }
  throw new Error('Nothing was thrown')
}

function onPurpose(error: unknown): Errors.BaseError {
  expect(error).to.be.instanceOf(Errors.BaseError)
  return error as Errors.BaseError
}

/** 32 bytes that differ from number to number. */
export function hash(number: number): Uint8Array {
  const bytes = new Uint8Array(32).fill(0x5a)
  new DataView(bytes.buffer).setUint32(0, number)
  return bytes
}

/** Any byte string of a size. */
export function anyBytes(size: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: size, maxLength: size })
}

/** Any text without half a surrogate pair. */
export const anyText = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())

/** Up to so many characters, each any of Unicode. As `fc.string({ unit: 'binary' })`, which takes seconds to set up. */
export function anyCharacters(maxLength: number): fc.Arbitrary<string> {
  const point = fc.oneof(fc.integer({ min: 0, max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  return fc.array(point, { maxLength }).map((points) => String.fromCodePoint(...points))
}
