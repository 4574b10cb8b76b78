// What a screen reader says of a card's buttons, in all languages: too few words for files of their own.
interface CardWords {
  chosen: string;
  opens: string;
}
const WORDS = {
  en: { chosen: 'chosen', opens: 'opens in a new tab' },
  ru: { chosen: 'выбрано', opens: 'откроется в новой вкладке' },
  hy: { chosen: 'ընտրված է', opens: 'կբացվի նոր ներդիրում' },
  de: { chosen: 'ausgewählt', opens: 'öffnet einen neuen Tab' },
  fr: { chosen: 'choisi', opens: 's’ouvre dans un nouvel onglet' },
  es: { chosen: 'elegido', opens: 'se abre en una pestaña nueva' },
  pt: { chosen: 'escolhido', opens: 'abre em uma nova aba' },
  tr: { chosen: 'seçildi', opens: 'yeni sekmede açılır' },
  zh: { chosen: '已选择', opens: '在新标签页中打开' },
  ar: { chosen: 'تم الاختيار', opens: 'يُفتح في علامة تبويب جديدة' },
} as const satisfies Record<string, CardWords>;

export const cardWords = (language: string): CardWords => WORDS[language as keyof typeof WORDS] ?? WORDS.en;
