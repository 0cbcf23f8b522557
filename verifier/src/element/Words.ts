import type * as Report from '../Report.ts'

/** What is said of a credential as a whole: a title of a few words, and a sentence. */
type Statement = { readonly title: string; readonly sentence: string }

/** What is said of a check: what it is about, and what came of it. */
type CheckWords = { readonly label: string } & Readonly<Record<Report.Outcome, string>>

/** All that is shown in one language, but for what a credential says itself. `{}` is where something is put in. */
export type Words = {
  readonly loading: Statement
  readonly accepted: Statement
  readonly testChain: Statement
  readonly rejected: Statement
  readonly unknown: Statement
  readonly unfamiliar: Statement
  readonly unloaded: Statement
  readonly untrusted: Statement
  readonly issuedBy: string
  readonly claimedBy: string
  readonly awardedTo: string
  readonly issuedOn: string
  readonly validUntil: string
  readonly unnamed: string
  readonly unconfirmed: string
  readonly details: string
  readonly endorsements: string
  readonly endorsedBy: string
  readonly outcomes: Readonly<Record<Report.Outcome, string>>
  readonly notChecked: string
  readonly checks: Readonly<Record<Report.Name, CheckWords>>
}

const english: Words = {
  loading: { title: 'Being checked …', sentence: 'Please wait a moment.' },
  accepted: { title: 'Valid', sentence: 'Everything that counts was checked, and it is in order.' },
  testChain: {
    title: 'Valid, in a test',
    sentence: 'Everything was checked and is in order, but the public register is one for tests: it proves nothing.',
  },
  rejected: { title: 'Not valid', sentence: 'Do not rely on it.' },
  unknown: {
    title: 'Could not be fully checked',
    sentence: 'Nothing was found to be wrong, but not everything that counts could be checked.',
  },
  unfamiliar: {
    title: 'Issuer not known here',
    sentence:
      'It is genuine as far as that can be checked, but nobody here has said that its issuer is to be relied on.',
  },
  unloaded: { title: 'Not to be had', sentence: 'The badge could not be loaded, so nothing can be said about it.' },
  untrusted: {
    title: 'Not checked',
    sentence: 'The list of whom this site trusts cannot be read, so nothing can be said about it.',
  },
  issuedBy: 'Issued by {}',
  claimedBy: 'Says that it is issued by {}',
  awardedTo: 'Awarded to {}',
  issuedOn: 'Issued on {}',
  validUntil: 'Valid until {}',
  unnamed: 'A badge',
  unconfirmed: 'This is what it says about itself. Nobody has confirmed it.',
  details: 'What was checked',
  endorsements: 'Endorsements',
  endorsedBy: 'By {}',
  outcomes: { passed: 'In order', failed: 'Wrong', unknown: 'Could not be checked', skipped: 'Does not apply' },
  notChecked: 'Not checked, because something before it was not in order.',
  checks: {
    conforms: {
      label: 'Form',
      passed: 'It is written as the standard for such badges demands.',
      failed: 'It is not written as the standard demands, so it could mean one thing or another.',
      unknown: 'Whether it is written as it should be could not be checked in full.',
      skipped: 'Its form was not checked.',
    },
    signed: {
      label: 'Signature',
      passed: 'Its issuer has signed it, and nothing was changed since.',
      failed: 'It was changed, or somebody else than its issuer has signed it.',
      unknown: 'Whether its issuer has signed it could not be checked.',
      skipped: 'The signature was not checked.',
    },
    included: {
      label: 'Place in the register',
      passed: 'It is one of those that its issuer has registered together.',
      failed: 'It is none of those that its issuer has registered.',
      unknown: 'Whether its issuer has registered it could not be checked.',
      skipped: 'It need not be registered.',
    },
    anchored: {
      label: 'Public register',
      passed: 'It stands in a public register in which nobody can change anything afterwards.',
      failed: 'It does not stand in the public register in which it should be.',
      unknown: 'Whether it stands in a public register could not be checked.',
      skipped: 'It need not stand in a public register.',
    },
    manifest: {
      label: 'Register entry',
      passed: 'What is registered fits what it says.',
      failed: 'What is registered does not fit what it says.',
      unknown: 'Whether what is registered fits what it says could not be checked.',
      skipped: 'There is no entry that would have to fit.',
    },
    'issuer-bound': {
      label: 'Issuer',
      passed: 'Its issuer is known here, and this really comes from there.',
      failed: 'It does not come from the issuer that it names.',
      unknown: 'Its issuer is not known here, or it could not be checked whether this comes from there.',
      skipped: 'The issuer was not checked.',
    },
    status: {
      label: 'Withdrawal',
      passed: 'It has not been withdrawn.',
      failed: 'Its issuer has withdrawn it.',
      unknown: 'Whether it has been withdrawn could not be checked.',
      skipped: 'Its issuer does not withdraw such badges.',
    },
    'valid-period': {
      label: 'Period',
      passed: 'It is valid at this time.',
      failed: 'It is not valid at this time.',
      unknown: 'Whether it is valid at this time could not be checked.',
      skipped: 'Its period was not checked.',
    },
    recipient: {
      label: 'Recipient',
      passed: 'It was awarded to whom you asked about.',
      failed: 'It was awarded to somebody else.',
      unknown: 'Whether it was awarded to whom you asked about could not be checked.',
      skipped: 'Nobody has asked to whom it was awarded.',
    },
  },
}

const german: Words = {
  loading: { title: 'Wird geprüft …', sentence: 'Bitte einen Augenblick.' },
  accepted: { title: 'Gültig', sentence: 'Alles, worauf es ankommt, wurde geprüft und ist in Ordnung.' },
  testChain: {
    title: 'Gültig, in einem Test',
    sentence:
      'Alles wurde geprüft und ist in Ordnung; aber das öffentliche Register ist eines für Tests und beweist nichts.',
  },
  rejected: { title: 'Nicht gültig', sentence: 'Verlassen Sie sich nicht darauf.' },
  unknown: {
    title: 'Nicht vollständig prüfbar',
    sentence: 'Nichts war falsch, aber nicht alles, worauf es ankommt, ließ sich prüfen.',
  },
  unfamiliar: {
    title: 'Aussteller hier nicht bekannt',
    sentence: 'Soweit prüfbar, ist es echt; aber niemand hat hier gesagt, dass auf den Aussteller Verlass ist.',
  },
  unloaded: {
    title: 'Nicht zu bekommen',
    sentence: 'Das Abzeichen ließ sich nicht laden; darüber ist nichts zu sagen.',
  },
  untrusted: {
    title: 'Nicht geprüft',
    sentence: 'Die Liste derer, denen diese Seite vertraut, ist nicht lesbar; darüber ist nichts zu sagen.',
  },
  issuedBy: 'Ausgestellt von {}',
  claimedBy: 'Nennt als Aussteller {}',
  awardedTo: 'Verliehen an {}',
  issuedOn: 'Ausgestellt am {}',
  validUntil: 'Gültig bis {}',
  unnamed: 'Ein Abzeichen',
  unconfirmed: 'Das sagt es über sich selbst. Niemand hat es bestätigt.',
  details: 'Was geprüft wurde',
  endorsements: 'Empfehlungen',
  endorsedBy: 'Von {}',
  outcomes: { passed: 'In Ordnung', failed: 'Falsch', unknown: 'Nicht prüfbar', skipped: 'Entfällt' },
  notChecked: 'Nicht geprüft, weil zuvor etwas nicht in Ordnung war.',
  checks: {
    conforms: {
      label: 'Form',
      passed: 'Es ist geschrieben, wie der Standard für Abzeichen es verlangt.',
      failed: 'Es ist nicht geschrieben, wie der Standard es verlangt, und könnte dies oder jenes bedeuten.',
      unknown: 'Ob es geschrieben ist, wie es sein soll, ließ sich nicht ganz prüfen.',
      skipped: 'Die Form wurde nicht geprüft.',
    },
    signed: {
      label: 'Unterschrift',
      passed: 'Der Aussteller hat es unterschrieben, und seither wurde nichts geändert.',
      failed: 'Es wurde geändert, oder jemand anderes hat es unterschrieben.',
      unknown: 'Ob der Aussteller es unterschrieben hat, ließ sich nicht prüfen.',
      skipped: 'Die Unterschrift wurde nicht geprüft.',
    },
    included: {
      label: 'Platz im Register',
      passed: 'Es ist eines von denen, die der Aussteller zusammen eingetragen hat.',
      failed: 'Es ist keines von denen, die der Aussteller eingetragen hat.',
      unknown: 'Ob der Aussteller es eingetragen hat, ließ sich nicht prüfen.',
      skipped: 'Es muss nicht eingetragen sein.',
    },
    anchored: {
      label: 'Öffentliches Register',
      passed: 'Es steht in einem öffentlichen Register, in dem niemand nachträglich etwas ändern kann.',
      failed: 'Es steht nicht in dem öffentlichen Register, in dem es stehen müsste.',
      unknown: 'Ob es in einem öffentlichen Register steht, ließ sich nicht prüfen.',
      skipped: 'Es muss in keinem öffentlichen Register stehen.',
    },
    manifest: {
      label: 'Registereintrag',
      passed: 'Was eingetragen ist, passt zu dem, was es sagt.',
      failed: 'Was eingetragen ist, passt nicht zu dem, was es sagt.',
      unknown: 'Ob zusammenpasst, was eingetragen ist und was es sagt, ließ sich nicht prüfen.',
      skipped: 'Es gibt keinen Eintrag, der passen müsste.',
    },
    'issuer-bound': {
      label: 'Aussteller',
      passed: 'Der Aussteller ist hier bekannt, und es kommt wirklich von ihm.',
      failed: 'Es kommt nicht von dem Aussteller, den es nennt.',
      unknown: 'Der Aussteller ist hier nicht bekannt, oder es ließ sich nicht prüfen, ob es von ihm kommt.',
      skipped: 'Der Aussteller wurde nicht geprüft.',
    },
    status: {
      label: 'Widerruf',
      passed: 'Es wurde nicht widerrufen.',
      failed: 'Der Aussteller hat es widerrufen.',
      unknown: 'Ob es widerrufen wurde, ließ sich nicht prüfen.',
      skipped: 'Der Aussteller widerruft solche Abzeichen nicht.',
    },
    'valid-period': {
      label: 'Zeitraum',
      passed: 'Es gilt zu dieser Zeit.',
      failed: 'Es gilt zu dieser Zeit nicht.',
      unknown: 'Ob es zu dieser Zeit gilt, ließ sich nicht prüfen.',
      skipped: 'Der Zeitraum wurde nicht geprüft.',
    },
    recipient: {
      label: 'Empfänger',
      passed: 'Es wurde der Person verliehen, nach der gefragt war.',
      failed: 'Es wurde jemand anderem verliehen.',
      unknown: 'Ob es der Person verliehen wurde, nach der gefragt war, ließ sich nicht prüfen.',
      skipped: 'Niemand hat gefragt, wem es verliehen wurde.',
    },
  },
}

const known = new Map<string, Words>([
  ['en', english],
  ['de', german],
])

/** Adds a language, or replaces one: by its BCP 47 tag, `fr` or `pt-BR`. */
export function add(language: string, words: Words): void {
  known.set(language.toLowerCase(), words)
}

/** The words for a language: those of exactly it, of the language without its region, or else English. */
export function of(language: string): Words {
  const tag = language.toLowerCase()
  return known.get(tag) ?? known.get(tag.split('-')[0] ?? '') ?? english
}

/** A sentence with something put in. */
export function fill(sentence: string, value: string): string {
  return sentence.replace('{}', () => value)
}
