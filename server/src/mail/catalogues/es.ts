import type { Catalogue } from '../Texts.ts'

export const es: Catalogue = {
  common: {
    direction: 'ltr',
    address: 'Si el botón no funciona, abra esta dirección:',
    sender: 'Este mensaje lo ha enviado {organisation}.',
    unsubscribe: 'No recibir más mensajes sobre insignias',
  },
  claim: {
    subject: '{organisation} le ha otorgado {achievement}',
    paragraphs: [
      'Hola, {name}:',
      '{organisation} le ha otorgado {achievement}. Es una credencial digital que le pertenece: cualquiera puede verificarla, hoy y dentro de muchos años.',
    ],
    button: 'Ver su credencial',
    notes: ['No necesita cuenta ni monedero.'],
  },
  revoked: {
    subject: 'Su credencial {achievement} ha sido revocada',
    paragraphs: [
      'Hola, {name}:',
      '{organisation} ha revocado su credencial {achievement}. Quien la verifique a partir de ahora lo sabrá.',
    ],
    notes: ['Si cree que es un error, pregunte a {organisation}.'],
  },
  suspended: {
    subject: 'Su credencial {achievement} ha sido suspendida',
    paragraphs: [
      'Hola, {name}:',
      '{organisation} ha suspendido por ahora su credencial {achievement}. Quien la verifique mientras tanto lo sabrá.',
    ],
    notes: ['Si cree que es un error, pregunte a {organisation}.'],
  },
  reinstated: {
    subject: 'Su credencial {achievement} vuelve a ser válida',
    paragraphs: [
      'Hola, {name}:',
      'La suspensión de su credencial {achievement} ha terminado: vuelve a ser válida, como antes.',
    ],
    notes: [],
  },
  'verify-address': {
    subject: 'Confirme su dirección de correo',
    paragraphs: [
      'Hola:',
      'Alguien ha indicado esta dirección de correo en {organisation}. Si ha sido usted, confírmela.',
      'O escriba este código donde lo ha pedido: {code}',
    ],
    button: 'Confirmar la dirección',
    notes: [
      'El enlace vale durante {minutes, plural, one {# minuto} many {# de minutos} other {# minutos}}, una sola vez.',
      'Si no ha sido usted, no tiene que hacer nada: sin el enlace no ocurre nada.',
    ],
  },
  'learner-sign-in': {
    subject: 'Acceda para ver sus credenciales',
    paragraphs: [
      'Hola:',
      'Con este enlace ve todo lo que se le ha otorgado en esta dirección.',
      'O escriba este código donde lo ha pedido: {code}',
    ],
    button: 'Ver mis credenciales',
    notes: [
      'El enlace y el código valen durante {minutes, plural, one {# minuto} many {# de minutos} other {# minutos}}, una sola vez. No los pase a nadie.',
      'Si no los ha pedido, no tiene que hacer nada: nadie accede sin ellos.',
    ],
  },
  'move-asked': {
    subject: 'Su credencial {achievement} irá a otra dirección',
    paragraphs: [
      'Hola, {name}:',
      'Se ha pedido a {organisation} que envíe su credencial {achievement} a otra dirección de correo, porque usted ya no podía leer esta.',
    ],
    button: 'No he sido yo',
    notes: [
      'Si ha sido usted, no tiene que hacer nada.',
      'Si nadie se opone en un plazo de {days, plural, one {# día} many {# de días} other {# días}}, irá allí.',
    ],
  },
  'sign-in': {
    subject: 'Acceder a {organisation}',
    paragraphs: ['Hola:', 'Con este enlace accede a {organisation}.'],
    button: 'Acceder',
    notes: [
      'El enlace vale durante {minutes, plural, one {# minuto} many {# de minutos} other {# minutos}}, una sola vez. No lo comparta con nadie.',
      'Si no lo ha pedido, no tiene que hacer nada: nadie accede sin el enlace.',
    ],
  },
  invitation: {
    subject: '{inviter} le invita a {organisation}',
    paragraphs: [
      'Hola:',
      '{inviter} le invita a trabajar para {organisation} en Laurel, que emite credenciales digitales.',
    ],
    button: 'Aceptar la invitación',
    notes: [
      'El enlace vale durante {days, plural, one {# día} many {# de días} other {# días}}, una sola vez.',
      'Si no conoce a {inviter}, no tiene que hacer nada.',
    ],
  },
}
