// German words of a mail.
import type { Words } from '../words.ts';

export const de: Words = {
  lang: 'de',
  team: 'Support',
  you: 'Sie',
  resume: 'Gespräch fortsetzen',
  howToAnswer: 'Bitte antworten Sie im Chatfenster, auf der Seite mit diesem Gespräch.',
  earlier: 'Davor im Chat',
  why: (address, host) =>
    `Sie erhalten diese E-Mail, weil Sie im Chat auf ${host} die Adresse ${address} angegeben und die Antwort dort noch nicht gesehen hatten. Sonst senden wir nichts dorthin.`,
  transcript: (brand) => `Ihr Gespräch mit ${brand}`,
  whyTranscript: (address, host) =>
    `Sie erhalten diese E-Mail, weil im Chat auf ${host} darum gebeten wurde, dieses Gespräch an ${address} zu senden. Sonst senden wir deshalb nichts dorthin.`,
  cut: 'Das Gespräch ist lang: Früheres steht im Chatfenster.',
  ticket: (number) => `Gespräch № ${number}`,
};
