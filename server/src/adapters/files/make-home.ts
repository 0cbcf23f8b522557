import { mkdir, stat } from 'node:fs/promises'
import * as Errors from '@laurel/core/Errors'

/**
 * Makes the folder of a home, which is its owner's alone, where there is none.
 *
 * @param user who asks: root may write anywhere, and what it makes nobody else can read
 * @throws {OwnerError} HOME_OWNER when root asks for the home of somebody else
 */
export async function makeHome(home: string, user: number | undefined = process.getuid?.()): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 })
  if (user !== 0) return
  const { uid } = await stat(home)
  if (uid !== 0) throw new OwnerError(uid)
}

/** Thrown when root would write into the home of another user, whose server could not read it then. */
export class OwnerError extends Errors.BaseError<'HOME_OWNER'> {
  override readonly name = 'makeHome.OwnerError'
  constructor(owner: number) {
    super('HOME_OWNER', `The home belongs to the user ${owner}, who could not read what root makes in it.`, {
      facts: { owner },
    })
  }
}
