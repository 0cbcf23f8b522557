import * as AchievementCredential from '@laurel/core/AchievementCredential'
import * as Stamp from '@laurel/core/Stamp'
import * as Batch from '../fixtures/Batch.ts'

/** The stamp of the batch, as the pipeline makes one: it has compiled nothing yet. */
export function create(): Stamp.Stamp {
  const common = Batch.common()
  const options = (award: object) => ({ ...common, ...(award as AchievementCredential.Award) })
  return Stamp.create({
    layout: (award) => AchievementCredential.layout(options(award)),
    className: 'AchievementCredential',
    check: (award) => AchievementCredential.check(options(award)),
    verificationMethod: Batch.verificationMethod,
  })
}
