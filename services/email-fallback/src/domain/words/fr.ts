// French words of a mail.
import type { Words } from '../words.ts';

export const fr: Words = {
  lang: 'fr',
  team: 'Service client',
  you: 'Vous',
  resume: 'Poursuivre la conversation',
  howToAnswer: 'Vous pouvez répondre dans la fenêtre de chat, sur la page de cette conversation.',
  earlier: 'Auparavant dans le chat',
  why: (address, host) =>
    `Vous recevez ce message parce que vous avez laissé l’adresse ${address} dans le chat de ${host} et n’y aviez pas encore vu la réponse. Nous n’y envoyons rien d’autre.`,
  transcript: (brand) => `Votre conversation avec ${brand}`,
  whyTranscript: (address, host) =>
    `Vous recevez ce message parce qu’on a demandé, dans le chat de ${host}, d’envoyer cette conversation à ${address}. Nous n’y envoyons rien d’autre pour autant.`,
  cut: 'La conversation est longue : ce qui précède se trouve dans la fenêtre de chat.',
  ticket: (number) => `Conversation nº ${number}`,
};
