import type { Catalogue } from '../Texts.ts'

const minutes =
  '{minutes, plural, zero {# دقيقة} one {دقيقة واحدة} two {دقيقتين} few {# دقائق} many {# دقيقة} other {# دقيقة}}'
const days = '{days, plural, zero {# يوم} one {يوم واحد} two {يومين} few {# أيام} many {# يومًا} other {# يوم}}'

export const ar: Catalogue = {
  common: {
    direction: 'rtl',
    address: 'إذا لم يعمل الزر، فافتح هذا العنوان:',
    sender: 'أُرسلت هذه الرسالة من {organisation}.',
    unsubscribe: 'إيقاف الرسائل المتعلقة بالشارات',
  },
  claim: {
    subject: 'منحتك {organisation} شهادة {achievement}',
    paragraphs: [
      'مرحبًا {name}،',
      'منحتك {organisation} شهادة {achievement}. إنها شهادة رقمية ملكٌ لك: يستطيع أي شخص التحقق منها اليوم وبعد سنوات.',
    ],
    button: 'عرض شهادتك',
    notes: ['لا تحتاج إلى حساب ولا إلى محفظة.'],
  },
  revoked: {
    subject: 'أُلغيت شهادتك {achievement}',
    paragraphs: [
      'مرحبًا {name}،',
      'ألغت {organisation} شهادتك {achievement}. كل من يتحقق منها من الآن فصاعدًا سيعلم بذلك.',
    ],
    notes: ['إذا كنت تظن أن هذا خطأ، فاسأل {organisation}.'],
  },
  suspended: {
    subject: 'عُلّقت شهادتك {achievement}',
    paragraphs: [
      'مرحبًا {name}،',
      'علّقت {organisation} شهادتك {achievement} مؤقتًا. كل من يتحقق منها في هذه الأثناء سيعلم بذلك.',
    ],
    notes: ['إذا كنت تظن أن هذا خطأ، فاسأل {organisation}.'],
  },
  reinstated: {
    subject: 'شهادتك {achievement} صالحة من جديد',
    paragraphs: ['مرحبًا {name}،', 'انتهى تعليق شهادتك {achievement}: إنها صالحة من جديد كما كانت.'],
    notes: [],
  },
  'verify-address': {
    subject: 'أكّد عنوان بريدك الإلكتروني',
    paragraphs: [
      'مرحبًا،',
      'أدخل شخصٌ ما عنوان البريد الإلكتروني هذا لدى {organisation}. إذا كنت أنت، فأكّده من فضلك.',
      'أو اكتب هذا الرمز حيث طلبته: {code}',
    ],
    button: 'تأكيد العنوان',
    notes: [
      `الرابط صالح لمدة ${minutes}، مرة واحدة.`,
      'إذا لم تكن أنت، فلا حاجة إلى فعل شيء: لا يحدث شيء من دون الرابط.',
    ],
  },
  'learner-sign-in': {
    subject: 'سجّل الدخول لرؤية شهاداتك',
    paragraphs: ['مرحبًا،', 'بهذا الرابط ترى كل ما مُنح لك على هذا العنوان.', 'أو اكتب هذا الرمز حيث طلبته: {code}'],
    button: 'عرض شهاداتي',
    notes: [
      `الرابط والرمز صالحان لمدة ${minutes}، مرة واحدة. لا تعطهما لأحد.`,
      'إذا لم تطلبهما، فلا حاجة إلى فعل شيء: لا يسجّل أحد الدخول من دونهما.',
    ],
  },
  'move-asked': {
    subject: 'شهادتك {achievement} ستُنقل إلى عنوان آخر',
    paragraphs: [
      'مرحبًا {name}،',
      'طُلب من {organisation} إرسال شهادتك {achievement} إلى عنوان بريد إلكتروني آخر، لأنك لم تعد تستطيع قراءة هذا العنوان.',
    ],
    button: 'لم أكن أنا',
    notes: ['إذا كنت أنت، فلا حاجة إلى فعل شيء.', `إذا لم يعترض أحد خلال ${days}، فستُنقل إليه.`],
  },
  'sign-in': {
    subject: 'تسجيل الدخول إلى {organisation}',
    paragraphs: ['مرحبًا،', 'بهذا الرابط تسجّل الدخول إلى {organisation}.'],
    button: 'تسجيل الدخول',
    notes: [
      `الرابط صالح لمدة ${minutes}، مرة واحدة. لا تعطه لأحد.`,
      'إذا لم تطلبه، فلا حاجة إلى فعل شيء: لا يدخل أحد من دون الرابط.',
    ],
  },
  invitation: {
    subject: 'يدعوك {inviter} إلى {organisation}',
    paragraphs: ['مرحبًا،', 'يدعوك {inviter} إلى العمل لدى {organisation} في Laurel الذي يصدر شهادات رقمية.'],
    button: 'قبول الدعوة',
    notes: [`الرابط صالح لمدة ${days}، مرة واحدة.`, 'إذا كنت لا تعرف {inviter}، فلا حاجة إلى فعل شيء.'],
  },
}
