// French words of the forms.
import type { FormTexts } from './forms-en.ts';

export const words: FormTexts = {
  first: 'Vous êtes en tête de file',
  place: (n) => `Vous êtes numéro ${n} dans la file`,
  wait: (time) => `Attente estimée : ${time}`,
  waitUnknown: 'Nous ne savons pas encore combien de temps.',
  kept: 'Écrivez déjà : rien ne se perd, même si vous quittez la page.',
  back: (when) => `De retour : ${when}`,
  phone: 'Téléphone',
  optional: 'facultatif',
  phoneWrong: 'Ce numéro ne peut pas être appelé. Manque-t-il l’indicatif du pays ?',
  when: 'Quand devons-nous appeler ?',
  soon: 'Dès que possible',
  about: 'À quel sujet',
  toChat: 'Retour au chat',
  local: (time) => `Votre heure locale : ${time}`,
};
