// Armenian words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: 'Դուք հերթում առաջինն եք',
  place: (n) => `Դուք հերթում ${n}-րդն եք`,
  wait: (time) => `Սպասման մոտավոր ժամանակը՝ ${time}`,
  waitUnknown: 'Դեռ չգիտենք, թե որքան պիտի սպասեք։',
  kept: 'Գրեք. ոչինչ չի կորչի, նույնիսկ եթե հեռանաք էջից։',
  back: (when) => `Կվերադառնանք՝ ${when}`,
  phone: 'Հեռախոս',
  optional: 'ըստ ցանկության',
  phoneWrong: 'Այս համարին հնարավոր չէ զանգահարել։ Երկրի կոդը չե՞ք մոռացել։',
  when: 'Ե՞րբ զանգահարենք',
  soon: 'Որքան հնարավոր է շուտ',
  about: 'Ինչի՞ մասին',
  toChat: 'Վերադառնալ զրույցին',
  local: (time) => `Ձեր տեղական ժամանակը՝ ${time}`,
};
