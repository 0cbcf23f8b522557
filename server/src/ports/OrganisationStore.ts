import type { Department, Organisation, Quotas, Settings, Use } from '../organisations/Organisation.ts'

/**
 * Remembers organisations and their departments. Every method that changes something is one transaction, and on the disk
 * when it returns. Within an organisation it knows that one alone.
 */
export type OrganisationStore = {
  /** @throws {Organisation.TakenError} NAME_TAKEN when there is one with its id */
  addOrganisation(organisation: Organisation): Promise<void>
  organisation(id: string): Promise<Organisation | undefined>
  /** The oldest first. */
  organisations(): Promise<readonly Organisation[]>
  /** Changes what is named and leaves the rest. `undefined` when there is no such organisation. */
  changeOrganisation(
    id: string,
    changes: {
      readonly name?: string | undefined
      readonly settings?: Settings | undefined
      readonly quotas?: Quotas | undefined
    },
  ): Promise<Organisation | undefined>
  /** What was accepted of it by now. */
  use(id: string, now: number): Promise<Use>
  /** @throws {Organisation.TakenError} NAME_TAKEN when its organisation has one of that name */
  addDepartment(department: Department): Promise<void>
  /** By their names. */
  departments(): Promise<readonly Department[]>
  /** Answers whether there was one. */
  removeDepartment(id: string): Promise<boolean>
}
