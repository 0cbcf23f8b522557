import { isWithin } from '../access/can.ts'
import type { Principal } from '../access/Principal.ts'
import type * as Role from '../access/Role.ts'
import type * as Batch from '../Batch.ts'
import * as BatchStore from '../ports/BatchStore.ts'
import type { Api } from './Route.ts'

/** Whether a batch lies within the part of its organisation to which somebody is limited. */
function holds(limits: Role.Limits, { department, terms }: Batch.Batch): boolean {
  return isWithin(limits, { department, issuer: terms.issuer.id })
}

/** What somebody may use: the stores of their organisation, and of those their part of it. */
export function of({ organisation, limits }: Pick<Principal, 'organisation' | 'limits'>, api: Api): Api {
  return narrow({ ...api, ...api.within(organisation) }, limits)
}

/**
 * What somebody may use who is limited to a part of the organisation: whatever batch or credential they ask for, it is of their
 * part, or it is nowhere. What has no part is kept from them by their routes, which do not say that they reach `'any'`.
 */
function narrow(api: Api, limits: Role.Limits): Api {
  if (limits.department === null && limits.issuer === null) return api
  const { store } = api
  const find = async (id: string) => {
    const found = await store.find(id)
    return found !== undefined && holds(limits, found.batch) ? found : undefined
  }
  const narrowed: BatchStore.BatchStore = {
    ...store,
    find,
    get: async (id) => {
      const batch = await store.get(id)
      return batch !== undefined && holds(limits, batch) ? batch : undefined
    },
    page: (range) => store.page({ ...range, within: limits }),
    decide: async (act, id, reason, now) => {
      if ((await find(id)) === undefined) throw new BatchStore.UnknownCredentialError(id)
      return store.decide(act, id, reason, now)
    },
  }
  return { ...api, store: narrowed }
}
