import type { Catalogue } from '../Texts.ts'

export const de: Catalogue = {
  common: {
    direction: 'ltr',
    address: 'Falls der Knopf nicht geht, öffnen Sie diese Adresse:',
    sender: 'Diese Nachricht kommt von {organisation}.',
    unsubscribe: 'Keine Nachrichten mehr über Nachweise',
  },
  claim: {
    subject: '{organisation} hat Ihnen {achievement} verliehen',
    paragraphs: [
      'Guten Tag {name},',
      '{organisation} hat Ihnen {achievement} verliehen. Das ist ein digitaler Nachweis, der Ihnen gehört: Jeder kann ihn prüfen, heute und in vielen Jahren.',
    ],
    button: 'Zum Nachweis',
    notes: ['Sie brauchen weder ein Konto noch eine Wallet.'],
  },
  revoked: {
    subject: 'Ihr Nachweis {achievement} wurde widerrufen',
    paragraphs: [
      'Guten Tag {name},',
      '{organisation} hat Ihren Nachweis {achievement} widerrufen. Wer ihn von jetzt an prüft, erfährt es.',
    ],
    notes: ['Wenn Sie das für einen Irrtum halten, fragen Sie bitte {organisation}.'],
  },
  suspended: {
    subject: 'Ihr Nachweis {achievement} wurde ausgesetzt',
    paragraphs: [
      'Guten Tag {name},',
      '{organisation} hat Ihren Nachweis {achievement} vorläufig ausgesetzt. Wer ihn solange prüft, erfährt es.',
    ],
    notes: ['Wenn Sie das für einen Irrtum halten, fragen Sie bitte {organisation}.'],
  },
  reinstated: {
    subject: 'Ihr Nachweis {achievement} gilt wieder',
    paragraphs: [
      'Guten Tag {name},',
      'Ihr Nachweis {achievement} ist nicht mehr ausgesetzt: Er gilt wieder wie zuvor.',
    ],
    notes: [],
  },
  'verify-address': {
    subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
    paragraphs: [
      'Guten Tag,',
      'jemand hat diese E-Mail-Adresse bei {organisation} angegeben. Wenn Sie das waren, bestätigen Sie sie bitte.',
      'Oder geben Sie diesen Code dort ein, wo Sie danach gefragt haben: {code}',
    ],
    button: 'Adresse bestätigen',
    notes: [
      'Der Link gilt {minutes, plural, one {# Minute} other {# Minuten}}, ein einziges Mal.',
      'Wenn Sie es nicht waren, brauchen Sie nichts zu tun: Ohne den Link geschieht nichts.',
    ],
  },
  'learner-sign-in': {
    subject: 'Anmelden, um Ihre Nachweise zu sehen',
    paragraphs: [
      'Guten Tag,',
      'mit diesem Link sehen Sie alles, was Ihnen unter dieser Adresse verliehen wurde.',
      'Oder geben Sie diesen Code dort ein, wo Sie danach gefragt haben: {code}',
    ],
    button: 'Meine Nachweise ansehen',
    notes: [
      'Link und Code gelten {minutes, plural, one {# Minute} other {# Minuten}}, ein einziges Mal. Geben Sie sie niemandem weiter.',
      'Wenn Sie nicht danach gefragt haben, brauchen Sie nichts zu tun: Ohne sie meldet sich niemand an.',
    ],
  },
  'move-asked': {
    subject: 'Ihr Nachweis {achievement} soll an eine andere Adresse gehen',
    paragraphs: [
      'Guten Tag {name},',
      '{organisation} wurde gebeten, Ihren Nachweis {achievement} an eine andere E-Mail-Adresse zu senden, weil Sie diese nicht mehr lesen können.',
    ],
    button: 'Das war nicht ich',
    notes: [
      'Wenn Sie es waren, brauchen Sie nichts zu tun.',
      'Wenn niemand innerhalb von {days, plural, one {# Tag} other {# Tagen}} widerspricht, geht er dorthin.',
    ],
  },
  'sign-in': {
    subject: 'Anmelden bei {organisation}',
    paragraphs: ['Guten Tag,', 'mit diesem Link melden Sie sich bei {organisation} an.'],
    button: 'Anmelden',
    notes: [
      'Der Link gilt {minutes, plural, one {# Minute} other {# Minuten}}, ein einziges Mal. Geben Sie ihn niemandem weiter.',
      'Wenn Sie ihn nicht angefordert haben, brauchen Sie nichts zu tun: Ohne den Link meldet sich niemand an.',
    ],
  },
  invitation: {
    subject: '{inviter} lädt Sie zu {organisation} ein',
    paragraphs: [
      'Guten Tag,',
      '{inviter} lädt Sie ein, für {organisation} in Laurel zu arbeiten, das digitale Nachweise ausstellt.',
    ],
    button: 'Einladung annehmen',
    notes: [
      'Der Link gilt {days, plural, one {# Tag} other {# Tage}}, ein einziges Mal.',
      'Wenn Sie {inviter} nicht kennen, brauchen Sie nichts zu tun.',
    ],
  },
}
