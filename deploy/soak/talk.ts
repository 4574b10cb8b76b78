// What is said in a soak: real dialogues where they are at hand, and beside them what CRMs are known to spoil. Written to the stream number by number, as the
// conversation service would; each message goes to the ledger when it is stored.
import { appendFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { append, type Bus, newEvent } from '@continuo/bus';
import { type Contact, type NewEvent, newId } from '@continuo/contracts';
import { dialogues } from '../e2e/real-dialogues.ts';

export interface Said {
  target: string;
  site: string;
  conversation: string;
  /** Whoever is one person has one. */
  person: string;
  visitor: string;
  from: 'visitor' | 'agent';
  text: string;
}
export interface Talk {
  person: string;
  contact?: Contact;
  messages: { author: 'visitor' | 'agent'; text: string }[];
}

const HOSTILE = [
  '👩‍👩‍👧 שלום مرحبا · e\u0301 · <script>alert(1)</script> & "a<b и c>d"',
  'Ваш заказ: [номер 4711]\n[1] первая строка\n  - вторая — & третья',
  `${'Очень длинно, 👩‍👩‍👧 и ещё длиннее. '.repeat(120)}Конец.`,
];
const EACH_HOSTILE = 5;
/** Of so many dialogues two are of one new person, who writes from two devices at once. */
const EACH_TWICE = 8;

export function talks(count: number, shortest = 0): { source: 'real' | 'made'; list: Talk[] } {
  const { source, list } = dialogues(count);
  return {
    source,
    list: Array.from({ length: count }, (_, index) => {
      const { messages } = list[index % list.length] as (typeof list)[number];
      const own = shortest > 0 ? messages.slice(0, shortest) : messages;
      const hostile = index % EACH_HOSTILE === 0 ? HOSTILE : [];
      const twice = index % EACH_TWICE < 2 ? `twice-${Math.floor(index / EACH_TWICE)}` : undefined;
      const email = twice && `${twice}.${newId()}@example.com`;
      return {
        person: twice ?? `once-${index}`,
        ...(email && { contact: { email } }),
        messages: [...own, ...hostile.map((text, turn) => ({ author: sideOf(turn), text }))],
      };
    }).map((talk, _, all) => {
      const first = all.find(({ person }) => person === talk.person) as Talk;
      return first.contact ? { ...talk, contact: first.contact } : talk;
    }),
  };
}

const sideOf = (turn: number): 'visitor' | 'agent' => (turn % 2 === 0 ? 'visitor' : 'agent');

export interface Ledger {
  readonly file: string;
  readonly said: () => number;
  write(said: Said): void;
}
export function openLedger(file: string): Ledger {
  let said = 0;
  writeFileSync(file, '');
  return {
    file,
    said: () => said,
    write(entry) {
      said += 1;
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
  };
}

/** Somebody who writes and is answered; each message resolves when it is stored, with the time of that. */
export function speaker(
  bus: Bus,
  { target, site }: { target: string; site: string },
  { person, contact }: Pick<Talk, 'person' | 'contact'>,
  ledger: Ledger,
): { conversation: string; say(from: 'visitor' | 'agent', text: string): Promise<number> } {
  const conversation = newId();
  const visitor = newId();
  const agent = { kind: 'agent' as const, id: newId(), name: 'Мария' };
  let number = 0;
  let lastSeq = 0;

  function eventOf(from: 'visitor' | 'agent', text: string): NewEvent {
    const actor = { kind: 'system', id: 'soak' } as const;
    const common = { site, key: conversation, number, actor, cause: newId() };
    const author = from === 'visitor' ? { kind: from, id: visitor } : agent;
    if (number > 1) return newEvent('message-sent', { ...common, data: { author, text, channel: 'chat' } }) as NewEvent;
    return newEvent('conversation-started', {
      ...common,
      data: {
        visitor,
        author: { kind: 'visitor', id: visitor },
        text,
        language: 'en',
        channel: 'chat',
        page: { url: 'https://shop.example.com/desks', title: 'Desks' },
        ...(contact && { contact }),
      },
    }) as NewEvent;
  }

  return {
    conversation,
    async say(from, text) {
      number += 1;
      lastSeq = (await append(bus, eventOf(from, text), lastSeq)).seq;
      const stored = Date.now();
      ledger.write({ target, site, conversation, person, visitor, from, text });
      return stored;
    },
  };
}

/** @param pauseMs between two messages, drawn anew each time */
export async function speak(
  bus: Bus,
  to: { target: string; site: string },
  talk: Talk,
  ledger: Ledger,
  pauseMs: () => number,
): Promise<void> {
  const { say } = speaker(bus, to, talk, ledger);
  for (const { author, text } of talk.messages) {
    await say(author, text);
    await sleep(pauseMs());
  }
}
