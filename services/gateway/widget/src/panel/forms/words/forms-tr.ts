// Turkish words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: 'Sırada ilk sizsiniz',
  place: (n) => `Sıradaki yeriniz: ${n}`,
  wait: (time) => `Tahmini bekleme: ${time}`,
  waitUnknown: 'Ne kadar süreceğini henüz bilmiyoruz.',
  kept: 'Şimdiden yazın: bu sayfadan ayrılsanız bile hiçbir şey kaybolmaz.',
  back: (when) => `Dönüşümüz: ${when}`,
  phone: 'Telefon',
  optional: 'isteğe bağlı',
  phoneWrong: 'Bu numara aranamıyor. Ülke kodu eksik mi?',
  when: 'Ne zaman arayalım?',
  soon: 'Mümkün olan en kısa sürede',
  about: 'Konu',
  toChat: 'Sohbete dön',
  local: (time) => `Yerel saatiniz: ${time}`,
};
