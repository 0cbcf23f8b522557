import type { Catalogue } from '../Texts.ts'

export const pt: Catalogue = {
  common: {
    direction: 'ltr',
    address: 'Se o botão não funcionar, abra este endereço:',
    sender: 'Esta mensagem foi enviada por {organisation}.',
    unsubscribe: 'Não receber mais mensagens sobre credenciais',
  },
  claim: {
    subject: '{organisation} atribuiu-lhe {achievement}',
    paragraphs: [
      'Olá, {name},',
      '{organisation} atribuiu-lhe {achievement}. É uma credencial digital que lhe pertence: qualquer pessoa pode verificá-la, hoje e daqui a muitos anos.',
    ],
    button: 'Ver a sua credencial',
    notes: ['Não precisa de conta nem de carteira digital.'],
  },
  revoked: {
    subject: 'A sua credencial {achievement} foi revogada',
    paragraphs: [
      'Olá, {name},',
      '{organisation} revogou a sua credencial {achievement}. Quem a verificar a partir de agora ficará a sabê-lo.',
    ],
    notes: ['Se acha que é um engano, pergunte a {organisation}.'],
  },
  suspended: {
    subject: 'A sua credencial {achievement} foi suspensa',
    paragraphs: [
      'Olá, {name},',
      '{organisation} suspendeu por agora a sua credencial {achievement}. Quem a verificar entretanto ficará a sabê-lo.',
    ],
    notes: ['Se acha que é um engano, pergunte a {organisation}.'],
  },
  reinstated: {
    subject: 'A sua credencial {achievement} voltou a ser válida',
    paragraphs: [
      'Olá, {name},',
      'A suspensão da sua credencial {achievement} terminou: voltou a ser válida, como antes.',
    ],
    notes: [],
  },
  'verify-address': {
    subject: 'Confirme o seu endereço de e-mail',
    paragraphs: [
      'Olá,',
      'Alguém indicou este endereço de e-mail em {organisation}. Se foi você, confirme-o, por favor.',
      'Ou escreva este código onde o pediu: {code}',
    ],
    button: 'Confirmar o endereço',
    notes: [
      'A ligação é válida durante {minutes, plural, one {# minuto} many {# de minutos} other {# minutos}}, uma única vez.',
      'Se não foi você, não precisa de fazer nada: sem a ligação nada acontece.',
    ],
  },
  'learner-sign-in': {
    subject: 'Entre para ver as suas credenciais',
    paragraphs: [
      'Olá,',
      'Com esta ligação vê tudo o que lhe foi atribuído neste endereço.',
      'Ou escreva este código onde o pediu: {code}',
    ],
    button: 'Ver as minhas credenciais',
    notes: [
      'A ligação e o código são válidos durante {minutes, plural, one {# minuto} many {# de minutos} other {# minutos}}, uma única vez. Não os passe a ninguém.',
      'Se não os pediu, não precisa de fazer nada: ninguém entra sem eles.',
    ],
  },
  'move-asked': {
    subject: 'A sua credencial {achievement} vai para outro endereço',
    paragraphs: [
      'Olá, {name},',
      'Pediram a {organisation} que enviasse a sua credencial {achievement} para outro endereço de e-mail, porque já não podia ler este.',
    ],
    button: 'Não fui eu',
    notes: [
      'Se foi você, não precisa de fazer nada.',
      'Se ninguém se opuser no prazo de {days, plural, one {# dia} many {# de dias} other {# dias}}, irá para lá.',
    ],
  },
  'sign-in': {
    subject: 'Entrar em {organisation}',
    paragraphs: ['Olá,', 'Com esta ligação entra em {organisation}.'],
    button: 'Entrar',
    notes: [
      'A ligação é válida durante {minutes, plural, one {# minuto} many {# de minutos} other {# minutos}}, uma única vez. Não a passe a ninguém.',
      'Se não a pediu, não precisa de fazer nada: ninguém entra sem a ligação.',
    ],
  },
  invitation: {
    subject: 'Convite de {inviter} para {organisation}',
    paragraphs: [
      'Olá,',
      '{inviter} convida-o para trabalhar para {organisation} no Laurel, que emite credenciais digitais.',
    ],
    button: 'Aceitar o convite',
    notes: [
      'A ligação é válida durante {days, plural, one {# dia} many {# de dias} other {# dias}}, uma única vez.',
      'Se não conhece {inviter}, não precisa de fazer nada.',
    ],
  },
}
