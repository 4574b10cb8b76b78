// The names of the groups, in all languages and in the order of list.ts; before them that of what was used last. The signs themselves are named by the screen
// reader, in whatever language it speaks.
const WORDS = {
  en: 'Recently used|Smileys|People and gestures|Hearts|Animals and nature|Food|Things|Signs',
  ru: 'Недавние|Смайлы|Люди и жесты|Сердца|Животные и природа|Еда|Вещи|Знаки',
  hy: 'Վերջին օգտագործվածները|Ժպիտներ|Մարդիկ և ժեստեր|Սրտեր|Կենդանիներ և բնություն|Ուտելիք|Իրեր|Նշաններ',
  de: 'Zuletzt verwendet|Gesichter|Menschen und Gesten|Herzen|Tiere und Natur|Essen|Gegenstände|Zeichen',
  fr: 'Utilisés récemment|Visages|Personnes et gestes|Cœurs|Animaux et nature|Nourriture|Objets|Signes',
  es: 'Usados hace poco|Caras|Personas y gestos|Corazones|Animales y naturaleza|Comida|Objetos|Signos',
  pt: 'Usados recentemente|Rostos|Pessoas e gestos|Corações|Animais e natureza|Alimentos|Itens|Sinais',
  tr: 'Son kullanılanlar|Yüzler|İnsanlar ve el hareketleri|Kalpler|Hayvanlar ve doğa|Yiyecekler|Nesneler|İşaretler',
  zh: '最近使用|表情|人物和手势|爱心|动物和自然|食物|物品|符号',
  ar: 'المستخدمة مؤخرًا|وجوه|أشخاص وإيماءات|قلوب|حيوانات وطبيعة|طعام|أشياء|رموز',
} as const satisfies Record<string, string>;

/** @returns what was used last, then the groups */
export const groupNames = (language: string): string[] =>
  (WORDS[language as keyof typeof WORDS] ?? WORDS.en).split('|');
