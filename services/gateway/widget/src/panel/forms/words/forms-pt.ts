// Portuguese words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: 'Você é o primeiro da fila',
  place: (n) => `Você é o número ${n} da fila`,
  wait: (time) => `Espera prevista: ${time}`,
  waitUnknown: 'Ainda não sabemos quanto tempo.',
  kept: 'Escreva já: nada se perde, mesmo que você saia desta página.',
  back: (when) => `Voltamos: ${when}`,
  phone: 'Telefone',
  optional: 'facultativo',
  phoneWrong: 'Não é possível ligar para este número. Falta o código do país?',
  when: 'Quando devemos ligar?',
  soon: 'Assim que possível',
  about: 'Sobre o quê',
  toChat: 'Voltar ao chat',
  local: (time) => `Sua hora local: ${time}`,
};
