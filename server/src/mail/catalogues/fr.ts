import type { Catalogue } from '../Texts.ts'

export const fr: Catalogue = {
  common: {
    direction: 'ltr',
    address: 'Si le bouton ne fonctionne pas, ouvrez cette adresse :',
    sender: 'Ce message a été envoyé par {organisation}.',
    unsubscribe: 'Ne plus recevoir de messages sur les badges',
  },
  claim: {
    subject: '{organisation} vous a décerné {achievement}',
    paragraphs: [
      'Bonjour {name},',
      '{organisation} vous a décerné {achievement}. C’est une attestation numérique qui vous appartient : chacun peut la vérifier, aujourd’hui et dans bien des années.',
    ],
    button: 'Voir votre attestation',
    notes: ['Il ne vous faut ni compte ni portefeuille.'],
  },
  revoked: {
    subject: 'Votre attestation {achievement} a été révoquée',
    paragraphs: [
      'Bonjour {name},',
      '{organisation} a révoqué votre attestation {achievement}. Quiconque la vérifie désormais en est averti.',
    ],
    notes: ['Si vous pensez à une erreur, adressez-vous à {organisation}.'],
  },
  suspended: {
    subject: 'Votre attestation {achievement} a été suspendue',
    paragraphs: [
      'Bonjour {name},',
      '{organisation} a suspendu votre attestation {achievement} pour le moment. Quiconque la vérifie entre-temps en est averti.',
    ],
    notes: ['Si vous pensez à une erreur, adressez-vous à {organisation}.'],
  },
  reinstated: {
    subject: 'Votre attestation {achievement} est de nouveau valable',
    paragraphs: [
      'Bonjour {name},',
      'La suspension de votre attestation {achievement} a pris fin : elle est de nouveau valable, comme auparavant.',
    ],
    notes: [],
  },
  'verify-address': {
    subject: 'Confirmez votre adresse électronique',
    paragraphs: [
      'Bonjour,',
      'Quelqu’un a indiqué cette adresse électronique auprès de {organisation}. Si c’était vous, confirmez-la.',
      'Ou saisissez ce code là où vous l’avez demandé : {code}',
    ],
    button: 'Confirmer l’adresse',
    notes: [
      'Le lien est valable {minutes, plural, one {# minute} many {# de minutes} other {# minutes}}, une seule fois.',
      'Si ce n’était pas vous, il n’y a rien à faire : rien ne se passe sans le lien.',
    ],
  },
  'learner-sign-in': {
    subject: 'Connectez-vous pour voir vos attestations',
    paragraphs: [
      'Bonjour,',
      'Ce lien vous montre tout ce qui vous a été décerné à cette adresse.',
      'Ou saisissez ce code là où vous l’avez demandé : {code}',
    ],
    button: 'Voir mes attestations',
    notes: [
      'Le lien et le code sont valables {minutes, plural, one {# minute} many {# de minutes} other {# minutes}}, une seule fois. Ne les transmettez à personne.',
      'Si vous ne les avez pas demandés, il n’y a rien à faire : personne ne se connecte sans eux.',
    ],
  },
  'move-asked': {
    subject: 'Votre attestation {achievement} doit aller à une autre adresse',
    paragraphs: [
      'Bonjour {name},',
      'On a demandé à {organisation} d’envoyer votre attestation {achievement} à une autre adresse électronique, parce que vous ne pouviez plus lire celle-ci.',
    ],
    button: 'Ce n’était pas moi',
    notes: [
      'Si c’était vous, il n’y a rien à faire.',
      'Si personne ne s’y oppose dans un délai de {days, plural, one {# jour} many {# de jours} other {# jours}}, elle y sera envoyée.',
    ],
  },
  'sign-in': {
    subject: 'Connexion à {organisation}',
    paragraphs: ['Bonjour,', 'Ce lien vous connecte à {organisation}.'],
    button: 'Se connecter',
    notes: [
      'Le lien est valable {minutes, plural, one {# minute} many {# de minutes} other {# minutes}}, une seule fois. Ne le transmettez à personne.',
      'Si vous ne l’avez pas demandé, il n’y a rien à faire : personne ne se connecte sans le lien.',
    ],
  },
  invitation: {
    subject: '{inviter} vous invite à rejoindre {organisation}',
    paragraphs: [
      'Bonjour,',
      '{inviter} vous invite à travailler pour {organisation} dans Laurel, qui délivre des attestations numériques.',
    ],
    button: 'Accepter l’invitation',
    notes: [
      'Le lien est valable {days, plural, one {# jour} many {# de jours} other {# jours}}, une seule fois.',
      'Si vous ne connaissez pas {inviter}, il n’y a rien à faire.',
    ],
  },
}
