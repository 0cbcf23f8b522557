export type { Person } from './checks/recipient.ts'
export * as Policy from './Policy.ts'
export type { Readers } from './Readers.ts'
export type {
  Check,
  Evidence,
  Name,
  Outcome,
  PresentationName,
  PresentationReport,
  Presented,
  Report,
} from './Report.ts'
export type { Trust } from './Trust.ts'
export { verify } from './verify.ts'
export { type Finding, type Findings, verifyDocument, verifyEach } from './verify-each.ts'
export { type PresentationOptions, verifyPresentation } from './verify-presentation.ts'
