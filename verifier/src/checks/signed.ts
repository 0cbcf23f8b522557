import * as Jwt from '../Jwt.ts'
import * as Proofs from '../Proofs.ts'
import { failed, type Result } from '../Report.ts'
import type { Subject } from '../Subject.ts'

/**
 * Whether the issuer signed the document, for the purpose of an assertion, by a key that its DID document lists for it, and
 * not beyond the day on which a proof expires. An anchored credential has one proof, and that is `eddsa-rdfc-2022`. Where it
 * came in a token, the token has to be signed, and every proof inside of it has to hold as well.
 */
export async function signed(subject: Subject, world: Proofs.World): Promise<Result> {
  const { signatures, anchors, envelope } = subject
  const [first] = signatures
  if (anchors.length > 0 && first !== undefined && first.cryptosuite !== 'eddsa-rdfc-2022')
    return failed('PROOF_OPTIONS', 'An anchored credential is signed with eddsa-rdfc-2022.')
  if (envelope === undefined) return Proofs.judge(subject, world)
  const token = await Jwt.judge(envelope, world)
  return token.outcome === 'passed' && signatures.length > 0 ? Proofs.judge(subject, world) : token
}
