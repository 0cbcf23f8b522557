import type { Catalogue } from '../Texts.ts'

export const en: Catalogue = {
  common: {
    direction: 'ltr',
    address: 'If the button does not work, open this address:',
    sender: 'This message was sent by {organisation}.',
    unsubscribe: 'No more messages about badges',
  },
  claim: {
    subject: '{organisation} has awarded you {achievement}',
    paragraphs: [
      'Hello {name},',
      '{organisation} has awarded you {achievement}. It is a digital credential that belongs to you: anybody can verify it, today and in years to come.',
    ],
    button: 'See your credential',
    notes: ['You need no account and no wallet.'],
  },
  revoked: {
    subject: 'Your credential {achievement} was revoked',
    paragraphs: [
      'Hello {name},',
      '{organisation} has revoked your credential {achievement}. Whoever verifies it from now on is told so.',
    ],
    notes: ['If you think that this is a mistake, please ask {organisation}.'],
  },
  suspended: {
    subject: 'Your credential {achievement} was suspended',
    paragraphs: [
      'Hello {name},',
      '{organisation} has suspended your credential {achievement} for the time being. Whoever verifies it meanwhile is told so.',
    ],
    notes: ['If you think that this is a mistake, please ask {organisation}.'],
  },
  reinstated: {
    subject: 'Your credential {achievement} is valid again',
    paragraphs: [
      'Hello {name},',
      'The suspension of your credential {achievement} has ended: it is valid again, as it was before.',
    ],
    notes: [],
  },
  'verify-address': {
    subject: 'Confirm your e-mail address',
    paragraphs: [
      'Hello,',
      'Somebody has entered this e-mail address at {organisation}. If it was you, please confirm it.',
      'Or type this code where you have asked for it: {code}',
    ],
    button: 'Confirm the address',
    notes: [
      'The link is good for {minutes, plural, one {# minute} other {# minutes}}, once.',
      'If it was not you, there is nothing to do: nothing happens without the link.',
    ],
  },
  'learner-sign-in': {
    subject: 'Sign in to see your badges',
    paragraphs: [
      'Hello,',
      'With this link you see everything that was awarded to you at this address.',
      'Or type this code where you have asked for it: {code}',
    ],
    button: 'See my badges',
    notes: [
      'Link and code are good for {minutes, plural, one {# minute} other {# minutes}}, once. Pass them on to nobody.',
      'If you have not asked for this, there is nothing to do: nobody signs in without them.',
    ],
  },
  'move-asked': {
    subject: 'Your credential {achievement} is to go to another address',
    paragraphs: [
      'Hello {name},',
      '{organisation} was asked to send your credential {achievement} to another e-mail address, because you could not read this one any more.',
    ],
    button: 'This was not me',
    notes: [
      'If it was you, there is nothing to do.',
      'If nobody objects within {days, plural, one {# day} other {# days}}, it goes there.',
    ],
  },
  'sign-in': {
    subject: 'Sign in to {organisation}',
    paragraphs: ['Hello,', 'With this link you sign in to {organisation}.'],
    button: 'Sign in',
    notes: [
      'The link is good for {minutes, plural, one {# minute} other {# minutes}}, once. Pass it on to nobody.',
      'If you have not asked for it, there is nothing to do: nobody signs in without the link.',
    ],
  },
  invitation: {
    subject: '{inviter} invites you to {organisation}',
    paragraphs: [
      'Hello,',
      '{inviter} invites you to work for {organisation} in Laurel, which issues digital credentials.',
    ],
    button: 'Accept the invitation',
    notes: [
      'The link is good for {days, plural, one {# day} other {# days}}, once.',
      'If you do not know {inviter}, there is nothing to do.',
    ],
  },
}
