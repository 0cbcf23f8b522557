import * as Errors from '@laurel/core/Errors'
import * as Jcs from '@laurel/core/Jcs'
import * as Json from '@laurel/core/Json'
import * as Shape from '@laurel/core/Shape'
import type * as Batch from '../Batch.ts'
import * as Text from '../roster/Text.ts'
import * as Vocabulary from './Vocabulary.ts'

/** A wrong place: a JSON Pointer (RFC 6901), a stable code and a sentence. */
export type Place = { readonly pointer: string; readonly code: string; readonly message: string }

/** What a definition may take, as it stands in every credential: bytes of JSON, levels, and code points of a text. */
const limits = { bytes: 256 * 1024, depth: 32, name: 300, text: 20_000 } as const

/**
 * Reads an achievement's definition: the JSON of class Achievement (Open Badges 3.0.3 §B.1.2), with all its members and no
 * other, each of the shape in which credentials are issued. It is awarded as it stands.
 *
 * With it comes its public metadata, the same bytes for the same definition: canonical JSON (RFC 8785) of `attributes`,
 * `description`, `external_url`, `image` and `name`, which anybody who meets its token may read.
 *
 * @param bytes UTF-8 without a byte order mark, at most 256 KiB
 * @throws {InvalidAchievementError} with every wrong place, or the code of what kept it from being read as JSON
 */
export function read(bytes: Uint8Array): Batch.Achievement {
  const definition = parse(bytes)
  const shape = Shape.check(definition, 'Achievement', 'exact')
  // What has not its shape cannot be looked at any closer.
  const places = shape.length > 0 ? shape : [...check(definition)]
  if (places.length > 0) throw new InvalidAchievementError('ACHIEVEMENT_INVALID', places)
  return { definition, metadata: metadata(definition) }
}

function parse(bytes: Uint8Array): Json.Object {
  try {
    return Json.parseObject(bytes, limits)
  } catch (error) {
    if (!(error instanceof Errors.BaseError)) throw error
    throw new InvalidAchievementError(error.code, [{ pointer: '', code: error.code, message: error.message }], error)
  }
}

function* check(definition: Json.Object): Generator<Place> {
  yield* checkTexts(definition, '')
  const { id, criteria, image } = definition
  if (!/^(?:https:\/\/[^/]|urn:[a-z0-9][a-z0-9-]{1,31}:.)/.test(id as string))
    yield place('/id', 'URL_INVALID', 'An achievement is identified by an https address or a URN that is its own.')
  for (const member of ['name', 'description'] as const)
    if (!Text.isVisible(definition[member] as string)) yield place(`/${member}`, 'TEXT_MISSING', 'Nothing stands here.')
  if (!('id' in (criteria as Json.Object)) && !('narrative' in (criteria as Json.Object)))
    yield place('/criteria', 'CRITERIA_MISSING', 'Criteria have a narrative, or the address of one as their id.')
  if (image !== undefined) yield* checkImage((image as Json.Object).id as string)
  yield* Vocabulary.check(definition)
  for (const [i, description] of ((definition.resultDescription ?? []) as readonly Json.Object[]).entries())
    yield* checkResult(description, `/resultDescription/${i}`)
}

function* checkTexts(value: Json.Value, pointer: string): Generator<Place> {
  if (typeof value === 'string') {
    const data = pointer === '/image/id' && value.startsWith('data:')
    const flaw = Text.flaw(value, pointer === '/name' ? limits.name : data ? limits.bytes : limits.text)
    if (flaw !== undefined) yield place(pointer, flaw.code, flaw.message)
  } else if (typeof value === 'object' && value !== null) {
    for (const [member, item] of Object.entries(value))
      yield* checkTexts(item as Json.Value, `${pointer}/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  }
}

// An SVG can run scripts in the pages that show it, so it may be pointed to and not brought along.
function* checkImage(id: string): Generator<Place> {
  if (/^https:\/\/[^/]/.test(id) || /^ipfs:\/\/[^/]/.test(id)) return
  if (/^data:image\/png;base64,iVBORw0KGgo[A-Za-z0-9+/]+={0,2}$/.test(id)) return
  yield place('/image/id', 'IMAGE_INVALID', 'An image is an https or ipfs address, or a PNG as a data: address.')
}

function* checkResult(description: Json.Object, pointer: string): Generator<Place> {
  const { resultType, requiredLevel, requiredValue, valueMin, valueMax } = description
  const allowed = description.allowedValue as readonly string[] | undefined
  const levels = (description.rubricCriterionLevel ?? []) as readonly Json.Object[]
  if (resultType === 'RubricCriterionLevel' && levels.length === 0)
    yield place(`${pointer}/rubricCriterionLevel`, 'RESULT_UNKNOWN', 'A result that is a level has levels.')
  if (requiredLevel !== undefined && !levels.some((level) => level.id === requiredLevel))
    yield place(`${pointer}/requiredLevel`, 'RESULT_UNKNOWN', 'This is none of the levels described.')
  if (requiredValue !== undefined && allowed !== undefined && !allowed.includes(requiredValue as string))
    yield place(`${pointer}/requiredValue`, 'RESULT_VALUE', 'This is none of the values allowed.')
  if (Number(valueMin) > Number(valueMax))
    yield place(`${pointer}/valueMax`, 'RESULT_VALUE', 'The largest value is smaller than the smallest.')
  if (Number(requiredValue) < Number(valueMin) || Number(requiredValue) > Number(valueMax))
    yield place(`${pointer}/requiredValue`, 'RESULT_VALUE', 'The value required lies beyond the bounds.')
}

/** The metadata of a badge token (ERC-721): of the achievement alone, never of a person. */
function metadata({ id = '', name = '', description = '', criteria, image }: Json.Object): string {
  const page = (criteria as Json.Object).id
  const picture = (image as Json.Object | undefined)?.id
  const members = {
    attributes: [{ trait_type: 'achievement', value: id }],
    description,
    name,
    ...(page !== undefined && { external_url: page }),
    ...(typeof picture === 'string' && !picture.startsWith('data:') && { image: picture }),
  }
  return new TextDecoder().decode(Jcs.bytes(members))
}

function place(pointer: string, code: string, message: string): Place {
  return { pointer, code, message }
}

/** Thrown when an achievement's definition cannot be awarded. `places` has every wrong place. */
export class InvalidAchievementError extends Errors.BaseError {
  override readonly name = 'Achievement.InvalidAchievementError'
  readonly places: readonly Place[]
  constructor(code: string, places: readonly Place[], cause?: unknown) {
    const listed = places.map(({ pointer, message }) => (pointer === '' ? message : `${pointer}: ${message}`))
    super(code, `The achievement cannot be awarded. ${listed.join(' ')}`, {
      facts: { pointers: places.map(({ pointer }) => pointer), codes: places.map((one) => one.code) },
      cause,
    })
    this.places = places
  }
}
