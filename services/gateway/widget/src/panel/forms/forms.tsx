/** @jsxImportSource preact */
// What is shown while nobody is free, and what a visitor asks for then. A file of its own, fetched when it is wanted: while somebody is free nobody pays for it,
// and without it the dialogue stands as always.
import { adopt } from '../adopt.ts';
import { CallbackForm } from './callback-form.tsx';
import styles from './forms.css?inline';
import { Back, OfflineForm } from './offline-form.tsx';
import { Queue } from './queue.tsx';
import type { FormTexts } from './words/forms-en.ts';

adopt(styles);

export interface Forms {
  words: FormTexts;
  Back: typeof Back;
  OfflineForm: typeof OfflineForm;
  CallbackForm: typeof CallbackForm;
  Queue: typeof Queue;
}

export async function openForms(language: string): Promise<Forms> {
  const { words } = (await import(`./words/forms-${language}.ts`)) as { words: FormTexts };
  return { words, Back, OfflineForm, CallbackForm, Queue };
}
