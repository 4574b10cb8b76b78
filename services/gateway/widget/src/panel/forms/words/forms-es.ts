// Spanish words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: 'Es usted el primero en la cola',
  place: (n) => `Es usted el número ${n} en la cola`,
  wait: (time) => `Espera estimada: ${time}`,
  waitUnknown: 'Todavía no sabemos cuánto tardará.',
  kept: 'Escriba ya: no se pierde nada, aunque salga de esta página.',
  back: (when) => `Volvemos: ${when}`,
  phone: 'Teléfono',
  optional: 'opcional',
  phoneWrong: 'No se puede llamar a este número. ¿Falta el prefijo del país?',
  when: '¿Cuándo llamamos?',
  soon: 'Lo antes posible',
  about: 'Sobre qué',
  toChat: 'Volver al chat',
  local: (time) => `Su hora local: ${time}`,
};
