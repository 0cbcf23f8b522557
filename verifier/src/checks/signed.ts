import * as Proofs from '../Proofs.ts'
import { failed, type Result } from '../Report.ts'
import type { Subject } from '../Subject.ts'

/**
 * Whether the issuer signed the document, for the purpose of an assertion, by a key that its DID document lists for it, and
 * not beyond the day on which a proof expires. An anchored credential has one proof, and that is `eddsa-rdfc-2022`.
 */
export async function signed(subject: Subject, world: Proofs.World): Promise<Result> {
  const { signatures, anchors } = subject
  const [first] = signatures
  if (anchors.length > 0 && first !== undefined && first.cryptosuite !== 'eddsa-rdfc-2022')
    return failed('PROOF_OPTIONS', 'An anchored credential is signed with eddsa-rdfc-2022.')
  return Proofs.judge(subject, world)
}
