import type { Language } from '../mail/Catalogues.ts'

/** What a certificate says beside what its credential says. */
export type Words = {
  readonly kind: string
  readonly awardedTo: string
  readonly awardedBy: string
  readonly on: string
  readonly until: string
  readonly verify: string
  readonly id: string
  /** Where a name stands in letters that there is no font for. */
  readonly unprintable: string
  /** Where an ellipsis stands for other letters that there is no font for. */
  readonly incomplete: string
}

const en: Words = {
  kind: 'Certificate',
  awardedTo: 'awarded to',
  awardedBy: 'Issued by',
  on: 'Date',
  until: 'Valid until',
  verify: 'Verify',
  id: 'Credential',
  unprintable: 'the person named in the attached credential',
  incomplete: 'Not every letter can be printed here: the attached credential has the whole text.',
}

/** In the languages in which mails are written. */
export const words: Readonly<Record<Language, Words>> = {
  en,
  es: {
    kind: 'Certificado',
    awardedTo: 'otorgado a',
    awardedBy: 'Emitido por',
    on: 'Fecha',
    until: 'Válido hasta',
    verify: 'Verificar',
    id: 'Credencial',
    unprintable: 'la persona nombrada en la credencial adjunta',
    incomplete: 'Aquí no se pueden imprimir todas las letras: el texto completo está en la credencial adjunta.',
  },
  fr: {
    kind: 'Certificat',
    awardedTo: 'décerné à',
    awardedBy: 'Délivré par',
    on: 'Date',
    until: 'Valable jusqu’au',
    verify: 'Vérifier',
    id: 'Attestation',
    unprintable: 'la personne nommée dans l’attestation jointe',
    incomplete: 'Certaines lettres ne peuvent pas être imprimées ici : le texte entier est dans l’attestation jointe.',
  },
  de: {
    kind: 'Zertifikat',
    awardedTo: 'verliehen an',
    awardedBy: 'Ausgestellt von',
    on: 'Datum',
    until: 'Gültig bis',
    verify: 'Prüfen',
    id: 'Nachweis',
    unprintable: 'die im beigefügten Nachweis genannte Person',
    incomplete: 'Nicht alle Buchstaben können hier gedruckt werden: Der ganze Text steht im beigefügten Nachweis.',
  },
  pt: {
    kind: 'Certificado',
    awardedTo: 'atribuído a',
    awardedBy: 'Emitido por',
    on: 'Data',
    until: 'Válido até',
    verify: 'Verificar',
    id: 'Credencial',
    unprintable: 'a pessoa nomeada na credencial anexa',
    incomplete: 'Nem todas as letras podem ser impressas aqui: o texto completo está na credencial anexa.',
  },
  ar: {
    kind: 'شهادة',
    awardedTo: 'مُنحت إلى',
    awardedBy: 'صادرة عن',
    on: 'التاريخ',
    until: 'صالحة حتى',
    verify: 'تحقّق',
    id: 'المعرّف',
    unprintable: 'الشخص المذكور في الشهادة المرفقة',
    incomplete: 'لا يمكن طباعة كل الحروف هنا: النص الكامل في الشهادة المرفقة.',
  },
}
