// Arabic words of a mail.
import type { Words } from '../words.ts';

export const ar: Words = {
  lang: 'ar',
  team: 'فريق الدعم',
  you: 'أنت',
  resume: 'متابعة المحادثة',
  howToAnswer: 'يمكنك الرد في نافذة الدردشة، في صفحة هذه المحادثة.',
  earlier: 'قبل ذلك في الدردشة',
  why: (address, host) =>
    `وصلتك هذه الرسالة لأنك تركت العنوان ${address} في الدردشة على ${host} ولم تكن قد رأيت الرد هناك بعد. لا نرسل إليه شيئًا آخر.`,
  transcript: (brand) => `محادثتك مع ${brand}`,
  whyTranscript: (address, host) =>
    `وصلتك هذه الرسالة لأنه طُلب في الدردشة على ${host} إرسال هذه المحادثة إلى ${address}. لا نرسل إليه شيئًا آخر بسبب ذلك.`,
  cut: 'المحادثة طويلة: ما قيل قبل ذلك موجود في نافذة الدردشة.',
  ticket: (number) => `محادثة № ${number}`,
};
