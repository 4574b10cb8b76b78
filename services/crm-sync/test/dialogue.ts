// A conversation for tests, written straight to the stream as the conversation service would, number by number.
import { append, type Bus, newEvent } from '@continuo/bus';
import {
  type Contact,
  type DataOf,
  type EventName,
  type NewEvent,
  newId,
  type OnStream,
  type Page,
} from '@continuo/contracts';

export interface Dialogue {
  readonly site: string;
  readonly conversation: string;
  readonly visitor: string;
  /** What he said of himself when he began. */
  readonly contact?: Contact;
  /** All texts said so far, in order. */
  readonly said: string[];
  say(text: string, by?: 'visitor' | 'agent'): Promise<void>;
  close(reason?: 'solved' | 'spam'): Promise<void>;
  identify(contact: Contact): Promise<void>;
  /** Whatever else can happen in a dialogue. */
  tell<K extends OnStream<'CONVERSATION'> & EventName>(type: K, data: DataOf<K>): Promise<void>;
}
const PAGE: Page = {
  url: 'https://shop.example.com/lamps',
  title: 'Лампы',
  referrer: 'https://search.example.com/',
};

export function dialogueIn(
  bus: Bus,
  site: string,
  options: { visitor?: string; contact?: Contact; page?: Page } = {},
): Dialogue {
  const conversation = newId();
  const visitor = options.visitor ?? newId();
  const agentId = newId();
  const said: string[] = [];
  let number = 0;
  let lastSeq = 0;
  let closed = false;

  async function store<K extends OnStream<'CONVERSATION'> & EventName>(type: K, data: DataOf<K>): Promise<void> {
    number += 1;
    const event = newEvent(type, {
      site,
      key: conversation,
      number,
      actor: { kind: 'system', id: 'test' },
      cause: newId(),
      data,
    });
    lastSeq = (await append(bus, event as NewEvent, lastSeq)).seq;
  }
  const authorOf = (by: 'visitor' | 'agent') =>
    by === 'visitor' ? { kind: by, id: visitor } : { kind: by, id: agentId, name: 'Мария' };

  return {
    site,
    conversation,
    visitor,
    ...(options.contact && { contact: options.contact }),
    said,
    async say(text, by = 'visitor') {
      if (number === 0)
        await store('conversation-started', {
          visitor,
          author: authorOf('visitor'),
          text,
          language: 'ru',
          channel: 'chat',
          page: options.page ?? PAGE,
          ...(options.contact && { contact: options.contact }),
        });
      else
        await store('message-sent', {
          author: authorOf(by),
          text,
          channel: 'chat',
          ...(closed && { reopens: 'console' as const }),
        });
      closed = false;
      said.push(text);
    },
    tell: store,
    async close(reason = 'solved') {
      await store('conversation-closed', { by: authorOf('agent'), reason });
      closed = true;
    },
    identify: (contact) => store('contact-identified', { contact, how: 'visitor-said' }),
  };
}
