// German words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: 'Sie sind als Erste an der Reihe',
  place: (n) => `Sie sind Nummer ${n} in der Reihe`,
  wait: (time) => `Voraussichtliche Wartezeit: ${time}`,
  waitUnknown: 'Wie lange es dauert, wissen wir noch nicht.',
  kept: 'Schreiben Sie schon: Nichts geht verloren, auch wenn Sie die Seite verlassen.',
  back: (when) => `Wieder da: ${when}`,
  phone: 'Telefon',
  optional: 'freiwillig',
  phoneWrong: 'Diese Nummer kann nicht angerufen werden. Fehlt die Ländervorwahl?',
  when: 'Wann sollen wir anrufen?',
  soon: 'So bald wie möglich',
  about: 'Worum geht es',
  toChat: 'Zurück zum Chat',
  local: (time) => `Ihre Ortszeit: ${time}`,
};
