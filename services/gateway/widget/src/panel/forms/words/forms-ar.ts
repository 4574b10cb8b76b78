// Arabic words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: 'أنت الأول في الدور',
  place: (n) => `ترتيبك في الدور: ${n}`,
  wait: (time) => `الانتظار المتوقع: ${time}`,
  waitUnknown: 'لا نعرف بعد كم سيطول.',
  kept: 'اكتب الآن: لن يضيع شيء حتى إن غادرت الصفحة.',
  back: (when) => `سنعود: ${when}`,
  phone: 'الهاتف',
  optional: 'اختياري',
  phoneWrong: 'لا يمكن الاتصال بهذا الرقم. هل ينقصه رمز البلد؟',
  when: 'متى نتصل بك؟',
  soon: 'في أقرب وقت',
  about: 'عن ماذا',
  toChat: 'العودة إلى المحادثة',
  local: (time) => `وقتك المحلي: ${time}`,
};
