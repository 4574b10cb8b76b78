// Turkish words of a mail.
import type { Words } from '../words.ts';

export const tr: Words = {
  lang: 'tr',
  team: 'Destek',
  you: 'Siz',
  resume: 'Görüşmeye devam et',
  howToAnswer: 'Yanıtınızı bu görüşmenin sayfasındaki sohbet penceresinden yazabilirsiniz.',
  earlier: 'Sohbette daha önce',
  why: (address, host) =>
    `Bu e-postayı, ${host} sitesindeki sohbette ${address} adresini bıraktığınız ve yanıtı orada henüz görmediğiniz için alıyorsunuz. Bu adrese başka bir şey göndermiyoruz.`,
  transcript: (brand) => `${brand} ile görüşmeniz`,
  whyTranscript: (address, host) =>
    `Bu e-postayı, ${host} sitesindeki sohbette bu görüşmenin ${address} adresine gönderilmesi istendiği için alıyorsunuz. Bu nedenle başka bir şey göndermiyoruz.`,
  cut: 'Görüşme uzun: daha önce söylenenler sohbet penceresinde.',
  ticket: (number) => `Görüşme № ${number}`,
};
