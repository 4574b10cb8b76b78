// Portuguese words of a mail.
import type { Words } from '../words.ts';

export const pt: Words = {
  lang: 'pt',
  team: 'Atendimento',
  you: 'Você',
  resume: 'Continuar a conversa',
  howToAnswer: 'Responda na janela do chat, na página desta conversa.',
  earlier: 'Antes disso no chat',
  why: (address, host) =>
    `Você recebe este e-mail porque deixou o endereço ${address} no chat de ${host} e ainda não tinha visto a resposta lá. Não enviamos mais nada para ele.`,
  transcript: (brand) => `Sua conversa com ${brand}`,
  whyTranscript: (address, host) =>
    `Você recebe este e-mail porque alguém pediu, no chat de ${host}, o envio desta conversa para ${address}. Não enviamos mais nada para ele por causa disso.`,
  cut: 'A conversa é longa: o que veio antes está na janela do chat.',
  ticket: (number) => `Conversa nº ${number}`,
};
