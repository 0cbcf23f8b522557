import * as Errors from '@laurel/core/Errors'

/** How long the database and the chain are waited for by whoever asks how all is, in milliseconds: less than who asks waits. */
export const patience = 5_000

/** A value, or the code of why there is none: the error's own, or `otherwise` where it has none or is not there in time. */
export async function patiently<value>(
  asked: Promise<value>,
  otherwise: string,
  limit: number = patience,
): Promise<{ readonly value: value } | { readonly failure: string }> {
  const late = Promise.withResolvers<{ readonly failure: string }>()
  const timer = setTimeout(() => late.resolve({ failure: otherwise }), limit)
  try {
    return await Promise.race([asked.then((value) => ({ value })), late.promise])
  } catch (error) {
    if (error instanceof TypeError) throw error
    return { failure: error instanceof Errors.BaseError ? error.code : otherwise }
  } finally {
    clearTimeout(timer)
  }
}
