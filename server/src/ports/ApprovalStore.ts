import type * as Approval from '../access/Approval.ts'

/**
 * Remembers what waits for a second person, and for what an organisation wants one. Every change is on the disk when its method
 * returns, and holds for every process from then on.
 */
export type ApprovalStore = {
  /** Those of {@link Approval.none} where nobody has said any. */
  rules(organisation: string): Promise<Approval.Rules>
  setRules(organisation: string, rules: Approval.Rules, now: number): Promise<void>
  /** Stores a proposal; where the same is proposed about the same thing and waits still, answers with that one. */
  propose(approval: Approval.Approval): Promise<Approval.Approval>
  approval(organisation: string, id: string): Promise<Approval.Approval | undefined>
  /** Those before a place in the list, the newest first; of those in a state alone where one is named. */
  approvals(
    organisation: string,
    page: { readonly before: number | undefined; readonly limit: number; readonly state: Approval.State | undefined },
  ): Promise<readonly { readonly seq: number; readonly approval: Approval.Approval }[]>
  /** Decides a proposal that waits, once; `undefined` when it waits no more. */
  decideApproval(
    organisation: string,
    id: string,
    decision: { readonly state: 'approved' | 'declined' | 'withdrawn'; readonly by: string; readonly now: number },
  ): Promise<Approval.Approval | undefined>
  /** Stores what has come of carrying one out, and forgets what was asked. Repeating it changes nothing. */
  settleApproval(
    id: string,
    outcome: { readonly state: 'done' | 'failed'; readonly reason: string | null; readonly now: number },
  ): Promise<void>
  /** Forgets what was asked in proposals that have run out before a moment, of whatever organisation. */
  forgetExpired(before: number): Promise<void>
  /** Those that were approved before a moment, of whatever organisation, and are not carried out yet. */
  approved(before: number): Promise<readonly Approval.Approval[]>
  /**
   * Whether some more credentials may be revoked by one person: each takes a place of `count` since a moment, the same one
   * once. All of them do, or none. Of any number of people who ask at once no more are let through.
   */
  allowRevocation(
    organisation: string,
    credentials: readonly string[],
    limit: { readonly count: number; readonly since: number; readonly now: number },
  ): Promise<boolean>
}
