/** What the page says itself, in one language; each stands at the element that has its name in `data-words`. */
export type Words = typeof english

const english = {
  title: 'Is this badge genuine?',
  lead: 'Give this page a digital badge or certificate. It checks who issued it, whether anything was changed, and whether it still holds.',
  private:
    'Everything is checked on this device. No file leaves it. Only public registers and stores, issuers, and those who vouch for them, are asked.',
  drop: 'Drop files here, or choose them',
  kinds: 'JSON, PNG, SVG, JWT, .laurel or ZIP; one or many',
  paste: 'Or paste the text of a badge, or its address',
  check: 'Check',
  trust: 'Whom this page trusts',
  trustNobody:
    'Nobody yet. It can tell you whether a badge was changed, but not whether its issuer is to be relied on: for that, choose the trust file of somebody whom you trust.',
  trustIssuers: 'Issuers',
  trustFederations: 'Whoever these vouch for',
  trustChains: 'Public registers',
  trustChoose: 'Choose a trust file',
  trustWrong: 'This file cannot be used, so nothing has changed.',
  results: 'Results',
  clear: 'Clear',
  print: 'Print',
  checking: 'Being checked: {}',
  accepted: 'valid: {}',
  rejected: 'not valid: {}',
  unknown: 'not fully checked: {}',
  checkedAt: 'Checked on {}',
  unreachable:
    'Nothing can be had from this address, or its site does not let other pages read it. Save the file and drop it here.',
  noBadges: 'There is no badge in this file.',
  pasted: 'Pasted text',
}

const german: Words = {
  title: 'Ist dieses Abzeichen echt?',
  lead: 'Geben Sie dieser Seite ein digitales Abzeichen oder Zertifikat. Sie prüft, wer es ausgestellt hat, ob etwas geändert wurde und ob es noch gilt.',
  private:
    'Alles wird auf diesem Gerät geprüft. Keine Datei verlässt es. Gefragt werden nur öffentliche Register und Speicher, Aussteller und wer für sie bürgt.',
  drop: 'Dateien hierher ziehen oder auswählen',
  kinds: 'JSON, PNG, SVG, JWT, .laurel oder ZIP; eine oder viele',
  paste: 'Oder den Text eines Abzeichens oder seine Adresse einfügen',
  check: 'Prüfen',
  trust: 'Wem diese Seite vertraut',
  trustNobody:
    'Noch niemandem. Sie kann sagen, ob ein Abzeichen geändert wurde, nicht aber, ob auf den Aussteller Verlass ist: Wählen Sie dazu die Vertrauensdatei von jemandem, dem Sie vertrauen.',
  trustIssuers: 'Aussteller',
  trustFederations: 'Wer von diesen bestätigt ist',
  trustChains: 'Öffentliche Register',
  trustChoose: 'Vertrauensdatei auswählen',
  trustWrong: 'Diese Datei ist nicht zu gebrauchen; es bleibt, wie es war.',
  results: 'Ergebnisse',
  clear: 'Leeren',
  print: 'Drucken',
  checking: 'Wird geprüft: {}',
  accepted: 'gültig: {}',
  rejected: 'nicht gültig: {}',
  unknown: 'nicht vollständig geprüft: {}',
  checkedAt: 'Geprüft am {}',
  unreachable:
    'Von dieser Adresse ist nichts zu bekommen, oder sie lässt andere Seiten nicht lesen. Speichern Sie die Datei und ziehen Sie sie hierher.',
  noBadges: 'In dieser Datei ist kein Abzeichen.',
  pasted: 'Eingefügter Text',
}

/** The words for a language: German where it is asked for, else English. */
export function of(language: string): Words {
  return /^de\b/i.test(language) ? german : english
}
