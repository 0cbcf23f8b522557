import type { Ask } from '../../support/Api.ts'
import * as Api from '../../support/Api.ts'
import { png } from './png.ts'

/** What an organisation has, by its ids: one of each kind. */
export type Things = {
  readonly batch: string
  readonly held: string
  readonly credential: string
  readonly order: string
  readonly webhook: string
  readonly event: string
  readonly key: string
  readonly department: string
  readonly member: string
  readonly invitation: string
  readonly achievement: string
  readonly issuer: string
  readonly import: string
}

/**
 * How a route is asked in the matrix, and what comes of it.
 *
 * Of a route with parameters whoever belongs to another organisation is told what is told of something that is nowhere; of
 * one without, `other` is what becomes of their own.
 */
export type Way = {
  /** The parameters of the path: those of a thing of one's own. */
  readonly params?: (things: Things) => Readonly<Record<string, string>>
  /** What stands behind the path, where something has to. */
  readonly query?: string
  readonly ask?: (things: Things) => Ask
  /** With what one is answered who may. */
  readonly holder: number
  readonly other?: number
}

const uuid = '00000000-0000-4000-8000-000000000000'

/** Ids of what is nowhere. */
export const nothing: Things = {
  batch: '2026-01-01-00000000',
  held: '2026-01-01-00000001',
  credential: uuid,
  order: uuid,
  webhook: uuid,
  event: uuid,
  key: '00000000',
  department: uuid,
  member: uuid,
  invitation: uuid,
  achievement: 'nothing',
  issuer: '00000000',
  import: '0000000000000000',
}

const ofBatch = ({ batch }: Things) => ({ id: batch })
const ofCredential = ({ credential }: Things) => ({ id: credential })
const ofWebhook = ({ webhook }: Things) => ({ id: webhook })
const ofMember = ({ member }: Things) => ({ id: member })
const ofAchievement = ({ achievement }: Things) => ({ name: achievement })
const ofIssuer = ({ issuer }: Things) => ({ id: issuer })
const ofImport = ({ import: id }: Things) => ({ id })
const ofOriginal = ({ import: id }: Things) => ({ id, row: '1' })
const json = (value: unknown) => () => ({ json: value })
const person = { name: 'Somebody', email: 'somebody@example.org' }

/** A badge of somebody else, as Credly lists it. */
export const badge = {
  recipient_email: 'bob@example.org',
  issued_to: 'Bob',
  badge_template: { id: 't', name: 'Robotics' },
  badge_url: 'https://badges.example/1',
}

/** Each operation, in the order in which they are described. */
export const ways: Readonly<Record<string, Way>> = {
  createBatch: {
    ask: ({ achievement }) => ({ json: { achievement, recipients: [person], draft: true } }),
    holder: 202,
    other: 409,
  },
  listBatches: { holder: 200, other: 200 },
  getBatch: { params: ofBatch, holder: 200 },
  submitBatch: { params: ({ held }) => ({ id: held }), holder: 200 },
  cancelBatch: { params: ofBatch, holder: 409 },
  previewBatch: { params: ofBatch, holder: 200 },
  watchBatch: { params: ofBatch, holder: 200 },
  listBatchCredentials: { params: ofBatch, holder: 200 },
  downloadBatch: { params: ofBatch, holder: 200 },
  orderCredential: {
    ask: ({ achievement }) => ({ json: { achievement, recipient: person } }),
    holder: 202,
    other: 409,
  },
  getOrder: { params: ({ order }) => ({ id: order }), holder: 200 },
  getCredential: { params: ofCredential, holder: 200 },
  getCredentialDocument: { params: ofCredential, holder: 200 },
  getCredentialImage: { params: ofCredential, holder: 200 },
  getCredentialProof: { params: ofCredential, holder: 200 },
  getCredentialTicket: { params: ofCredential, holder: 409 },
  revokeCredential: { params: ofCredential, ask: json({}), holder: 200 },
  suspendCredential: { params: ofCredential, ask: json({}), holder: 409 },
  reinstateCredential: { params: ofCredential, ask: json({}), holder: 409 },
  listAchievements: { holder: 200, other: 200 },
  getAchievement: { params: ofAchievement, holder: 200 },
  putAchievement: {
    params: ofAchievement,
    ask: json({ ...Api.achievement, name: 'Second aid' }),
    holder: 201,
    other: 201,
  },
  listAchievementVersions: { params: ofAchievement, holder: 200 },
  getAchievementVersion: { params: ({ achievement }) => ({ name: achievement, version: '1' }), holder: 200 },
  getRosterTemplate: { params: ofAchievement, holder: 200 },
  getIssuerProfile: { holder: 200 },
  putIssuerProfile: { ask: json({ name: 'Another name' }), holder: 201, other: 409 },
  listIssuerProfiles: { holder: 200, other: 409 },
  listIssuers: { holder: 200, other: 200 },
  createIssuer: { ask: json({ name: 'More' }), holder: 201, other: 201 },
  getOrganisationIssuer: { params: ofIssuer, holder: 200 },
  // Its DID is its key, without a domain.
  rotateIssuerKey: {
    params: ofIssuer,
    ask: json({ key: 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK' }),
    holder: 409,
  },
  reportIssuerKey: {
    params: ofIssuer,
    ask: json({ key: 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', from: '2026-01-01T00:00:00Z' }),
    holder: 422,
  },
  getOrganisationIssuerProfile: { params: ofIssuer, holder: 200 },
  putOrganisationIssuerProfile: { params: ofIssuer, ask: json({ name: 'Another name' }), holder: 201 },
  listEvents: { holder: 200, other: 200 },
  listWebhooks: { holder: 200, other: 200 },
  createWebhook: { ask: json({ url: 'http://127.0.0.1:9/hook' }), holder: 201, other: 201 },
  getWebhook: { params: ofWebhook, holder: 200 },
  changeWebhook: { params: ofWebhook, ask: json({ description: 'changed' }), holder: 200 },
  rotateWebhookSecret: { params: ofWebhook, ask: json({}), holder: 200 },
  testWebhook: { params: ofWebhook, holder: 202 },
  replayWebhook: { params: ofWebhook, ask: ({ event }) => ({ json: { event } }), holder: 202 },
  listWebhookDeliveries: { params: ofWebhook, holder: 200 },
  deleteWebhook: { params: ofWebhook, holder: 204 },
  whoAmI: { holder: 200, other: 200 },
  listMembers: { holder: 200, other: 200 },
  getMember: { params: ofMember, holder: 200 },
  // Whoever gives or takes a role has all that it may.
  changeRole: { params: ofMember, ask: json({ role: 'viewer' }), holder: 403 },
  removeMember: { params: ofMember, holder: 403 },
  listMemberSessions: { params: ofMember, holder: 200 },
  endMemberSessions: { params: ofMember, holder: 200 },
  listInvitations: { holder: 200, other: 200 },
  createInvitation: { ask: json({ email: 'new@example.org', role: 'viewer' }), holder: 403, other: 201 },
  withdrawInvitation: { params: ({ invitation }) => ({ id: invitation }), holder: 200 },
  listApprovals: { holder: 200, other: 200 },
  getApprovalRules: { holder: 200, other: 200 },
  putApprovalRules: {
    ask: json({ batches: false, keys: false, members: false, revocations: null }),
    holder: 200,
    other: 200,
  },
  getApproval: { params: ({ order }) => ({ id: order }), holder: 404 },
  approve: { params: ({ order }) => ({ id: order }), holder: 403, other: 403 },
  decline: { params: ({ order }) => ({ id: order }), holder: 403, other: 403 },
  withdraw: { params: ({ order }) => ({ id: order }), holder: 404 },
  revokeCredentials: { ask: ({ credential }) => ({ json: { credentials: [credential] } }), holder: 200, other: 404 },
  listApiKeys: { holder: 200, other: 200 },
  createApiKey: { ask: json({ name: 'more', scopes: ['keys:admin'] }), holder: 201, other: 201 },
  revokeApiKey: { params: ({ key }) => ({ id: key }), holder: 200 },
  getOrganisation: { holder: 200, other: 200 },
  changeOrganisation: { ask: json({ name: 'Changed' }), holder: 200, other: 200 },
  exportOrganisation: { holder: 200, other: 200 },
  listDepartments: { holder: 200, other: 200 },
  createDepartment: { ask: json({ name: 'Law' }), holder: 409, other: 201 },
  deleteDepartment: { params: ({ department }) => ({ id: department }), holder: 204 },
  getTrust: { holder: 200 },
  askChain: {
    params: () => ({ chainId: '31337' }),
    ask: json([{ jsonrpc: '2.0', id: 0, method: 'eth_chainId', params: [] }]),
    holder: 200,
  },
  verifyCredential: {
    ask: () => ({ body: new Uint8Array(png(1, 1)), headers: { 'content-type': 'image/png' } }),
    holder: 200,
  },
  verifyCredentialByVcApi: { ask: json({ verifiableCredential: {} }), holder: 400 },
  verifyPresentationByVcApi: { ask: json({ verifiablePresentation: {} }), holder: 400 },
  getIssuer: { holder: 200 },
  getDescription: { holder: 200 },
  getDocs: { holder: 200 },
  getDocsStyle: { holder: 200 },
  listMails: { holder: 200, other: 200 },
  getMail: { params: ({ order }) => ({ id: order }), holder: 404 },
  writeToLearners: { params: ofBatch, ask: json({}), holder: 202 },
  resendCredential: { params: ofCredential, holder: 202 },
  returnMail: {
    ask: () => ({ body: 'Subject: nothing\r\n\r\nnothing', headers: { 'content-type': 'message/rfc822' } }),
    holder: 422,
    other: 422,
  },
  listSuppressions: { holder: 200, other: 200 },
  endSuppression: { ask: json({ address: 'ada@lovelace.example' }), holder: 200, other: 200 },
  getClaimSettings: { holder: 200, other: 200 },
  setClaimSettings: { ask: json({ onDelivery: false, days: 7, waitingDays: 7 }), holder: 200, other: 200 },
  sendClaimLinks: { params: ofBatch, ask: json({}), holder: 202 },
  getClaim: { params: ofCredential, holder: 200 },
  sendClaimLink: { params: ofCredential, holder: 202 },
  moveCredential: { params: ofCredential, ask: json({ email: 'new@example.org', reason: 'lost' }), holder: 202 },
  getMove: { params: ({ order }) => ({ id: order }), holder: 404 },
  listAudit: { holder: 200, other: 200 },
  exportAudit: { holder: 200, other: 200 },
  createImport: { ask: json({ data: [badge] }), holder: 200, other: 201 },
  listImports: { holder: 200, other: 200 },
  getImport: { params: ofImport, holder: 200 },
  listOriginals: { params: ofImport, holder: 200 },
  getOriginal: { params: ofOriginal, holder: 200 },
  getOriginalDocument: { params: ofOriginal, holder: 200 },
  getImportRoster: { params: ofImport, holder: 200 },
  findOriginals: { query: `?badge=${encodeURIComponent(badge.badge_url)}`, holder: 200, other: 200 },
  getRetention: { holder: 200, other: 200 },
  putRetention: { ask: json({ rosters: 3650, reasons: null }), holder: 200, other: 200 },
  discloseLearner: { ask: json({ email: 'ada@lovelace.example' }), holder: 200, other: 404 },
  eraseLearner: { ask: json({ email: 'ada@lovelace.example' }), holder: 200, other: 404 },
  eraseCredential: { params: ofCredential, ask: json({}), holder: 200 },
  getErasure: { params: ({ order }) => ({ id: order }), holder: 404 },
}

/**
 * What anybody may ask, and a learner who has proved to be one: a learner belongs to no organisation, and sees what is theirs
 * (test/server/learners).
 */
export const learners = new Set([
  'challengeLearner',
  'startLearnerSession',
  'listLearnerSessions',
  'endLearnerSession',
  'getLearner',
  'listLearnerBadges',
  'addLearnerAddress',
  'removeLearnerAddress',
  'moveLearnerBadges',
  'bindWallet',
  'unbindWallet',
  'bindDid',
  'unbindDid',
  'showClaim',
  'acceptClaim',
  'declineClaim',
  'renewClaim',
  'signInByClaim',
  'getClaimTicket',
  'showMove',
  'objectToMove',
  'showBadges',
  'askToSignIn',
  'signInByCode',
  'showSignIn',
  'signInByLink',
  'askToAddAddress',
  'addAddressByCode',
  'showAddAddress',
  'addAddressByLink',
  'dropAddress',
  'signOut',
  'signOutEverywhere',
  'getLearnerStyle',
])
