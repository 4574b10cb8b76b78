// Spanish words of a mail.
import type { Words } from '../words.ts';

export const es: Words = {
  lang: 'es',
  team: 'Atención al cliente',
  you: 'Usted',
  resume: 'Continuar la conversación',
  howToAnswer: 'Puede responder en la ventana del chat, en la página de esta conversación.',
  earlier: 'Antes en el chat',
  why: (address, host) =>
    `Recibe este correo porque dejó la dirección ${address} en el chat de ${host} y aún no había visto allí la respuesta. No enviamos nada más a ella.`,
  transcript: (brand) => `Su conversación con ${brand}`,
  whyTranscript: (address, host) =>
    `Recibe este correo porque en el chat de ${host} se pidió enviar esta conversación a ${address}. No enviamos nada más a ella por este motivo.`,
  cut: 'La conversación es larga: lo anterior está en la ventana del chat.',
  ticket: (number) => `Conversación n.º ${number}`,
};
