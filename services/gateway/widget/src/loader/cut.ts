// All that the loader says of itself, where no network lets its frame come. The built file has it in English; the gateway puts the browser's language in its place.
export const CUT = 'No connection';

export const cutIn: Readonly<Record<string, string>> = {
  en: CUT,
  ru: 'Нет связи',
  hy: 'Կապ չկա',
  de: 'Keine Verbindung',
  fr: 'Pas de connexion',
  es: 'Sin conexión',
  pt: 'Sem ligação',
  tr: 'Bağlantı yok',
  zh: '没有网络连接',
  ar: 'لا يوجد اتصال',
};
