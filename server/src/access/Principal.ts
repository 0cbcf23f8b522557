import type * as ApiKey from './ApiKey.ts'

/** Who asks: a program with a key, or a person who has signed in. */
export type Principal = {
  readonly kind: 'key' | 'member'
  /** Of the key, or of the person. */
  readonly id: string
  /** Whose data they see and change, and nobody else's. */
  readonly organisation: string
  readonly scopes: readonly ApiKey.Scope[]
}

/** The organisation that every home has. */
export const home = 'home'

/** Whether somebody may do what needs a scope. */
export function may({ scopes }: Pick<Principal, 'scopes'>, scope: ApiKey.Scope): boolean {
  return scopes.includes(scope)
}
