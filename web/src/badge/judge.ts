import * as TrustFile from '@laurel/verifier/element/TrustFile'
import * as View from '@laurel/verifier/element/View'
import * as Web from '@laurel/verifier/element/Web'
import * as WebReaders from '@laurel/verifier/readers/WebReaders'
import { verifyEach } from '@laurel/verifier/verify-each'
import { answers, type Judgement, nothing, rejection, type Verdict } from './Judgement.ts'

/**
 * Verifies a badge in this browser. What cannot be loaded says nothing of the badge.
 *
 * @param trust the address of a trust file, by which alone it is judged
 */
export async function judge(credential: string, trust: string, now: number): Promise<Judgement> {
  const [document, file] = await Promise.all([Web.get(credential), Web.get(trust)])
  if (document === undefined || file === undefined) return nothing
  const settings = TrustFile.read(file)
  const readers = WebReaders.create(settings)
  const [finding] = await verifyEach(document, { trust: settings.trust, readers, now })
  if (finding === undefined) throw new TypeError('Something is found of every document')
  const { statement, decision, issuer } = View.of(finding, settings.trust)
  const verdicts: Readonly<Record<View.View['statement'], Verdict>> = {
    accepted: 'valid',
    testChain: 'test',
    rejected: rejection(decision),
    unknown: 'unknown',
    unfamiliar: 'unknown',
  }
  return { verdict: verdicts[statement], issuer, answers: answers(finding.report), checks: finding.report.checks }
}
