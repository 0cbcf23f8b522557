import type { Route } from './Route.ts'
import { about } from './routes/about.ts'
import { achievements } from './routes/achievements.ts'
import { approvals } from './routes/approvals.ts'
import { audit } from './routes/audit.ts'
import { batches } from './routes/batches.ts'
import { credentials } from './routes/credentials.ts'
import { imports } from './routes/imports.ts'
import { issuer } from './routes/issuer.ts'
import { issuers } from './routes/issuers.ts'
import { keys } from './routes/keys.ts'
import { learnerPages } from './routes/learner-pages.ts'
import { learners } from './routes/learners.ts'
import { mail } from './routes/mail.ts'
import { members } from './routes/members.ts'
import { organisation } from './routes/organisation.ts'
import { passkeys } from './routes/passkeys.ts'
import { privacy } from './routes/privacy.ts'
import { verification } from './routes/verification.ts'
import { webhooks } from './routes/webhooks.ts'

const resources: readonly Route[] = [
  ...batches,
  ...credentials,
  ...achievements,
  ...issuer,
  ...issuers,
  ...mail,
  ...webhooks,
  ...keys,
  ...imports,
  ...privacy,
  ...audit,
  ...organisation,
  ...members,
  ...passkeys,
  ...verification,
  ...learners,
  ...learnerPages,
]

const all = [...resources, ...approvals(resources)]

/** Every operation of version 1, in the order in which they are described. */
export const routes: readonly Route[] = [...all, ...about(all)]
